"""Campaign alerts in lists: on Home, by role, and all of them in a window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain import alert_talk as rules
from bot.domain.campaign_alert import AlertState
from bot.domain.person import Person
from bot.domain.rights import manages_marketing
from bot.services.alert_talk import AlertTalk, talk_of
from bot.services.home_campaigns import CampaignScope
from bot.services.home_rows import PAGE, HomeLists, HomePages, Paged, within
from bot.services.people import clicker
from storage.alert_lists import AlertListed
from storage.transaction import Transaction

WINDOW_PAGE = 20


class Which(StrEnum):
    """What the window with all campaign alerts lists."""

    OPEN = "open"
    """What is not over."""
    EVER = "ever"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One alert in a list. Name, offer and owner are untrusted. `owner` None: the reader. `read`: whether the reader
    said *Got it*; None: they are not asked to. `changed`: they said so to an earlier version."""

    alert_id: str
    version: int
    name: str
    offer: str
    owner: str | None
    state: AlertState
    starts_at: datetime
    ends_at: datetime | None
    tz: str
    late: bool
    talk: AlertTalk
    read: bool | None = None
    changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRows(Paged):
    rows: tuple[AlertRow, ...]
    unread: int = 0
    """How many of all of them the reader has not said *Got it* to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeAlerts:
    """Campaign alerts on Home. `to_approve`: for sales managers, what waits for them; `mine`: for marketers, theirs
    that are not over; `to_read`: for sales, what they were told of that is not over. None: not for this person."""

    to_approve: AlertRows | None = None
    mine: AlertRows | None = None
    to_read: AlertRows | None = None


NO_ALERTS = HomeAlerts()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertWindow:
    """A page, from 0, of all campaign alerts its reader may see."""

    which: Which
    page: int
    pages: int
    first: int
    total: int
    rows: tuple[AlertRow, ...]


def home_alerts(
    tx: Transaction, person: Person, scope: CampaignScope | None, pages: HomePages, *, approves: bool
) -> HomeAlerts:
    """The lists for this person, each at the page asked for. `scope`: the campaigns they look after; `approves`: they
    manage sales, or stand in for who does."""
    return HomeAlerts(
        to_approve=_to_approve(tx, person, pages.get(HomeLists.ALERTS_TO_APPROVE, 0)) if approves else None,
        mine=None if scope is None else _mine(tx, person, scope.owner_ids, pages.get(HomeLists.ALERTS_MINE, 0)),
        to_read=_to_read(tx, person, pages.get(HomeLists.ALERTS_TO_READ, 0)) if rules.is_sales(person) else None,
    )


def load_window(tx: Transaction, by: str, which: Which, page: int) -> AlertWindow:
    """All campaign alerts: sales and others those sales was told of, marketing's managers also those it was not.
    Raises NotAllowed, PersonUnknown."""
    person = clicker(tx, by).person
    lists = tx.alert_lists
    everything = manages_marketing(person)
    if which is Which.EVER:
        total = lists.count_all(told=not everything)
    else:
        total = lists.count_open_of(None) if everything else lists.count_running()
    pages = max(1, -(-total // WINDOW_PAGE))
    page = min(page, pages - 1)
    skipped = page * WINDOW_PAGE
    if which is Which.EVER:
        found = lists.all(told=not everything, limit=WINDOW_PAGE, offset=skipped)
    elif everything:
        found = lists.open_of(None, WINDOW_PAGE, skipped)
    else:
        found = lists.to_read(person.id, WINDOW_PAGE, skipped)
    return AlertWindow(
        which=which, page=page, pages=pages, first=skipped + 1, total=total, rows=_rows(tx, person, found)
    )  # fmt: skip


def _to_approve(tx: Transaction, person: Person, page: int) -> AlertRows:
    total = tx.alert_lists.count_proposed()
    page = within(page, total)
    found = tx.alert_lists.proposed(PAGE, page * PAGE) if total else []
    return AlertRows(rows=_rows(tx, person, found), total=total, page=page)


def _mine(tx: Transaction, person: Person, owner_ids: Sequence[str] | None, page: int) -> AlertRows:
    total = tx.alert_lists.count_open_of(owner_ids)
    page = within(page, total)
    found = tx.alert_lists.open_of(owner_ids, PAGE, page * PAGE) if total else []
    return AlertRows(rows=_rows(tx, person, found), total=total, page=page)


def _to_read(tx: Transaction, person: Person, page: int) -> AlertRows:
    total = tx.alert_lists.count_running()
    page = within(page, total)
    found = tx.alert_lists.to_read(person.id, PAGE, page * PAGE) if total else []
    unread = tx.alert_lists.count_unread(person.id) if total and rules.is_asked(person) else 0
    return AlertRows(rows=_rows(tx, person, found), total=total, page=page, unread=unread)


def _rows(tx: Transaction, person: Person, found: Sequence[AlertListed]) -> tuple[AlertRow, ...]:
    talk = talk_of(tx, [one.id for one in found])
    owners = tx.people.get_many(one.owner_id for one in found) if found else {}
    asked = rules.is_asked(person)
    read = tx.got_its.of_person(person.id, [one.id for one in found]) if asked else {}
    return tuple(
        AlertRow(
            alert_id=one.id,
            version=one.version,
            name=one.name,
            offer=one.offer,
            owner=None if one.owner_id == person.id else _name(owners.get(one.owner_id)),
            state=one.state,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            tz=one.tz,
            late=one.late_s is not None,
            talk=talk[one.id],
            read=one.id in read if asked and one.state in (AlertState.SCHEDULED, AlertState.LIVE) else None,
            changed=read.get(one.id, one.version) < one.version,
        )
        for one in found
    )


def _name(person: Person | None) -> str:
    return person.name if person is not None else "somebody who left"
