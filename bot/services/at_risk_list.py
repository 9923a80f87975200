"""What a manager's message about what is at risk shows, loaded from the present state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.countdown import CountdownKind, Running
from bot.domain.lead import Priority
from bot.domain.person import Person
from bot.domain.post import Post, Subject
from bot.services.at_risk import is_manager
from bot.services.cards import crm_url
from bot.services.deputies import deputy_of
from bot.services.due import Urgency, urgency_of
from bot.services.naming import lead_name, masked_name
from bot.services.whereabouts import person_name
from storage.transaction import Transaction

LISTED = 15
"""Leads that are shown, what is due first; the others are counted. Far under Slack's 50 blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtRiskRow:
    """One lead whose window is nearly over. Text untrusted. `handoff_id` None: nothing that can be reassigned."""

    countdown_id: str
    kind: CountdownKind
    name: str
    title: str | None
    company: str | None
    priority: Priority | None
    owner: str | None
    """Who must act; None: a pool, whose `pool` it then is."""
    pool: str | None
    due_at: datetime | None
    urgency: Urgency
    handoff_id: str | None
    crm_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AtRiskList:
    """`rows`: at most LISTED of `total`. `ended`: how many stood here and do no more. `moved`: a newer message has the
    list. `for_name`: the absent manager in whose place its reader reads it; untrusted."""

    rows: tuple[AtRiskRow, ...]
    total: int
    ended: int
    tz: str
    moved: bool = False
    moved_to: str | None = None
    """Who reads it now, where it is somebody else; untrusted."""
    for_name: str | None = None


def load_at_risk(tx: Transaction, post: Post) -> AtRiskList:
    """The list as this message shows it now."""
    manager_id = post.subject_id
    reader = tx.people.get(str(post.data.get("reader", manager_id)))
    tz = reader.tz if reader is not None else "UTC"
    latest = tx.posts.latest(Subject.AT_RISK, manager_id)
    moved = latest is not None and latest.id != post.id
    ended = int(post.data.get("ended", 0))
    if moved or post.data.get("empty"):
        to = str(latest.data.get("reader", manager_id)) if latest is not None and latest.place != post.place else None
        return AtRiskList(
            rows=(), total=0, ended=ended, tz=tz, moved=moved and not post.data.get("empty"),
            moved_to=person_name(tx, to) if to is not None else None,
        )  # fmt: skip
    masked = reader is not None and not _may_read(tx, reader, manager_id)
    return AtRiskList(
        rows=tuple(_row(tx, running, masked=masked) for running in tx.at_risk.of([manager_id], LISTED)),
        total=tx.at_risk.count([manager_id]),
        ended=ended,
        tz=tz,
        for_name=None if reader is None or reader.id == manager_id else person_name(tx, manager_id),
    )


def _may_read(tx: Transaction, reader: Person, manager_id: str) -> bool:
    """Managers, whoever people name as theirs, and whoever has the rights of this absent one; the admin is none."""
    if is_manager(reader) or (reader.id == manager_id and reader.id != tx.config.admin_id):
        return True
    manager = tx.people.get(manager_id)
    return manager is not None and is_manager(manager) and deputy_of(tx, manager) == reader


def _row(tx: Transaction, running: Running, *, masked: bool = False) -> AtRiskRow:
    lead = tx.leads.get(running.lead_id) if running.lead_id else None
    of_handoff = running.kind in (CountdownKind.ACCEPT, CountdownKind.FIRST_CONTACT)
    team = tx.teams.get(running.team_id) if running.team_id else None
    return AtRiskRow(
        countdown_id=running.id,
        kind=running.kind,
        name="" if lead is None else masked_name(lead) if masked else lead_name(lead),
        title=lead.title if lead is not None else None,
        company=lead.company if lead is not None else None,
        priority=lead.priority if lead is not None else None,
        owner=person_name(tx, running.owner_id) if running.owner_id else None,
        pool=None if running.owner_id else f"the pool of {team.name}" if team is not None else "the fallback pool",
        due_at=running.due_at,
        urgency=urgency_of(running, tx.now),
        handoff_id=running.subject_id if of_handoff and not masked else None,
        crm_url=crm_url(tx, lead) if lead is not None and not masked else None,
    )
