"""A practice lead's card says plainly what it is; and what a new rep reads first."""

from __future__ import annotations

from bot.ports import Message
from bot.services.cards import Card, CardState
from bot.services.welcome import Welcome
from bot.views.blocks import Block, Element, actions, button, context, header, section
from bot.views.ids import ActionId
from bot.views.lead_lines import NAME, who
from bot.views.untrusted import Mrkdwn, clean, escape, join, mrkdwn, trusted

MARK = "🎓 Practice"
LISTED = 5
LONG = 40

_PLAINLY = trusted("Nobody real. It counts nowhere, and nobody else hears of it: press what you like.")
_THAT_IS_ALL = {
    CardState.ACCEPTED: "A real lead would be yours now, with number and address to tap. *Release*, behind the three"
    " dots, gives it to a colleague.",
    CardState.REJECTED: "With a real lead the reason goes to the marketer who can act on it, and decides what follows.",
    CardState.RELEASED: "A real lead would be offered to a colleague at once.",
    CardState.WITHDRAWN: "Another practice lead took its place.",
}


def headline(card: Card) -> str:
    """In the place of the priority stands what it is."""
    lead = card.lead
    known = [clean(text, LONG) for text in (lead.name, lead.title, lead.company) if text]
    return f"{MARK} · {', '.join(known)}"


def practised(message: Message, card: Card) -> Message:
    """The card as every card is, marked, and with an end that offers another one."""
    blocks = list(message.blocks)
    if card.state in (CardState.OFFERED, CardState.ACCEPTED):
        blocks.insert(1, context(_PLAINLY))
    else:
        blocks.insert(0, header(MARK))
    if card.state is not CardState.OFFERED:
        blocks = _ended(blocks, card.state)
    what = {CardState.OFFERED: "Practice lead", CardState.ACCEPTED: "Practice lead accepted"}.get(
        card.state, "Practice lead over"
    )
    name = who(card.lead.name, card.lead.title, None, bold=False)
    return Message(text=mrkdwn("{what}: {name}", what=what, name=name), blocks=blocks)


def practice_button(text: str) -> Element:
    return button(text, ActionId.PRACTICE_START, "practice")


def render_welcome(welcome: Welcome) -> Message:
    """What happens here, in a few lines, and a card to try."""
    hello = mrkdwn("Welcome, {name}", name=escape(welcome.first_name, NAME))
    blocks: list[Block] = [
        section(
            mrkdwn(
                "*{hello}.* I am Lockstep: from now on marketing's leads come to you here, one card at a time.{team}",
                hello=hello,
                team=_of_team(welcome),
            )
        ),
        section(join([trusted(line) for line in _HOW] + _pools(welcome))),
        actions(practice_button("Try a practice lead")),
        context(join([trusted("Nothing counts in practice."), *_manager(welcome)], "  ")),
    ]
    return Message(text=mrkdwn("{hello}: this is where leads come to you", hello=hello), blocks=blocks)


_HOW = (
    "•  *Accept* makes a lead yours and shows number and address. For five minutes you can *Undo*.",
    "•  *Reject* asks for a reason, which goes to the marketer who can act on it.",
    "•  Heard something that marketing should know? Type `/note` and what was said, in any channel: you read what"
    " becomes of it.",
    "•  *Home*, the tab beside Messages, shows all that is yours, and there you say when you are away.",
)


def _ended(blocks: list[Block], state: CardState) -> list[Block]:
    said = mrkdwn("*That is all there is to it.* {more}", more=trusted(_THAT_IS_ALL.get(state, "")))
    another = practice_button("Another practice lead")
    last = blocks[-1]
    if last["type"] == "actions":
        *before, dots = last["elements"]
        return [*blocks[:-1], section(said), last | {"elements": [*before, another, dots]}]
    return [*blocks, section(said), actions(another)]


def _of_team(welcome: Welcome) -> Mrkdwn:
    if not welcome.teams:
        return trusted("")
    word = "team is" if len(welcome.teams) == 1 else "teams are"
    return mrkdwn(" Your {word} {teams}.", word=word, teams=_names(welcome.teams))


def _pools(welcome: Welcome) -> list[Mrkdwn]:
    if not welcome.pools:
        return []
    return [
        mrkdwn(
            "•  In the pool of {teams} the first to accept gets the lead; names are masked until then.",
            teams=_names(welcome.pools),
        )
    ]


def _manager(welcome: Welcome) -> list[Mrkdwn]:
    if welcome.manager is None:
        return []
    return [mrkdwn("Questions? Ask {manager}.", manager=escape(welcome.manager, NAME))]


def _names(names: tuple[str, ...]) -> Mrkdwn:
    return join([escape(name, NAME) for name in names[:LISTED]], ", ")
