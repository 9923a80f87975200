"""Home of managers: their people, who of them is there, and what each has; and for whom somebody stands in."""

from __future__ import annotations

from bot.services.home import Home
from bot.services.home_people import PeopleList, PersonRow, StandsInFor
from bot.services.home_rows import HomeLists
from bot.views.blocks import Block, Element, button, context, section
from bot.views.home_rows import short, title, turn_list
from bot.views.ids import ActionId
from bot.views.lead_lines import DOT
from bot.views.links import when
from bot.views.untrusted import Mrkdwn, join, mrkdwn, trusted


def standing_in(home: Home) -> list[Block]:
    """In whose place this person manages just now, and how long."""
    return [context(join([_instead(one) for one in home.stands_in_for]))] if home.stands_in_for else []


def people(home: Home) -> list[Block]:
    """A manager's people with a button for all leads of each; nothing for others."""
    if home.people is None or not home.people.rows:
        return []
    name = "My people" if home.of_all_teams is False else "Everybody in sales"
    return _listed(home.people, name)


def _listed(listed: PeopleList, name: str) -> list[Block]:
    built = [title(name, listed, len(listed.rows))]
    built += [section(_lines(row), accessory=_reassign(row)) for row in listed.rows]
    return built + turn_list(HomeLists.PEOPLE, listed)


def _instead(one: StandsInFor) -> Mrkdwn:
    until = mrkdwn(" until {at}", at=when(one.until)) if one.until else trusted("")
    why = mrkdwn(", who is {why}{until}", why=short(one.absence), until=until)
    return mrkdwn("🔑 Standing in for *{name}*{why}: their people are on your Home.", name=short(one.name), why=why)


def _lines(row: PersonRow) -> Mrkdwn:
    return join([mrkdwn("*{name}*{where}", name=short(row.name), where=_where(row)), join(_load(row), DOT)])


def _where(row: PersonRow) -> Mrkdwn:
    if row.absence is None:
        return trusted("")
    until = mrkdwn(" until {at}", at=when(row.until)) if row.until else trusted("")
    return mrkdwn(", *{why}*{until}", why=short(row.absence), until=until)


def _load(row: PersonRow) -> list[Mrkdwn]:
    if row.moving is not None:
        done, total = row.moving
        return [mrkdwn("{done} of {total} leads have gone to others", done=done, total=total)]
    if not row.offers and not row.accepted:
        return [trusted("No leads just now")]
    return [mrkdwn("{count} waiting", count=row.offers), mrkdwn("{count} accepted", count=row.accepted)]


def _reassign(row: PersonRow) -> Element | None:
    if row.moving is not None or not (row.offers or row.accepted):
        return None
    label = f"Reassign all leads of {row.name}"
    return button("Reassign all…", ActionId.PEOPLE_REASSIGN, row.person_id, accessibility_label=label)
