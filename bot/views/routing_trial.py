"""Who would get this lead? The form, and the answer on top of it after each try."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.lead import Priority
from bot.services.routing_trial import Trial, TrialForm, TriedRule
from bot.views.blocks import (
    TEXT_MAX,
    Block,
    Element,
    View,
    context,
    divider,
    input_block,
    modal,
    option,
    plain_text_input,
    section,
    static_select,
)
from bot.views.form_parts import choice_input
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.lead_lines import PRIORITY
from bot.views.rule_words import NAME, condition_words, target_words, trouble_words
from bot.views.set_up_ref import SetUpBlock
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

SHORT = 200
MORE_MAX = 2000
TELLING = 30
TELLING_MATCHED = 60
"""So many rules are listed one by one, of those that match more; the one that decided always."""
FOUND = 60
NONE = trusted("the lead has none")
WHY_NOT = 600
"""Characters of who was passed over by one rule."""

Values = Mapping[str, str | None]


def trial_view(form: TrialForm, values: Values | None = None, trial: Trial | None = None) -> View:
    """The lead to try, filled in as it was sent off; above it `trial`, where no further view fits on top."""
    filled: Values = values or {}
    blocks = (
        [*_answer(trial), divider()]
        if trial
        else [section(trusted("Nothing is stored, and nobody is told or loses a turn."))]
    )
    blocks += [
        _line(BlockId.COMPANY, "Company", filled, "Analytical Engines"),
        _line(BlockId.COUNTRY, "Country", filled, "As the source writes it, such as DE"),
        input_block(
            BlockId.PRIORITY,
            "How hot is it?",
            static_select(
                ActionId.ANSWER,
                [option(PRIORITY[priority], priority.value) for priority in Priority],
                initial=filled.get(BlockId.PRIORITY) or Priority.WARM.value,
            ),
        ),
        *choice_input(
            SetUpBlock.SOURCE,
            "Source",
            form.sources,
            placeholder="Choose a source",
            nothing="is missing.",
            optional=False,
            initial=filled.get(SetUpBlock.SOURCE) or form.sources[-1].value,
        ),
        _line(BlockId.CAMPAIGN, "Campaign", filled, _example(form), hint="Its key, as the source sends it."),
        _line(SetUpBlock.SCORE, "Lead score", filled, "71"),
        _line(BlockId.EMAIL, "E-mail", filled, "ada@example.com"),
        _line(
            SetUpBlock.MORE, "Other values", filled, "title: Head of Sales", multiline=True,
            hint="One a line, such as “title: Head of Sales” or “employees: 250”, named as the source names them.",
        ),
    ]  # fmt: skip
    return modal(CallbackId.TRIAL_SUBMIT, "Who would get this?", blocks, submit="Try", close="Close")


def answer_view(trial: Trial) -> View:
    """Who would get it. It lies on top of the form, which is below as it was filled in."""
    return modal(CallbackId.TRIAL_VIEW, "Who would get this?", _answer(trial), close="Back")


def _answer(trial: Trial) -> list[Block]:
    where = escape(trial.known or "", SHORT)
    blocks = [section(_who(trial))]
    if trial.held:
        held = mrkdwn("➡️ It is *added to the lead that is here already* and goes to nobody else. {where}.", where=where)
        blocks = [section(held), context(trusted("The rest is about a lead with another address.")), *blocks]
    elif trial.known:
        known = mrkdwn("The same person is here already and would be handed over again. {where}.", where=where)
        blocks.append(context(known))
    lines = _rules(trial.rules) if not trial.below else []
    return [*blocks, *_sections(lines)]


def _who(trial: Trial) -> Mrkdwn:
    if not trial.below:
        return _destination(trial)
    lacks = [mrkdwn("•  {sentence}", sentence=escape(one.sentence, SHORT)) for one in trial.below]
    kept = trusted("➡️ *Nobody* would get it: it is below the agreed definition of an MQL, so it would be kept.")
    return join([kept, *lacks])


def _destination(trial: Trial) -> Mrkdwn:
    team = escape(trial.team or "", NAME)
    if trial.rep:
        rep = mrkdwn("➡️ *{rep}* would get it", rep=escape(trial.rep, NAME))
        return mrkdwn("{rep}, of team {team}.", rep=rep, team=team) if trial.team else mrkdwn("{rep}.", rep=rep)
    if trial.team:
        return mrkdwn("➡️ *The pool of {team}* would get it: the first to accept.", team=team)
    if trial.fallback:
        return trusted("➡️ *The fallback channel* would get it: the first to accept.")
    return trusted(
        "➡️ *Nobody* would get it: it would wait until somebody is free, and stand on the sales managers' Home."
    )


def _rules(rules: tuple[TriedRule, ...]) -> list[Mrkdwn]:
    """A line a rule; of many that do not match only the first are told."""
    if not rules:
        return [trusted("There is no routing rule yet.")]
    lines: list[Mrkdwn] = []
    left_out = after = passed_by = 0
    for rule in rules:
        if not rule.tried:
            after += 1
        elif rule.chosen or len(lines) < (TELLING_MATCHED if rule.matched else TELLING):
            lines.append(_rule(rule))
        elif rule.matched:
            passed_by += 1
        else:
            left_out += 1
    if passed_by:
        lines.append(mrkdwn("…and {count} more that match, and nobody is free.", count=passed_by))
    if left_out:
        lines.append(mrkdwn("…and {count} more that do not match.", count=left_out))
    if after:
        verb = "rule after it was" if after == 1 else "rules after it were"
        lines.append(mrkdwn("{count} {verb} not tried.", count=after, verb=verb))
    return lines


def _rule(one: TriedRule) -> Mrkdwn:
    rule = one.rule
    name = mrkdwn("*{position}. {name}*", position=rule.position, name=escape(rule.name, NAME))
    when = condition_words(rule.condition)
    if not one.matched:
        lead = mrkdwn("the lead's is “{found}”", found=escape(one.found, FOUND)) if one.found else NONE
        return mrkdwn("➖ {name} does not match: {when}, and {lead}.", name=name, when=when, lead=lead)
    says = mrkdwn("{when} → {to}.", when=when, to=target_words(rule.target, rule.to))
    passed = mrkdwn("{who}.", who=escape("; ".join(one.passed_over), WHY_NOT)) if one.passed_over else None
    if one.chosen:
        line = mrkdwn("✅ {name} *decides*: {says}", name=name, says=says)
        return line if passed is None else mrkdwn("{line} Passed over: {passed}", line=line, passed=passed)
    why = passed or trouble_words(rule) or trusted("nobody is there.")
    return mrkdwn("⏭️ {name} matches, and nobody is free: {says} {why}", name=name, says=says, why=why)


def _sections(lines: list[Mrkdwn]) -> list[Block]:
    """The lines in as many sections as Slack's limit of a section's text makes necessary."""
    built: list[Block] = []
    together: list[Mrkdwn] = []
    for line in lines:
        if together and len(join([*together, line], "\n\n")) > TEXT_MAX:
            built.append(section(join(together, "\n\n")))
            together = []
        together.append(line)
    return [*built, section(join(together, "\n\n"))] if together else built


def _example(form: TrialForm) -> str:
    return form.campaigns[0].value if form.campaigns else "spring-webinar"


def _line(
    block_id: BlockId | SetUpBlock,
    label: str,
    filled: Values,
    placeholder: str,
    *,
    hint: str | None = None,
    multiline: bool = False,
) -> Block:
    element: Element = plain_text_input(
        ActionId.ANSWER,
        initial=filled.get(block_id),
        placeholder=placeholder,
        max_length=MORE_MAX if multiline else SHORT,
        multiline=multiline,
    )
    return input_block(block_id, label, element, hint=hint, optional=True)
