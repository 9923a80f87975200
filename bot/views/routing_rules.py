"""The routing rules as a list in a window, and the form for one of them."""

from __future__ import annotations

from typing import Any

from bot.domain.matching import FURTHER
from bot.domain.rule_check import NAME_MAX, VALUE_MAX
from bot.services.routing_set_up import RuleForm, RuleRow, RulesList
from bot.views.blocks import (
    Block,
    Element,
    View,
    actions,
    button,
    context,
    divider,
    grouped_select,
    input_block,
    modal,
    option,
    overflow,
    plain_text_input,
    section,
    static_select,
)
from bot.views.form_parts import grouped_options
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.pickers import number_input
from bot.views.rule_words import (
    FIELD_WORDS,
    NAME,
    OPERATOR_WORDS,
    condition_words,
    target_words,
    trouble_words,
    unknown_words,
)
from bot.views.set_up_ref import PAGE, SetUpBlock, choice_value, ref_metadata, turn, within
from bot.views.untrusted import escape, join, mrkdwn, trusted

LIST = "rules"
EDIT, UP, DOWN, DELETE = WORDS = ("edit", "up", "down", "delete")
"""What the overflow of a rule asks for."""
FURTHER_MAX = 100
TARGETS = {"Teams": "Team {name}, in turn", "Pools": "Pool of {name}, first to accept"}
"""How the choices of a rule's target read."""


def rules_view(rules: RulesList, page: int = 0, *, note: str | None = None) -> View:
    """The rules in the order they are tried, PAGE a page. `note`: what just happened."""
    page = within(page, rules.rules)
    shown = rules.rules[page * PAGE : (page + 1) * PAGE]
    blocks: list[Block] = []
    if note is not None:
        blocks.append(section(mrkdwn("{note}", note=escape(note, 300))))
    how = trusted("Tried from the top: the first rule that matches *and* has somebody free decides.")
    blocks.append(context(how))
    if not shown:
        blocks.append(section(trusted("*No rule yet.* Add one: the simplest sends every lead to one team, in turn.")))
    blocks += [_row(rule, is_last=rule.position == len(rules.rules)) for rule in shown]
    blocks += turn(LIST, page, rules.rules)
    blocks += [divider(), section(_rest(rules.has_fallback)), _buttons()]
    return modal(
        CallbackId.RULES_VIEW, "Routing rules", blocks, close="Close", private_metadata=ref_metadata(page=page)
    )


def rule_form(form: RuleForm, page: int = 0) -> View:
    """One rule: when it matches, and who gets the lead."""
    rule = form.rule
    field = rule.condition.field if rule else ""
    further = field.removeprefix(FURTHER) if field.startswith(FURTHER) else None
    fields = [option(words, name) for name, words in FIELD_WORDS.items()]
    fields.append(option("Another value of the lead…", FURTHER))
    operators = [option(words, operator.value) for operator, words in OPERATOR_WORDS.items()]
    blocks = [
        _line(BlockId.NAME, "Name", rule.name if rule else None, NAME_MAX, "Germany", hint="Reps read it on the card."),
        input_block(
            SetUpBlock.FIELD,
            "Which of the lead's values?",
            static_select(
                ActionId.ANSWER, fields, placeholder="Choose a value", initial=FURTHER if further is not None else field
            ),
            optional=True,
        ),
        _line(
            SetUpBlock.FURTHER, "Name of the other value", further, FURTHER_MAX, "employees",
            hint="Only for “Another value of the lead…”: as the source calls it.", optional=True,
        ),
        input_block(
            SetUpBlock.OPERATOR,
            "How is it compared?",
            static_select(
                ActionId.ANSWER,
                operators,
                placeholder="Choose how",
                initial=rule.condition.operator.value if rule else None,
            ),
        ),
        _line(
            SetUpBlock.VALUE, "With what?", rule.condition.value if rule else None, VALUE_MAX, "DE, AT, CH",
            hint="Several for “is one of”, with commas between them. Upper and lower case are alike, and so are DE,"
            " Germany and Deutschland.",
            optional=True,
        ),
        *_who_gets_it(form),
        *_place(form),
    ]  # fmt: skip
    return modal(
        CallbackId.RULE_SUBMIT,
        "Change rule" if rule else "Add a rule",
        blocks,
        submit="Save" if rule else "Add",
        private_metadata=ref_metadata(thing=rule.id if rule else "", seen=form.seen, page=page),
    )


