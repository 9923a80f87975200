"""The forms about people: the roster, adding people to it, one person."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.person import Role, Side
from bot.domain.roster_check import CAP_MAX, WEIGHT_MAX
from bot.domain.set_up import count
from bot.services.roster import AT_ONCE, Added, AddForm, PeopleList, PersonLine
from bot.services.roster_person import PersonForm
from bot.views.blocks import (
    Block,
    View,
    actions,
    button,
    confirm,
    context,
    grouped_select,
    input_block,
    modal,
    option,
    plain_text_input,
    section,
    static_select,
)
from bot.views.form_parts import LISTED, choice_input, letter_groups, multi_input
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.links import mailto
from bot.views.pickers import checkboxes, multi_users_select, number_input, users_select
from bot.views.set_up_ids import seen_metadata
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

NAME = 60
LINES_SHOWN = 60
"""People in the list; the menu above it reaches all of them."""
LINES_A_BLOCK = 15
NAMES_SHOWN = 30
"""Names in a sentence about several people."""

SIDES = {
    Side.SALES: "Sales",
    Side.MARKETING: "Marketing",
    Side.LEADERSHIP: "Leadership",
    Side.OTHER: "Other",
}
ROLES = {
    Role.REP: ("Rep", "is offered leads, accepts and rejects them"),
    Role.MARKETER: ("Marketer", "hands leads over, hears what becomes of them"),
    Role.MANAGER: ("Manager", "sees and moves the leads of their people"),
    Role.ARBITER: ("Arbiter", "rules when marketing contests a reject"),
    Role.ADMIN: ("Admin", "sets Lockstep up"),
}


def people_view(people: PeopleList) -> View:
    """Everybody on the roster, with the ways to add and to change somebody."""
    reps = sum(Role.REP in person.roles for person in people.people)
    figure = f"{count(len(people.people), 'person', 'people')}, {count(reps, 'rep', 'reps')}"
    blocks = [
        section(
            mrkdwn(
                "*{figure}* on the roster.\nLeads go only to its reps, and only its people act on them.", figure=figure
            ),
            accessory=button("Add people…", ActionId.PEOPLE_ADD, "add", style="primary"),
        ),
        *_menu(people),
    ]
    blocks += _paragraphs([_line(person) for person in people.people[:LINES_SHOWN]])
    hidden = len(people.people) - LINES_SHOWN
    if hidden > 0:
        blocks.append(context(mrkdwn("And {count} more: the menu above has everybody.", count=hidden)))
    return modal(CallbackId.PEOPLE_VIEW, "People", blocks, close="Close")


def _paragraphs(lines: Sequence[Mrkdwn]) -> list[Block]:
    """The lines, as many a section as Slack takes."""
    return [section(join(list(lines[start : start + LINES_A_BLOCK]))) for start in range(0, len(lines), LINES_A_BLOCK)]


def _menu(people: PeopleList) -> list[Block]:
    if not people.people:
        return []
    options = [option(person.name, person.id, description=_roles(person)) for person in people.people]
    menu = (
        static_select(ActionId.PERSON_EDIT, options, placeholder="Choose a person")
        if len(options) <= LISTED
        else grouped_select(ActionId.PERSON_EDIT, letter_groups(options), placeholder="Choose a person")
    )
    return [section(trusted("Change somebody, or take them off"), accessory=menu)]


def _line(person: PersonLine) -> Mrkdwn:
    line = mrkdwn(
        "*{name}* · {side} · {roles}", name=escape(person.name, NAME), side=SIDES[person.side], roles=_roles(person)
    )
    return mrkdwn("{line} · ⚠️ _{trouble}_", line=line, trouble=person.trouble) if person.trouble else line


def _roles(person: PersonLine) -> str:
    return ", ".join(ROLES[role][0].lower() for role in person.roles) or "no role"


def add_people_form(form: AddForm) -> View:
    """Whom to add, and what all of them are here."""
    blocks = [
        input_block(
            BlockId.PEOPLE,
            "Who?",
            multi_users_select(ActionId.ANSWER, placeholder="Choose people", most=AT_ONCE),
            optional=True,
        ),
        *_groups(form),
        _side(Side.SALES),
        _role_boxes((Role.REP,)),
    ]
    if form.teams:
        blocks += choice_input(
            BlockId.TEAM, "Team", form.teams, placeholder="No team", nothing="There is none yet.", optional=True
        )
    note = trusted("Name, e-mail address and time zone come from Slack. Guests, apps and deactivated people stay out.")
    return modal(CallbackId.PEOPLE_ADD_SUBMIT, "Add people", [*blocks, context(note)], submit="Add")


def _groups(form: AddForm) -> list[Block]:
    if form.groups is None:
        return [context(mrkdwn("{why}", why=escape(form.no_groups, 400)))]
    if not form.groups:
        return []
    return choice_input(
        BlockId.GROUP,
        "Or everybody of a user group",
        form.groups,
        placeholder="Choose a user group",
        nothing="There is none.",
        optional=True,
    )


def added_view(added: Added) -> View:
    """What became of everybody who was chosen."""
    blocks = []
    if added.added:
        verb = "is on the roster now" if len(added.added) == 1 else "are on the roster now"
        blocks.append(section(mrkdwn("✅ {names} {verb}.", names=_names(added.added), verb=verb)))
    if added.there_already:
        verb = "was there already and stays" if len(added.there_already) == 1 else "were there already and stay"
        blocks.append(section(mrkdwn("{names} {verb} as before.", names=_names(added.there_already), verb=verb)))
    if added.refused:
        sentences = [mrkdwn("⚠️ {why}", why=escape(why, 180)) for why in added.refused[:NAMES_SHOWN]]
        hidden = len(added.refused) - NAMES_SHOWN
        if hidden > 0:
            sentences.append(mrkdwn("And {count} more.", count=hidden))
        blocks += _paragraphs([trusted("*Not added*"), *sentences])
    if added.unanswered:
        blocks.append(
            section(
                mrkdwn(
                    "⏳ Slack did not say in time who {count} of them are. Add the same people again: whoever is there"
                    " already stays as they are.",
                    count=added.unanswered,
                )
            )
        )
    total = count(added.total, "person", "people")
    return modal(
        CallbackId.MESSAGE_VIEW, "Add people", [*blocks, context(mrkdwn("{n} on the roster", n=total))], close="Close"
    )


def person_form(form: PersonForm) -> View:
    """One person: what they are here, when they get leads, and the way off the roster."""
    who = mrkdwn("*{name}*\n{email}", name=escape(form.name, NAME), email=mailto(form.email))
    blocks = [
        section(who),
        _side(form.side),
        _role_boxes(form.roles),
        *_teams(form),
        _person(BlockId.MANAGER, "Manager", form.manager),
        _person(BlockId.DEPUTY, "Deputy", form.deputy, hint="Stands in while this person is away."),
        *_hidden(form),
        input_block(
            BlockId.TZ,
            "Time zone",
            plain_text_input(
                ActionId.ANSWER, initial=form.tz, placeholder=f"As in Slack: {form.slack_tz}", max_length=60
            ),
            hint="Such as Europe/Berlin. Empty: the one set in Slack.",
            optional=True,
        ),
        input_block(
            BlockId.CAP,
            "Leads at once, at most",
            number_input(ActionId.ANSWER, least=0, most=CAP_MAX, initial=form.cap, placeholder="No limit"),
            optional=True,
        ),
        actions(button("Working hours…", ActionId.PERSON_HOURS, form.id), _remove(form)),
    ]
    return modal(
        CallbackId.PERSON_SUBMIT, "Person", blocks, submit="Save", private_metadata=seen_metadata(form.id, form.seen)
    )


def _hidden(form: PersonForm) -> list[Block]:
    """Manager and deputy whom Slack's menus cannot show, with a box each that takes them out."""
    if not form.hidden:
        return []
    boxes = [option(f"{one.label} is not the {one.value} any more", one.value) for one in form.hidden]
    said = [
        mrkdwn(
            "{name} is the {field}, and has no account in Slack. It stays so if the field is empty.",
            name=escape(one.label, NAME),
            field=one.value,
        )
        for one in form.hidden
    ]
    label = "Without an account in Slack"
    return [
        context(join(said)),
        input_block(BlockId.TAKE_OUT, label, checkboxes(ActionId.ANSWER, boxes), optional=True),
    ]


