"""Home: what needs a decision, whatever kind it is, and what is mine."""

from __future__ import annotations

from bot.services.home import Home
from bot.services.home_rows import HomeLists, HomeRow, UnroutedRow
from bot.views.blocks import Block, actions, button, header, section
from bot.views.due import due_line
from bot.views.handoff_controls import accept_and_reject, log_outcome, undo
from bot.views.home_rows import lines, more, short, since, title, turn_list
from bot.views.ids import ActionId, More
from bot.views.lead_lines import contact, worked
from bot.views.standing import standing_lines
from bot.views.untrusted import Mrkdwn, mrkdwn, trusted


def needs_you(home: Home) -> list[Block]:
    """Leads to decide on and leads to find somebody for, what is due first. For whoever is never asked to
    decide on a lead the greeting says that nothing waits."""
    if not home.needs_you.rows:
        return [header("Needs you"), section(_nothing(home))] if home.is_rep or home.team is not None else []
    built = [title("Needs you", home.needs_you, len(home.needs_you.rows))]
    for row in home.needs_you.rows:
        built += _unrouted(row) if isinstance(row, UnroutedRow) else _offered(row)
    return built + turn_list(HomeLists.NEEDS, home.needs_you)


def my_leads(home: Home) -> list[Block]:
    """What this person accepted, to call and to write to; nothing for whoever takes no leads."""
    if not home.mine.rows:
        if not home.is_rep:
            return []
        nothing = trusted("What you accept stands here, with number and address to tap, until you release it.")
        return [header("My leads"), section(nothing)]
    built = [title("My leads", home.mine, len(home.mine.rows))]
    for row in home.mine.rows:
        reach = contact(row.phone_e164, None, row.email)
        where = standing_lines(row.standing, row.contact_due) if row.standing is not None else []
        over = row.standing is not None and row.standing.is_over
        release = [More.RELEASE] if row.standing is None or row.standing.can_be_given_back else []
        built.append(
            section(
                lines(row, since("Accepted", row), *where, worked(row.last_contact), reach),
                accessory=more(row, *release),
            )
        )
        first = [undo(row.handoff_id, row.version)] if row.can_undo else []
        built.append(actions(*first, log_outcome(row.handoff_id, row.version, row.name, over=over)))
    return built + turn_list(HomeLists.MINE, home.mine)


def _nothing(home: Home) -> Mrkdwn:
    if home.is_away and home.is_rep:
        return trusted("Nothing waits for you. While you are away, leads go to your colleagues.")
    if home.is_rep:
        return trusted("Nothing waits for you. New leads stand here, and in your messages, until you decide on them.")
    parked = home.parked.total if home.parked is not None else 0
    if parked:
        what = "1 lead has" if parked == 1 else f"{parked} leads have"
        return mrkdwn("No offer waits for you, but {what} nobody to decide on it: *Parked*, below.", what=what)
    return trusted("Nothing waits for you: every lead has somebody to decide on it.")


def _offered(row: HomeRow) -> list[Block]:
    place = mrkdwn("In {pool}: the first to accept gets it", pool=short(row.pool_name)) if row.pool_name else None
    decide = accept_and_reject(row.handoff_id, row.version, row.name)
    due = due_line(row.due) if row.due is not None else None
    return [section(lines(row, due, since("Offered", row), place)), actions(*decide, more(row))]


def _unrouted(row: UnroutedRow) -> list[Block]:
    """I try again every hour and when somebody is back; a manager can end the wait."""
    assign = button("Assign", ActionId.LEAD_ASSIGN, row.lead_id, accessibility_label=f"Assign {row.name} to a rep")
    said = trusted("Nowhere to go: nobody could be offered it. I go on trying; *Assign* gives it to a rep now.")
    return [section(lines(row, since("Came", row), said), accessory=assign)]
