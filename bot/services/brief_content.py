"""What a brief says, loaded from the present state: counts by kind, the first few of each, and pages of all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from bot.domain import rights
from bot.domain.brief import Brief, BriefItem, Why
from bot.domain.budget import Kind
from bot.domain.lead import Lead, Priority
from bot.domain.local_time import local_time
from bot.domain.milestone import What
from bot.domain.person import Person
from bot.domain.post import Post
from bot.errors import NotAllowed, NotFound
from bot.services import alert_lines, leaking, milestones, note_lines, stuck
from bot.services.cards import SHARED, follow_up
from bot.services.home_needs import pools_of
from bot.services.marketers import marketer_id
from bot.services.naming import lead_name
from bot.services.people import clicker
from bot.services.whereabouts import person_name, whereabouts
from storage.transaction import Transaction

NOON = time(12)
LINES = 6
"""Lines about single things in a brief: with its head and foot about ten, which is a phone's screen."""
NOT_YOURS = "Not with you any more."
PAGE = 20
"""Things on a page of *Show all*."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefLine:
    """One thing. All text is untrusted. In a channel only `company` is set: nothing that tells who a lead is."""

    name: str | None = None
    company: str | None = None
    times: int = 1
    reason: str | None = None
    """Of a reject: label and answer. Of a merge: the name on the other lead."""
    by: str | None = None
    what_next: str | None = None
    """Where the lead is now."""
    priority: Priority | None = None
    came_from: str | None = None
    title: str | None = None
    text: str | None = None
    """Of what is to be put in order, and of field notes."""
    link: str | None = None
    """A web address marketing gave with an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefSection:
    """One kind: how much of it there is, and the first few."""

    kind: Kind
    count: int
    lines: tuple[BriefLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefShown:
    """A brief where it stands. `waiting`: leads that wait for a decision of the reader; for managers also how many
    wait in all, how many nobody could be offered, and how many are parked. Text untrusted."""

    brief_id: str
    first_name: str
    day: date
    requested: bool
    shared: bool
    """In a channel: no personal data, and no greeting of one."""
    sections: tuple[BriefSection, ...]
    waiting: int = 0
    team_waiting: int | None = None
    unrouted: int | None = None
    parked: int | None = None
    is_morning: bool = True
    """It was made before noon, local time."""
    refused_by: str | None = None
    """Id of the channel that did not take it."""

    @property
    def total(self) -> int:
        return sum(section.count for section in self.sections)

    @property
    def shown(self) -> int:
        return sum(len(section.lines) for section in self.sections)


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefPage:
    """A page of everything in a brief, from 0; `first`: the number of its first thing, from 1."""

    brief_id: str
    day: date
    page: int
    pages: int
    first: int
    total: int
    sections: tuple[BriefSection, ...]


def load_brief(tx: Transaction, post: Post) -> BriefShown | None:
    """The brief as it reads now; None when nothing in it is left to be said and nobody has seen it."""
    made = tx.briefs.get(post.subject_id)
    if made is None and post.ts is not None:
        return _forgotten(post)
    person = tx.people.get(made.person_id) if made is not None else None
    if made is None or person is None:
        return None
    counts = _in_order(tx.briefs.counts(made.id))
    if not counts and post.ts is None:
        return None
    shared = post.place.startswith(SHARED)
    sections = tuple(
        BriefSection(kind=kind, count=counts[kind], lines=_lines(tx, made, kind, room, 0, shared=shared))
        for kind, room in share(counts, LINES).items()
    )
    manages = rights.leads_sales(person)
    names = person.name.split()
    return BriefShown(
        brief_id=made.id,
        first_name=names[0] if names else person.name,
        day=made.day,
        requested=made.why is Why.REQUESTED,
        shared=shared,
        sections=sections,
        waiting=tx.handoffs.count_needs(person.id, pools_of(tx, person)),
        team_waiting=tx.handoffs.count_waiting() if manages else None,
        unrouted=tx.leads.count_unrouted() if manages else None,
        parked=tx.leads.count_parked() if manages else None,
        is_morning=local_time(made.created_at, person.tz) < NOON,
        refused_by=post.data.get("refused_by"),
    )


def _forgotten(post: Post) -> BriefShown:
    """What is left of an old brief, of which nothing is kept but whom it named: nothing, when one of them is erased."""
    shared = post.place.startswith(SHARED)
    return BriefShown(
        brief_id=post.subject_id, first_name="", day=post.created_at.date(), requested=False, shared=shared, sections=()
    )


def load_page(tx: Transaction, brief_id: str, by: str, page: int) -> BriefPage:
    """A page of everything in the brief, for its reader alone. Raises NotAllowed, PersonUnknown, NotFound."""
    who = clicker(tx, by)
    made = tx.briefs.get(brief_id)
    if made is None:
        raise NotFound("This brief is too old to be opened. Your leads are on Home.")
    if made.person_id != who.person.id:
        raise NotAllowed(f"This is the brief of {person_name(tx, made.person_id)}: only they can open it.")
    counts = _in_order(tx.briefs.counts(made.id))
    total = sum(counts.values())
    page = max(0, min(page, -(-total // PAGE) - 1))
    sections = tuple(
        BriefSection(kind=kind, count=counts[kind], lines=_lines(tx, made, kind, limit, skipped, shared=False))
        for kind, (skipped, limit) in _slices(counts, page * PAGE, PAGE).items()
    )
    return BriefPage(
        brief_id=made.id, day=made.day, page=page, pages=max(1, -(-total // PAGE)), first=page * PAGE + 1, total=total,
        sections=sections,
    )  # fmt: skip


def share(counts: dict[Kind, int], lines: int) -> dict[Kind, int]:
    """How many of each kind are shown: one of each as long as there are lines, then the rest in order of the kinds."""
    given = dict.fromkeys(counts, 0)
    for kind in list(counts)[:lines]:
        given[kind] = 1
    for kind, count in counts.items():
        given[kind] += min(count - given[kind], lines - sum(given.values()))
    return given


def _slices(counts: dict[Kind, int], first: int, size: int) -> dict[Kind, tuple[int, int]]:
    """By kind (offset, how many) of the things from number `first` on, counted over all kinds in their order."""
    found = {}
    for kind, count in counts.items():
        skipped = min(first, count)
        first -= skipped
        taken = min(count - skipped, size)
        size -= taken
        if taken:
            found[kind] = (skipped, taken)
    return found


def _in_order(counts: dict[Kind, int]) -> dict[Kind, int]:
    return {kind: counts[kind] for kind in Kind if kind in counts}


def _lines(
    tx: Transaction, made: Brief, kind: Kind, limit: int, skipped: int, *, shared: bool
) -> tuple[BriefLine, ...]:
    items = tx.briefs.items(made.id, kind, limit, skipped) if limit else []
    if shared:
        return tuple(_company_only(tx, item) for item in items)
    reader = tx.people.get(made.person_id)
    return tuple(_line(tx, reader, item) for item in items)


def _company_only(tx: Transaction, item: BriefItem) -> BriefLine:
    lead = tx.leads.get(item.lead_id) if item.lead_id else None
    return BriefLine(company=lead.company if lead else None)


def _line(tx: Transaction, reader: Person | None, item: BriefItem) -> BriefLine:
    lead = tx.leads.get(item.lead_id) if item.lead_id else None
    if lead is None or item.kind in (Kind.NOTE, Kind.NOTE_ANSWERED):
        return _about_no_lead(tx, reader, item)
    if reader is None or not _may_read(tx, reader, item, lead):
        return BriefLine(title=lead.company or "A lead", text=NOT_YOURS)
    if item.kind in (Kind.REJECT, Kind.OTHER_REJECT):
        return _reject(tx, item, lead)
    if item.kind is Kind.MILESTONE:
        return _milestone(tx, item, lead)
    if item.kind is Kind.LEAKAGE:
        text = leaking.why(tx, item.subject_id, reader)
        return BriefLine(name=lead_name(lead), company=lead.company, priority=lead.priority, text=text)
    if item.kind is Kind.ESCALATION:
        text = stuck.why(tx, lead, item.subject_id)
        return BriefLine(name=lead_name(lead), company=lead.company, priority=lead.priority, text=text)
    other = tx.leads.get(item.data["merged"]) if item.data.get("merged") else None
    campaign = tx.campaigns.by_key(item.data["campaign"]) if item.data.get("campaign") else None
    return BriefLine(
        name=lead_name(lead),
        company=lead.company,
        times=item.times,
        reason=lead_name(other) if other else None,
        by=item.data.get("by"),
        priority=lead.priority,
        came_from=item.data.get("origin") or (campaign.name if campaign else None),
    )


def _about_no_lead(tx: Transaction, reader: Person | None, item: BriefItem) -> BriefLine:
    if item.kind in (Kind.NOTE, Kind.NOTE_ANSWERED):
        of_mine = item.kind is Kind.NOTE_ANSWERED
        said = note_lines.answered_line(tx, item) if of_mine else note_lines.waiting_line(tx, reader, item)
        return BriefLine(title=said.title, text=said.text, link=said.link)
    if item.kind in (Kind.CAMPAIGN, Kind.CAMPAIGN_NEWS, Kind.QUESTION):
        line = alert_lines.line(tx, item)
        return BriefLine(title=line.title, text=line.text, link=line.link)
    return BriefLine(title=item.data.get("title"), text=item.data.get("text"))


def _may_read(tx: Transaction, reader: Person, item: BriefItem, lead: Lead) -> bool:
    """What is said shows the present state, so it is for whoever the lead, or its campaign, is with at present."""
    if item.kind in (Kind.REJECT, Kind.OTHER_REJECT):
        handoff = tx.handoffs.get(item.subject_id)
        return rights.manages_marketing(reader) or (handoff is not None and marketer_id(tx, handoff) == reader.id)
    if item.kind is Kind.MILESTONE:
        return True  # who was told of it is on one of the two sides
    current = tx.handoffs.offered_of(lead.id) or tx.handoffs.owned_of(lead.id)
    return rights.leads_sales(reader) or (current is not None and current.rep_id == reader.id)


def _milestone(tx: Transaction, item: BriefItem, lead: Lead) -> BriefLine:
    found = milestones.shown(tx, item.data["campaign_id"], What(item.data["what"]), shared=False)
    return BriefLine(name=lead_name(lead), company=lead.company, text=milestones.in_words(found) if found else "")


def _reject(tx: Transaction, item: BriefItem, lead: Lead) -> BriefLine:
    handoff = tx.handoffs.get(item.subject_id)
    rejection = handoff.rejection if handoff else None
    reason = handoff.terms.reason(rejection.reason) if handoff and rejection else None
    said = follow_up(tx, handoff, masked=False) if handoff else None
    label = reason.label if reason else "Withdrawn"
    if item.data.get("stays"):
        label, said = f"It came back {_times(item.data['stays'])}, as often as agreed, and stays with marketing", None
    return BriefLine(
        name=lead_name(lead),
        company=lead.company,
        reason=f"{label} ({said})" if said else label,
        by=person_name(tx, handoff.decided_by) if handoff else None,
        what_next=whereabouts(tx, lead),
    )


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