def _teams(form: PersonForm) -> list[Block]:
    if not form.teams:
        return []
    weight = number_input(
        ActionId.ANSWER, least=0, most=WEIGHT_MAX, initial=form.weight, placeholder=form.weights[:140] or "1"
    )
    return [
        *multi_input(BlockId.TEAMS, "Teams", form.teams, placeholder="No team", initial=form.in_teams),
        input_block(
            BlockId.WEIGHT,
            "Share of the leads in each team",
            weight,
            hint="2 gets twice as many in turn as 1; 0 gets none. Empty: as it is.",
            optional=True,
        ),
    ]


def _remove(form: PersonForm) -> dict[str, object]:
    """The button that takes somebody off, with what follows for their leads."""
    said = [
        mrkdwn("{name} gets no leads any more and cannot act on any.", name=escape(form.name, NAME)),
        mrkdwn("What is offered to them ({count}) goes to colleagues.", count=form.offered) if form.offered else None,
        mrkdwn("What they own ({count}) stays theirs until a manager reassigns it.", count=form.owned)
        if form.owned
        else None,
        trusted("They are nobody's manager or deputy any more, and own no campaign."),
    ]
    text = join([sentence for sentence in said if sentence is not None], " ")
    return button(
        "Take off the roster",
        ActionId.PERSON_REMOVE,
        form.id,
        style="danger",
        confirm=confirm("Take off the roster?", text, "Take off", "Keep", style="danger"),
    )


def _side(side: Side) -> Block:
    options = [option(label, value.value) for value, label in SIDES.items()]
    return input_block(BlockId.SIDE, "Side", static_select(ActionId.ANSWER, options, initial=side.value))


def _role_boxes(roles: tuple[Role, ...]) -> Block:
    options = [option(label, role.value, description=what) for role, (label, what) in ROLES.items()]
    boxes = checkboxes(ActionId.ANSWER, options, initial=[role.value for role in roles])
    return input_block(BlockId.ROLES, "Roles", boxes, optional=True)


def _person(block_id: BlockId, label: str, initial: str | None, *, hint: str | None = None) -> Block:
    menu = users_select(ActionId.ANSWER, placeholder="Nobody", initial=initial)
    return input_block(block_id, label, menu, optional=True, hint=hint)


def _names(names: tuple[str, ...]) -> Mrkdwn:
    shown = join([mrkdwn("*{name}*", name=escape(name, NAME)) for name in names[:NAMES_SHOWN]], ", ")
    hidden = len(names) - NAMES_SHOWN
    return mrkdwn("{shown} and {hidden} more", shown=shown, hidden=hidden) if hidden > 0 else shown
