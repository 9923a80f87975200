"""Home of managers: what waits in the team, and what it has accepted."""

from __future__ import annotations

from bot.domain.agreement_data import Section
from bot.services.home import Home
from bot.services.home_rows import AcceptedList, HomeList, HomeLists
from bot.views.agreement_term import term_button
from bot.views.blocks import Block, actions, button, context, header, section
from bot.views.due import due_line
from bot.views.home_rows import lines, more, short, since, title, turn, turn_list
from bot.views.ids import ActionId, More, page_value
from bot.views.standing import standing_lines
from bot.views.untrusted import join, mrkdwn, trusted


def my_people(home: Home) -> list[Block]:
    """The leads of a manager's people, or of all teams; nothing for others."""
    built: list[Block] = []
    with_whom = "with my people" if home.of_all_teams is False else "in all teams" if home.of_all_teams else "in sales"
    if home.team is not None:
        built += _waiting(home.team, f"Waiting {with_whom}")
    if home.accepted is not None:
        built += _accepted(home.accepted, f"Accepted {with_whom}")
    if built and home.of_all_teams is not None:
        built.append(actions(_whose(home.of_all_teams)))
    return built


def _whose(of_all_teams: bool) -> dict[str, object]:
    if of_all_teams:
        return button("Only my people", ActionId.HOME_PAGE_BACK, page_value(HomeLists.EVERYBODY, 0))
    return button("All teams", ActionId.HOME_PAGE_ON, page_value(HomeLists.EVERYBODY, 1))


def _waiting(team: HomeList, name: str) -> list[Block]:
    if not team.rows:
        return [header(name), section(trusted("Every lead has been decided on. Nobody waits."))]
    built = [title(name, team, len(team.rows))]
    for row in team.rows:
        if row.pool_name:
            place = mrkdwn("In {pool}", pool=short(row.pool_name))
        else:
            place = mrkdwn("With {name}", name=short(row.offered_to or row.owner))
        due = due_line(row.due) if row.due is not None else None
        text = lines(row, join([place, since("since", row)], ", "), due)
        built.append(section(text, accessory=more(row, More.REASSIGN, More.WITHDRAW)))
    return built + turn_list(HomeLists.TEAM, team)


def parked(home: Home) -> list[Block]:
    """Leads that nobody decided on up to the end of the ladder, each with the way out; nothing while there are none."""
    if home.parked is None or not home.parked.rows:
        return []
    built = [title("Parked", home.parked, len(home.parked.rows))]
    said = trusted("Nobody decided on these in time, up to the end of the ladder. Nobody is asked now.")
    built.append(section(said, accessory=term_button(Section.LADDER)))
    for row in home.parked.rows:
        assign = button("Assign", ActionId.LEAD_ASSIGN, row.lead_id, accessibility_label=f"Assign {row.name} to a rep")
        built.append(section(lines(row, since("Parked", row)), accessory=assign))
    return built + turn_list(HomeLists.PARKED, home.parked)


def _accepted(accepted: AcceptedList, name: str) -> list[Block]:
    if not accepted.rows:
        return []
    built = [header(name)]
    if accepted.left_behind:
        verb = "is" if accepted.left_behind == 1 else "are"
        built.append(
            context(mrkdwn("{count} {verb} with somebody who is not there.", count=accepted.left_behind, verb=verb))
        )
    for row in accepted.rows:
        owner = mrkdwn("With {name}", name=short(row.owner))
        if row.absence:
            owner = mrkdwn("{owner}, *{absence}*", owner=owner, absence=short(row.absence))
        where = standing_lines(row.standing, row.contact_due) if row.standing is not None else []
        text = lines(row, join([owner, since("accepted", row)], ", "), *where)
        built.append(section(text, accessory=more(row, More.OUTCOME, More.REASSIGN)))
    return built + turn(HomeLists.ACCEPTED, accepted.page, more=accepted.more)
