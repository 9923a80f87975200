"""The checklist of set-up: on an admin's Home, and as a window that reaches every form."""

from __future__ import annotations

from bot.domain.set_up import Step, StepState
from bot.services.set_up import SetUp
from bot.views.blocks import Block, Element, View, actions, button, context, header, modal, section
from bot.views.digest_ids import DigestAction
from bot.views.ids import ActionId, CallbackId
from bot.views.note_set_up import note_readers_button
from bot.views.untrusted import mrkdwn, trusted

NAMES = {
    Step.PEOPLE: trusted("People"),
    Step.TEAMS: trusted("Teams"),
    Step.ROUTING: trusted("Routing"),
    Step.CHANNELS: trusted("Channels"),
    Step.SOURCES: trusted("Source secret"),
    Step.FIRST_LEAD: trusted("First lead"),
}
WHY = {
    Step.PEOPLE: trusted("Leads go only to people on this roster, and only its people may act on them."),
    Step.TEAMS: trusted("A team shares leads in turn, or takes them from a pool channel, whoever is first."),
    Step.ROUTING: trusted("Rules say which team or rep gets which lead; the first that fits wins."),
    Step.CHANNELS: trusted("The fallback channel catches leads that nobody could be offered, so that none is lost."),
    Step.SOURCES: trusted("A secret lets your CRM or your forms send leads, and nobody else."),
    Step.FIRST_LEAD: trusted("Send one lead through and watch where it goes before the real ones come."),
}
BUTTONS = {
    Step.PEOPLE: ("People…", ActionId.SET_UP_PEOPLE),
    Step.TEAMS: ("Teams…", ActionId.SET_UP_TEAMS),
    Step.ROUTING: ("Routing…", ActionId.SET_UP_ROUTING),
    Step.CHANNELS: ("Channels…", ActionId.SET_UP_CHANNELS),
    Step.SOURCES: ("Sources…", ActionId.SET_UP_SOURCES),
    Step.FIRST_LEAD: ("First lead…", ActionId.SET_UP_FIRST_LEAD),
}


def set_up_blocks(set_up: SetUp | None) -> list[Block]:
    """What Home shows of set-up: at most 9 blocks; one line when all is done; nothing for whom it does not concern."""
    if set_up is None:
        return []
    if set_up.offers_first_admin:
        return [_offer()]
    if set_up.is_done:
        line = mrkdwn("✅ *Lockstep is set up.* {figures}", figures=_summary(set_up))
        return [section(line, accessory=button("Set-up…", ActionId.SET_UP_OPEN, "set-up"))]
    left = mrkdwn("{done} of {all} steps done", done=set_up.done, all=len(set_up.steps))
    return [header("Set up Lockstep"), context(left), *_steps(set_up), _further()]


def set_up_view(set_up: SetUp) -> View:
    """The same steps in a window, for the day something changes."""
    return modal(CallbackId.SET_UP_VIEW, "Set-up", [*_steps(set_up), _further()], close="Close")


def _offer() -> Block:
    said = trusted(
        "*Lockstep has no admin yet.*\nYou look after this Slack workspace, so you may set it up: you become its first"
        " admin, and can name others."
    )
    return section(said, accessory=button("Set up Lockstep", ActionId.SET_UP_FIRST_ADMIN, "set-up", style="primary"))


def _steps(set_up: SetUp) -> list[Block]:
    following = next((state.step for state in set_up.steps if not state.is_done), None)
    return [_step(state, is_next=state.step is following) for state in set_up.steps]


def _step(state: StepState, *, is_next: bool) -> Block:
    """Mark, name, figure and why; the first that is missing has the button that stands out."""
    text = mrkdwn(
        "{mark} *{name}* · {figure}\n{why}",
        mark=trusted("✅") if state.is_done else trusted("⬜"),
        name=NAMES[state.step],
        figure=state.figure,
        why=WHY[state.step],
    )
    label, action = BUTTONS[state.step]
    return section(text, accessory=button(label, action, state.step.value, style="primary" if is_next else None))


def _further() -> Block:
    """What is no step, and asked for all the same."""
    buttons: list[Element] = [
        button("Who would get this lead?", ActionId.SET_UP_WHO_WOULD_GET, "try"),
        button("Reasons…", ActionId.SET_UP_REASONS, "reasons"),
        button("Campaigns…", ActionId.SET_UP_CAMPAIGNS, "campaigns"),
        note_readers_button(),
        button("Digests…", DigestAction.OPEN, "digests"),
    ]
    return actions(*buttons)


def _summary(set_up: SetUp) -> str:
    """`7 people, 2 teams, 1 rule, 1 source`."""
    counted = (Step.PEOPLE, Step.TEAMS, Step.ROUTING, Step.SOURCES)
    return ", ".join(state.figure.partition(",")[0] for state in set_up.steps if state.step in counted)
