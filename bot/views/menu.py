"""What `/lockstep` answers: what waits for one, where to find it, and what can be typed."""

from __future__ import annotations

from bot.ports import Message
from bot.services.home import Home
from bot.views.blocks import Block, View, actions, context, modal, section
from bot.views.home_marketing import waiting_words
from bot.views.home_notes import waiting_notes
from bot.views.home_switch import buttons, stranger, stranger_line
from bot.views.ids import CallbackId
from bot.views.links import when
from bot.views.set_up import set_up_blocks
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

WORD = 60

_TYPED = trusted(
    "`/lockstep`  what waits for you\n"
    "`/lockstep lead` or `/lockstep lead NAME`  your leads, to log what became of them; or hand one over\n"
    "`/note` and what you heard  saves it as a field note for marketing; alone it opens a form\n"
    "`/lockstep notes`  your field notes, and what marketing answered\n"
    "`/lockstep find` and words  field notes, campaign alerts, questions and links that have them\n"
    "`/lockstep agreement`  what sales and marketing agreed, to read, change and sign\n"
    "`/lockstep campaign`  for marketers: a campaign alert, what buyers are about to see, for sales\n"
    "`/lockstep digests`  for managers: which digests come when and where\n"
    "`/lockstep away` or `/lockstep away YYYY-MM-DD`  no leads until you are back, or until that day\n"
    "`/lockstep back`  leads are offered to you again\n"
    "`/lockstep home`  brings your Home up to date\n"
    "`/lockstep hours`  when you work: time zone, working hours, holidays, days off\n"
    "`/lockstep settings`  what you are told at once, in your brief or not at all\n"
    "`/lockstep help`  how leads, Accept and Reject work here"
)


def render_menu(home: Home) -> Message:
    """`/lockstep` alone: for one's role, privately."""
    if not home.on_roster:
        return Message(text=stranger_line(home), blocks=stranger(home))
    said, *further = _waiting(home)
    blocks: list[Block] = [
        section(join([mrkdwn("*{waiting}*", waiting=said), *further])),
        actions(*buttons(home)),
        *(set_up_blocks(home.set_up) if home.set_up and home.set_up.offers_first_admin else ()),
        section(_TYPED),
        context(trusted("Everything is on my *Home* tab too: open Lockstep under Apps, then Home.")),
    ]
    return Message(text=said, blocks=blocks)


def render_help(home: Home) -> Message:
    """`/lockstep help`: how it works, for one's role."""
    return Message(text=trusted("How Lockstep works"), blocks=_help(home))


def help_view(home: Home) -> View:
    """The same in a window."""
    return modal(CallbackId.HELP_VIEW, "How it works", _help(home), close="Close")


def _help(home: Home) -> list[Block]:
    if not home.on_roster:
        return stranger(home)
    parts = [
        trusted(
            "*A lead* reaches you as one card: who it is, why it qualified, where it came from. *Accept* makes it yours"
            " and shows number and address to tap; for five minutes you can *Undo*. *Reject* asks for the reason, which"
            " goes back to the marketer who can act on it."
        ),
        trusted(
            "In a *pool* the first to accept gets the lead; until then name and contact stay masked."
            " A lead that is yours can be *released*, and goes to a colleague."
        ),
        trusted("*I am away…* keeps new leads from you until the day you name, or until you press *I am back*."),
    ]
    if home.team is not None:
        parts.append(
            trusted("As a manager you find your people's waiting leads on Home, with *Reassign* and *Withdraw*.")
        )
    return [section(part) for part in [*parts, _TYPED]]


def render_unknown_word(word: str) -> Message:
    """`/lockstep` with a word it does not know."""
    said = mrkdwn("I do not know “{word}”.", word=escape(word, WORD))
    return Message(text=said, blocks=[section(said), section(_TYPED)])


def _waiting(home: Home) -> list[Mrkdwn]:
    lines = []
    count = home.needs_you.total
    if count:
        verb = "lead waits" if count == 1 else "leads wait"
        lines.append(mrkdwn("{count} {verb} for you.", count=count, verb=verb))
    others = [*waiting_words(home.answers, home.disputes), *waiting_notes(home.notes)]
    if not count and not others:
        lines.append(trusted("Nothing waits for you."))
    lines += [mrkdwn("{said}", said=one) for one in others]
    if home.mine.total:
        lines.append(mrkdwn("You have {count} accepted.", count=home.mine.total))
    if home.team is not None and home.team.total:
        where = "with your people" if home.of_all_teams is False else "in sales"
        lines.append(mrkdwn("{count} waiting {where}.", count=home.team.total, where=where))
    if home.is_away:
        until = mrkdwn(" until {at}", at=when(home.away_until)) if home.away_until else trusted("")
        lines.append(mrkdwn("You are away{until}.", until=until))
    return lines