def delete_rule_form(form: RuleForm, row: RuleRow, page: int = 0) -> View:
    """The question before a rule goes."""
    blocks = [
        section(_words(row)),
        section(trusted("It is not tried any more. Leads it has placed stay where they are.")),
    ]
    return modal(
        CallbackId.RULE_DELETE,
        "Delete rule",
        blocks,
        submit="Delete",
        private_metadata=ref_metadata(thing=row.id, seen=form.seen, page=page),
    )


def _row(rule: RuleRow, *, is_last: bool) -> Block:
    options = [option("Change…", choice_value(EDIT, rule.id))]
    if rule.position > 1:
        options.append(option("Move up", choice_value(UP, rule.id)))
    if not is_last:
        options.append(option("Move down", choice_value(DOWN, rule.id)))
    options.append(option("Delete…", choice_value(DELETE, rule.id)))
    return section(_words(rule), accessory=overflow(ActionId.RULE_MORE, options))


def _words(rule: RuleRow) -> Any:
    name = mrkdwn("*{position}. {name}*", position=rule.position, name=escape(rule.name, NAME))
    says = mrkdwn("{when} → {to}", when=condition_words(rule.condition), to=target_words(rule.target, rule.to))
    troubles = (trouble_words(rule), unknown_words(rule.condition))
    return join([name, says, *(trouble for trouble in troubles if trouble is not None)])


def _rest(has_fallback: bool) -> Any:
    if has_fallback:
        return trusted("Leads that no rule places go to the fallback channel, with the reason.")
    return trusted("⚠️ Leads that no rule places wait until somebody is free: there is no fallback channel.")


def _buttons() -> Block:
    return actions(
        button("Add a rule…", ActionId.RULE_ADD, "rule", style="primary"),
        button("Who would get this lead?", ActionId.SET_UP_WHO_WOULD_GET, "try"),
    )


def _who_gets_it(form: RuleForm) -> list[Block]:
    """Teams, pools and people in one menu: of the three there is always exactly one."""
    choices = (("Teams", form.teams), ("Pools", form.pools), ("Reps", form.people))
    groups = grouped_options(choices, TARGETS)
    if not groups:
        return [section(trusted("⚠️ There is no team and no rep yet that could get leads: add people first."))]
    menu: Element = grouped_select(ActionId.ANSWER, groups, placeholder="Choose who", initial=form.to)
    blocks = [input_block(SetUpBlock.TO, "Who gets the lead?", menu)]
    hidden = sum(len(group) for _, group in choices) - sum(len(group) for _, group in groups)
    if hidden:
        blocks.append(context(mrkdwn("{count} more do not fit into the menu.", count=hidden)))
    return blocks


def _place(form: RuleForm) -> list[Block]:
    """Where the rule is to stand; nothing for the first one."""
    if form.count == 0:
        return []
    rule = form.rule
    most = form.count + (rule is None)
    stays = "Empty: last, but before a rule at the end that takes every lead."
    if rule is not None:
        stays = f"Now it is {rule.position} of {form.count}. Empty: it stays there."
    field = number_input(ActionId.ANSWER, least=1, most=most, placeholder=f"1 to {most}")
    return [input_block(SetUpBlock.PLACE, "Place in the list", field, hint=stays, optional=True)]


def _line(
    block_id: BlockId | SetUpBlock,
    label: str,
    initial: str | None,
    max_length: int,
    placeholder: str,
    *,
    hint: str | None = None,
    optional: bool = False,
) -> Block:
    element = plain_text_input(ActionId.ANSWER, initial=initial, placeholder=placeholder, max_length=max_length)
    return input_block(block_id, label, element, hint=hint, optional=optional)
