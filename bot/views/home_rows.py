"""What the lists on Home share: a title, the lines of a lead, and turning pages."""

from __future__ import annotations

from bot.services.home_rows import PAGE, HomeLists, HomeRow, Paged, ParkedRow, UnroutedRow
from bot.views.blocks import Block, Element, actions, button, header
from bot.views.handoff_controls import lead_overflow
from bot.views.ids import ActionId, More, page_value
from bot.views.lead_lines import PRIORITY, who
from bot.views.links import when
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn

NAME = 80


def title(name: str, listed: Paged, shown: int) -> Block:
    """The name of a list and how much of it is shown."""
    if listed.pages <= 1:
        return header(f"{name} · {listed.total}")
    first = listed.page * PAGE + 1
    return header(f"{name} · {first} to {first + shown - 1} of {listed.total}")


def turn_list(which: HomeLists, listed: Paged) -> list[Block]:
    """Buttons to the pages before and after this one, where there are any."""
    return turn(which, listed.page, more=listed.page < listed.pages - 1)


def turn(which: HomeLists, page: int, *, more: bool) -> list[Block]:
    buttons: list[Element] = []
    if page > 0:
        buttons.append(button("Previous", ActionId.HOME_PAGE_BACK, page_value(which, page - 1)))
    if more:
        buttons.append(button("Next", ActionId.HOME_PAGE_ON, page_value(which, page + 1)))
    return [actions(*buttons)] if buttons else []


def lines(row: HomeRow | UnroutedRow | ParkedRow, *further: Mrkdwn | None) -> Mrkdwn:
    """Who it is, and what is said of them in further lines."""
    first = mrkdwn("{mark} · {who}", mark=PRIORITY[row.priority], who=who(row.name, row.title, row.company))
    return join([first, *(line for line in further if line is not None)])


def since(word: str, row: HomeRow | UnroutedRow | ParkedRow) -> Mrkdwn:
    return mrkdwn("{word} {at}", word=word, at=when(row.since))


def more(row: HomeRow, *further: More) -> Element:
    return lead_overflow(ActionId.HOME_MORE, row.handoff_id, row.crm_url, *further, More.TERMS)


def short(text: str | None) -> Mrkdwn:
    return escape(text or "", NAME)
