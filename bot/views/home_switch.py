"""Home: who this is, whether they are there, and a button for everything that can be typed."""

from __future__ import annotations

from bot.services.home import Home
from bot.views.blocks import Block, Element, actions, button, context, option, overflow, section
from bot.views.campaign_alert_ids import AlertAction
from bot.views.digest_ids import DigestAction
from bot.views.home_marketing import waiting_words
from bot.views.home_notes import waiting_notes
from bot.views.ids import ActionId
from bot.views.links import when
from bot.views.note_ids import NoteAction
from bot.views.notes import note_button
from bot.views.practice import practice_button
from bot.views.search import find_button
from bot.views.set_up import set_up_blocks
from bot.views.untrusted import Mrkdwn, escape, mrkdwn, trusted

NAME = 80
SENTENCE = 300
MENU: dict[str, str] = {
    NoteAction.MINE: "My field notes…",
    ActionId.HOME_AWAY: "I am away…",
    ActionId.HOME_HOURS: "My hours…",
    ActionId.HOME_SETTINGS: "Settings…",
    ActionId.HOME_HELP: "Help",
}
"""What stands behind the dots, by the id of the button it takes the place of; Slack shows five at most."""


def greeting(home: Home) -> list[Block]:
    """What waits in one line, and the buttons."""
    name = escape(home.first_name, NAME)
    if home.is_away:
        until = (
            mrkdwn("until {at}", at=when(home.away_until)) if home.away_until else trusted("until you say you are back")
        )
        text = mrkdwn("*{name}, you are away {until}.*\nNo leads are offered to you meanwhile.", name=name, until=until)
    else:
        text = mrkdwn("*{name}, {waiting}*", name=name, waiting=waiting(home))
    lines = [mrkdwn("You work {hours}.", hours=escape(home.hours, SENTENCE))] if home.hours else []
    if home.at_risk:
        what = "1 lead of your people is" if home.at_risk == 1 else f"{home.at_risk} leads of your people are"
        lines.append(mrkdwn("⚠️ *{what} at risk*: nearly out of time. Which ones stands in our messages.", what=what))
    return [section(text), actions(*buttons(home)), *(context(line) for line in lines)]


def waiting(home: Home) -> str:
    """`2 leads wait for you.`, and what a manager's people have waiting; then what else waits, is parked, or leaks."""
    others = [*waiting_words(home.answers, home.disputes), *waiting_notes(home.notes)]
    named = _named(home)
    has_team = home.team is not None and home.team.total > 0
    if not home.needs_you.total and (others or (named and not has_team)):
        return " ".join([*others, *named])
    return " ".join([_leads_waiting(home), *others, *named])


def _named(home: Home) -> list[str]:
    """`1 lead is parked.`, `2 leads leak.`: nobody is asked about them, so they are counted here."""
    found = []
    parked = home.parked.total if home.parked is not None else 0
    if parked:
        found.append("1 lead is parked." if parked == 1 else f"{parked} leads are parked.")
    if home.leaks.total:
        found.append("1 accepted lead leaks." if home.leaks.total == 1 else f"{home.leaks.total} accepted leads leak.")
    return found


def _leads_waiting(home: Home) -> str:
    mine, team = home.needs_you.total, home.team.total if home.team is not None else 0
    if mine:
        return "1 lead waits for you." if mine == 1 else f"{mine} leads wait for you."
    if team:
        where = "with your people" if home.of_all_teams is False else "in sales"
        return f"nothing waits for you; {team} {'waits' if team == 1 else 'wait'} {where}."
    if home.set_up is not None and home.set_up.steps and not home.set_up.is_done:
        left = len(home.set_up.steps) - home.set_up.done
        return f"{left} step{'' if left == 1 else 's'} of set-up {'is' if left == 1 else 'are'} left."
    return "nothing waits for you."


def buttons(home: Home) -> list[Element]:
    """The same on Home and under `/lockstep`: whatever can be typed. What is needed less often is behind the dots."""
    found = [button("I am back", ActionId.HOME_BACK, "back", style="primary")] if home.is_away else []
    found.append(note_button())
    if home.may_announce:
        found.append(button("New campaign alert…", AlertAction.NEW, "campaign"))
    found.append(find_button())
    if home.may_hand_over:
        found.append(button("Hand over a lead…", ActionId.LEAD_NEW, "lead"))
    if home.may_practise:
        found.append(practice_button("Practice lead"))
    if home.may_schedule:
        found.append(button("Digests…", DigestAction.OPEN, "digests"))
    rest = [option(words, action) for action, words in MENU.items() if action != ActionId.HOME_AWAY or not home.is_away]
    return [*found, overflow(ActionId.HOME_MENU, rest)]


def stranger_line(home: Home) -> Mrkdwn:
    """The same in one line, for notifications."""
    if home.is_guest:
        return trusted("Guests, and people from outside this workspace, cannot use Lockstep.")
    ask = home.whom_to_ask or "Please ask your Lockstep admin to add you."
    return mrkdwn("You are not on Lockstep's roster yet, so no leads come to you. {ask}", ask=escape(ask, SENTENCE))


def stranger(home: Home) -> list[Block]:
    """For whoever cannot act: who I am, and why nothing comes to them."""
    hello = section(mrkdwn("*Hello {name}.*", name=escape(home.first_name, NAME)))
    if home.is_guest:
        return [
            hello,
            section(
                trusted(
                    "I am Lockstep: I bring leads from marketing to sales, and bring the answer back.\n"
                    "Guests, and people from outside this workspace, cannot use Lockstep, so there is nothing for"
                    " you to do here. If you are meant to, ask a workspace admin for a full account."
                )
            ),
        ]
    if home.set_up is not None:
        who = trusted("I am Lockstep: I bring leads from marketing to sales, and bring the answer back.")
        return [hello, section(who), *set_up_blocks(home.set_up)]
    ask = (
        escape(home.whom_to_ask, SENTENCE)
        if home.whom_to_ask
        else trusted("Please ask your Lockstep admin to add you.")
    )
    said = mrkdwn(
        "I am Lockstep: I bring leads from marketing to sales, one card at a time, and bring the answer back.\n"
        "You are not on my roster yet, so nothing comes to you here. If you work with leads: {ask}",
        ask=ask,
    )
    return [hello, section(said)]
