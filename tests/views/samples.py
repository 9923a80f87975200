"""Values as services hand them to views: ordinary ones with a few changes, and hostile ones in every text field."""

from __future__ import annotations

import random
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import Enum
from typing import Any

from hypothesis import strategies as st

from bot.domain.agreement import DEFAULT_TERMS, Met
from bot.domain.budget import TABLE, Kind
from bot.domain.crm import ActivityKind
from bot.domain.lead import Priority, Stage
from bot.services.brief_content import PAGE as BRIEF_PAGE
from bot.services.brief_content import BriefLine, BriefPage, BriefSection, BriefShown
from bot.services.cards import Card, CardLead, CardState
from bot.services.floods import LISTED, Listed, Summary
from bot.services.forms import (
    AwayForm,
    Choice,
    Details,
    HistoryLine,
    NoteForm,
    ReassignForm,
    RejectForm,
)
from bot.services.home import Home
from bot.services.home_campaigns import CampaignList, CampaignRow, RejectList, RejectRow
from bot.services.home_rows import PAGE, AcceptedList, HomeList, HomeRow, NeedsList, UnroutedRow
from bot.services.home_week import Condition, Day, Everybody, Numbers, OfCampaigns, RepNumbers, Week
from bot.services.last_contact import LastContact
from bot.services.notices import Alert, RejectNotice, TouchNotice
from bot.services.person_settings import SettingsForm

NOW = datetime(2026, 10, 6, 9, 30, tzinfo=UTC)
HANDOFF = "0199b6a0-0000-7000-8000-000000000001"
OTHER = "0199b6a0-0000-7000-8000-000000000002"
CRM_URL = "https://crm.example.com/leads/17"
REP = "U0JONAS001"
OWNER = "U0MARTA001"
CODES = tuple(reason.code for reason in DEFAULT_TERMS.reasons)


def make_lead(**changes: Any) -> CardLead:
    lead = CardLead(
        name="Dana Whitfield",
        title="VP Operations",
        company="Northwind Freight",
        country="Germany",
        email="dana@northwind.example",
        phone="030 901820",
        phone_e164="+4930901820",
        origin="Webinar",
        campaign="Spring webinar",
        source="hubspot",
        priority=Priority.HOT,
        summary="Asked for a demo of route planning",
        score=82,
        touches=5,
        fields={"Fleet": "240 vans"},
        engaged_at=NOW - timedelta(minutes=9),
    )
    return replace(lead, **changes)


def make_card(**changes: Any) -> Card:
    card = Card(
        handoff_id=HANDOFF,
        version=3,
        lead_id=OTHER,
        state=CardState.OFFERED,
        masked=False,
        is_pool=False,
        pool_name=None,
        is_mirror=False,
        lead=make_lead(),
        met=(Met(label="Lead score", value="82"), Met(label="Touches", value="5")),
        routed_because="Rule “Germany” chose team Europe.",
        came_at=NOW - timedelta(minutes=8),
        offered_at=NOW - timedelta(minutes=8),
        offered_to="Jonas Brandt",
        crm_url=CRM_URL,
    )
    return replace(card, **changes)


def masked_lead(**changes: Any) -> CardLead:
    return make_lead(name="D. W.", email=None, phone=None, phone_e164=None, summary=None, fields={}, **changes)


def accepted_card(**changes: Any) -> Card:
    decided: dict[str, Any] = {
        "state": CardState.ACCEPTED,
        "decided_at": NOW - timedelta(minutes=6),
        "decided_by": "Jonas Brandt",
        "decided_by_slack_id": REP,
        "can_undo": True,
        "last_contact": LastContact(kind=ActivityKind.CALL, by="Jonas Brandt", at=NOW - timedelta(minutes=2)),
    }
    return make_card(**{**decided, **changes})


def ended_card(state: CardState, **changes: Any) -> Card:
    ended: dict[str, Any] = {
        "state": state,
        "decided_at": NOW - timedelta(minutes=6),
        "decided_by": "Jonas Brandt",
        "decided_by_slack_id": REP,
        "what_next": "Offered to Inês Carvalho.",
    }
    if state is CardState.REJECTED:
        ended |= {"reason": "Real, but later", "follow_up": "15 January 2027", "comment": "After their budget"}
    if state in (CardState.RELEASED, CardState.TRANSFERRED):
        ended |= {"ended_at": NOW, "note": "On holiday next week"}
    if state is CardState.WITHDRAWN:
        ended |= {"note": "Wrong region"}
    return make_card(**{**ended, **changes})


def make_reject_form(**changes: Any) -> RejectForm:
    form = RejectForm(
        handoff_id=HANDOFF,
        version=3,
        agreement_id=OTHER,
        lead_name="Dana Whitfield",
        company="Northwind Freight",
        reasons=DEFAULT_TERMS.reasons,
        people=(Choice(value="p1", label="Inês Carvalho"), Choice(value="p2", label="Tomasz Wójcik")),
        criteria=(Choice(value="Industry", label="Industry"), Choice(value="Size", label="Size")),
        similar=(Choice(value="l1", label="Dana Whitfield, Northwind", description="Jonas Brandt has it"),),
        today="2026-10-06",
        latest="2028-10-06",
        suggested_date="2027-01-06",
    )
    return replace(form, **changes)


def make_note_form(**changes: Any) -> NoteForm:
    form = NoteForm(handoff_id=HANDOFF, version=3, lead_name="Dana Whitfield", company="Northwind Freight")
    return replace(form, **changes)


def make_reassign_form(**changes: Any) -> ReassignForm:
    form = ReassignForm(
        handoff_id=HANDOFF,
        version=3,
        lead_name="Dana Whitfield",
        company="Northwind Freight",
        people=(Choice(value="p1", label="Inês Carvalho", description="3 of 20 leads"),),
    )
    return replace(form, **changes)


def make_away_form() -> AwayForm:
    return AwayForm(today="2026-10-06", tz="Europe/Berlin")


def make_row(number: int = 1, **changes: Any) -> HomeRow:
    row = HomeRow(
        handoff_id=f"0199b6a0-0000-7000-8000-{number:012d}",
        version=1,
        name="Dana Whitfield",
        title="VP Operations",
        company="Northwind Freight",
        priority=Priority.HOT,
        since=NOW - timedelta(minutes=12),
        crm_url=CRM_URL,
    )
    return replace(row, **changes)


def make_list(*rows: HomeRow, total: int | None = None, page: int = 0) -> HomeList:
    return HomeList(rows=rows, total=len(rows) if total is None else total, page=page)


def make_unrouted(number: int = 1, **changes: Any) -> UnroutedRow:
    row = UnroutedRow(
        lead_id=f"0199b6a0-0000-7000-9000-{number:012d}",
        name="Dana Whitfield",
        title="VP Operations",
        company="Northwind Freight",
        priority=Priority.HOT,
        since=NOW - timedelta(minutes=12),
    )
    return replace(row, **changes)


def needs_list(*rows: HomeRow | UnroutedRow, total: int | None = None, page: int = 0) -> NeedsList:
    return NeedsList(rows=rows, total=len(rows) if total is None else total, page=page)


def accepted_list(*rows: HomeRow, page: int = 0, more: bool = False, left_behind: int = 0) -> AcceptedList:
    return AcceptedList(rows=rows, page=page, more=more, left_behind=left_behind)


def mine_row(number: int = 1, **changes: Any) -> HomeRow:
    return make_row(number, **{"phone_e164": "+4930901820", "email": "dana@northwind.example", **changes})


def make_home(**changes: Any) -> Home:
    home = Home(
        first_name="Jonas",
        on_roster=True,
        is_rep=True,
        is_away=False,
        away_until=None,
        tz="Europe/Berlin",
        now=NOW,
        needs_you=needs_list(make_row(1)),
        mine=make_list(mine_row(2)),
        week=Week(
            since=NOW - timedelta(days=1),
            own=Numbers(offered=5, accepted=3, rejected=1, median_seconds_to_accept=125.0),
        ),
    )
    return replace(home, **changes)


def make_campaign(**changes: Any) -> CampaignRow:
    row = CampaignRow(
        name="Forecast webinar",
        owner=None,
        handed_over=14,
        accepted=9,
        rejected=4,
        top_reason="Company not a fit",
        waiting=1,
    )
    return replace(row, **changes)


def make_reject_row(number: int = 1, **changes: Any) -> RejectRow:
    row = RejectRow(
        handoff_id=f"0199b6a0-0000-7000-8000-{number:012d}",
        name="Dana Whitfield",
        title="VP Operations",
        company="Northwind Freight",
        priority=Priority.HOT,
        campaign="Forecast webinar",
        reason="Company not a fit",
        follow_up="Size",
        comment="Twelve people, no finance team.",
        rejected_by="Jonas Brandt",
        rejected_at=NOW - timedelta(hours=3),
        where="Back with marketing",
        crm_url=CRM_URL,
    )
    return replace(row, **changes)


def campaign_list(*rows: CampaignRow, total: int | None = None, page: int = 0) -> CampaignList:
    return CampaignList(rows=rows, total=len(rows) if total is None else total, page=page)


def reject_list(*rows: RejectRow, total: int | None = None, page: int = 0) -> RejectList:
    return RejectList(rows=rows, total=len(rows) if total is None else total, page=page)


def full_week(**changes: Any) -> Week:
    """Everything there is about a week, for somebody with every role."""
    numbers = Numbers(offered=50, accepted=30, rejected=12, median_seconds_to_accept=125.0)
    week = Week(
        since=NOW - timedelta(days=4),
        own=numbers,
        campaigns=OfCampaigns(
            handed_over=50,
            accepted=30,
            rejected=12,
            waiting=8,
            reasons=(("Company not a fit", 6), ("Low intent", 4), ("Duplicate", 2)),
        ),
        reps=tuple(RepNumbers(name=f"Rep {number}", numbers=numbers) for number in range(20)),
        everybody=Everybody(
            numbers=numbers,
            days=tuple(
                Day(name=name, accepted=6, rejected=2) for name in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
            ),
        ),
        condition=Condition(given_up=2, unsent=5, overdue_s=300.0, sources=2),
    )
    return replace(week, **changes)


def full_home(**changes: Any) -> Home:
    """Every list full, in the middle of its pages."""
    lists: dict[str, Any] = {
        which: make_list(*(mine_row(base + n, can_undo=True) for n in range(PAGE)), total=3 * PAGE, page=1)
        for which, base in (("mine", 200), ("team", 300))
    }
    lists["needs_you"] = needs_list(*(make_row(100 + n) for n in range(PAGE)), total=3 * PAGE, page=1)
    lists["campaigns"] = campaign_list(*(make_campaign(owner="Sam Patel") for _ in range(PAGE)), total=3 * PAGE, page=1)
    lists["rejects"] = reject_list(*(make_reject_row(600 + n) for n in range(PAGE)), total=3 * PAGE, page=1)
    lists["week"] = full_week()
    gone = (make_row(500 + n, owner="Inês Carvalho", absence="away") for n in range(PAGE))
    lists["accepted"] = accepted_list(*gone, page=1, more=True, left_behind=3 * PAGE)
    return make_home(**{**lists, "is_away": True, "away_until": NOW + timedelta(days=2), **changes})


def make_reject_notice(**changes: Any) -> RejectNotice:
    notice = RejectNotice(
        lead_name="Dana Whitfield",
        company="Northwind Freight",
        campaign="Spring webinar",
        source="hubspot",
        met=(Met(label="Lead score", value="82"),),
        reason="Real, but later",
        follow_up="15 January 2027",
        comment="After their budget",
        rejected_by="Jonas Brandt",
        rejected_at=NOW,
        counts_against_marketing=True,
        to_owner_slack_id=OWNER,
        stage=Stage.RECYCLED,
        what_next="Recycled until 15 January 2027.",
        crm_url=CRM_URL,
    )
    return replace(notice, **changes)


def make_touch_notice(**changes: Any) -> TouchNotice:
    notice = TouchNotice(
        lead_name="Dana Whitfield",
        company="Northwind Freight",
        summary="Opened the pricing page twice",
        origin="Website",
        campaign="Spring webinar",
        came_at=NOW,
        priority=Priority.HOT,
        raised_from=Priority.WARM,
        crm_url=CRM_URL,
        phone_e164="+4930901820",
        email="dana@northwind.example",
    )
    return replace(notice, **changes)


def make_details(**changes: Any) -> Details:
    details = Details(
        card=accepted_card(),
        history=(HistoryLine(text="Jonas Brandt accepted it", at_iso="2026-10-06T09:24:00Z"),),
    )
    return replace(details, **changes)


def make_brief_line(**changes: Any) -> BriefLine:
    line = BriefLine(
        name="Dana Whitfield",
        company="Northwind Freight",
        reason="Good lead, wrong owner (Inês Carvalho)",
        by="Jonas Brandt",
        what_next="Offered to Inês Carvalho",
        priority=Priority.HOT,
        came_from="Website",
    )
    return replace(line, **changes)


BRIEF_KINDS = (Kind.REJECT, Kind.CAME_BACK, Kind.MERGED, Kind.UPKEEP)
"""Each has a sentence of its own."""


def make_brief(**changes: Any) -> BriefShown:
    """A line of each sort, and more than is shown."""
    brief = BriefShown(
        brief_id=OTHER,
        first_name="Jonas",
        day=NOW.date(),
        requested=False,
        shared=False,
        sections=tuple(BriefSection(kind=kind, count=9, lines=(make_brief_line(times=3),)) for kind in BRIEF_KINDS),
        waiting=2,
        team_waiting=5,
        unrouted=1,
    )
    return replace(brief, **changes)


def shared_brief(**changes: Any) -> BriefShown:
    lines = tuple(BriefLine(company=name) for name in ("Northwind Freight", None, "Ateliers Marchand"))
    sections = (BriefSection(kind=Kind.CAME_BACK, count=9, lines=lines),)
    return make_brief(shared=True, sections=sections, **changes)


def make_brief_page(**changes: Any) -> BriefPage:
    """A page with a line of each kind, the second of three."""
    lines = (make_brief_line(),)
    page = BriefPage(
        brief_id=OTHER,
        day=NOW.date(),
        page=1,
        pages=3,
        first=BRIEF_PAGE + 1,
        total=3 * BRIEF_PAGE,
        sections=tuple(BriefSection(kind=kind, count=9, lines=lines) for kind in BRIEF_KINDS),
    )
    return replace(page, **changes)


def make_settings_form(**changes: Any) -> SettingsForm:
    """Somebody who can be told everything."""
    form = SettingsForm(
        tz="Europe/Berlin",
        work_start=time(9),
        brief_at=time(7, 10),
        channel="C0TEAM0001",
        kinds={kind: rule.default for kind, rule in TABLE.items() if not rule.is_fixed},
        waiting=3,
    )
    return replace(form, **changes)


# ------------------------------------------------------------------------------------------------- hostile

BAIT = (
        "<!channel>", "<!here>", "<!everyone>", "<@U0VICTIM01>", "<#C0SECRET01|general>", "<!subteam^S01|x>",
        "<!date^0^{date}^https://evil.example|now>", "<https://evil.example|Open in CRM>", "<mailto:a@evil.example>",
        "<tel:+4990012345|call>", "https://evil.example", "evil.example/login", "www.evil.example", "ftp://evil.example",
        "a@evil.example", "@here", "@channel", "#general", "&lt;!channel&gt;", "&amp;lt;", "&", "<", ">", "|",
        "*", "_", "~", "`", "```", "\n", "\r\n", "\u2028", "\n*Accepted by Jonas Brandt*\n", "> quoted", "• item",
        "\u202e", "\u200b", "\u2066", "\u0000", "\x1b[31m", "\ud83d", ":fire:", ":slack:", "{x}", "{0}", "%s",
        "🔥", "Zoë", "王小明", "👩‍👩‍👧‍👦", "x" * 80, " ", "\t", "xn--80ak6aa92e.com",
)  # fmt: skip


LONG = ("&" * 400, "🔥" * 400, "<" * 3100, "x" * 5000, "\n" * 500, "<!channel>" * 400, "é" * 300)


def _hostile_values(count: int) -> tuple[str, ...]:
    """Each bait alone, then strings of several with any characters of Unicode between them; the same each time."""
    chance = random.Random(20261006)
    values = [*BAIT, *LONG]
    while len(values) < count:
        parts = chance.choices(BAIT, k=chance.randint(1, 7))
        parts += (
            chr(chance.choice((0x7F, 0x2FFF, 0x10FFFF)) - chance.randrange(0x7F)) for _ in range(chance.randrange(4))
        )
        chance.shuffle(parts)
        values.append("".join(parts))
    return tuple(values)


HOSTILE = _hostile_values(1_000)
_NOT_TEXT = {
    "brief_id", "channel", "kinds", "handoff_id", "lead_id", "value", "code", "crm_url", "decided_by_slack_id",
    "to_owner_slack_id", "at_iso", "today", "latest", "suggested_date", "id", "person_id", "to", "deputy_id",
    "agreement_id", "case_id", "countdown_id", "chosen",
}  # fmt: skip


def with_text(value: Any, text: str, besides: AbstractSet[str] = frozenset()) -> Any:
    """The value with `text` in every one of its text fields, however deep; ids, dates and our own URLs stay, and the
    fields named in `besides`."""
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return text
    if isinstance(value, tuple):
        return tuple(with_text(one, text, besides) for one in value)
    if isinstance(value, dict):
        return {with_text(key, text, besides): with_text(one, text, besides) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        left = _NOT_TEXT | besides
        kept = {one.name: getattr(value, one.name) for one in fields(value) if one.init and one.name not in left}
        return replace(value, **{name: with_text(one, text, besides) for name, one in kept.items()})
    return value


hostile = st.sampled_from(HOSTILE) | st.text(max_size=12)
hostile_or_none = st.none() | hostile
_priority = st.sampled_from(Priority)
_instant = st.integers(min_value=0, max_value=4 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
_met = st.lists(st.builds(Met, label=hostile, value=hostile), max_size=12).map(tuple)
_crm = st.none() | st.just(CRM_URL)
_last_contact = st.none() | st.builds(LastContact, kind=st.sampled_from(ActivityKind), by=hostile_or_none, at=_instant)
_count = st.integers(min_value=0, max_value=10**9)
_choice = st.builds(
    Choice,
    value=st.uuids().map(str),
    label=hostile,
    description=hostile_or_none,
)
_choices = st.lists(_choice, max_size=6, unique_by=lambda choice: choice.value).map(tuple)


@st.composite
def hostile_leads(draw: st.DrawFn) -> CardLead:
    return CardLead(
        name=draw(hostile),
        title=draw(hostile_or_none),
        company=draw(hostile_or_none),
        country=draw(hostile_or_none),
        email=draw(hostile_or_none),
        phone=draw(hostile_or_none),
        phone_e164=draw(hostile_or_none | st.just("+4930901820")),
        origin=draw(hostile_or_none),
        campaign=draw(hostile_or_none),
        source=draw(hostile),
        handed_over_by=draw(hostile_or_none),
        priority=draw(_priority),
        summary=draw(hostile_or_none),
        score=draw(st.none() | st.integers() | st.floats()),
        touches=draw(st.none() | _count),
        fields=draw(st.dictionaries(hostile, hostile, max_size=4)),
        engaged_at=draw(st.none() | _instant),
    )


@st.composite
def hostile_cards(draw: st.DrawFn) -> Card:
    return Card(
        handoff_id=HANDOFF,
        version=draw(_count),
        lead_id=OTHER,
        state=draw(st.sampled_from(CardState)),
        masked=draw(st.booleans()),
        is_pool=draw(st.booleans()),
        pool_name=draw(hostile_or_none),
        is_mirror=draw(st.booleans()),
        lead=draw(hostile_leads()),
        met=draw(_met),
        routed_because=draw(hostile),
        came_at=draw(_instant),
        offered_at=draw(_instant),
        offered_to=draw(hostile_or_none),
        decided_at=draw(st.none() | _instant),
        decided_by=draw(hostile_or_none),
        decided_by_slack_id=draw(st.none() | st.just(REP)),
        ended_at=draw(st.none() | _instant),
        can_undo=draw(st.booleans()),
        came_back=draw(_count),
        last_contact=draw(_last_contact),
        crm_url=draw(_crm),
        reason=draw(hostile_or_none),
        follow_up=draw(hostile_or_none),
        comment=draw(hostile_or_none),
        note=draw(hostile_or_none),
        passed_on=draw(hostile_or_none),
        what_next=draw(hostile_or_none),
    )


@st.composite
def hostile_reject_forms(draw: st.DrawFn) -> RejectForm:
    reasons = tuple(replace(reason, label=draw(hostile), question=draw(hostile)) for reason in DEFAULT_TERMS.reasons)
    more = draw(st.integers(min_value=0, max_value=8))
    reasons += tuple(replace(DEFAULT_TERMS.reasons[9], code=f"more_{n}", label=draw(hostile)) for n in range(more))
    return make_reject_form(
        lead_name=draw(hostile),
        company=draw(hostile_or_none),
        reasons=reasons,
        people=draw(_choices),
        criteria=draw(_choices),
        similar=draw(_choices),
    )


@st.composite
def hostile_rows(draw: st.DrawFn, start: int) -> HomeList:
    count = draw(st.integers(min_value=0, max_value=PAGE))
    rows = [
        HomeRow(
            handoff_id=f"0199b6a0-0000-7000-8000-{start + number:012d}",
            version=draw(_count),
            name=draw(hostile),
            title=draw(hostile_or_none),
            company=draw(hostile_or_none),
            priority=draw(_priority),
            since=draw(_instant),
            pool_name=draw(hostile_or_none),
            offered_to=draw(hostile_or_none),
            owner=draw(hostile_or_none),
            absence=draw(hostile_or_none),
            last_contact=draw(_last_contact),
            crm_url=draw(_crm),
            phone_e164=draw(hostile_or_none | st.just("+4930901820")),
            email=draw(hostile_or_none),
            can_undo=draw(st.booleans()),
        )
        for number in range(count)
    ]
    return HomeList(rows=tuple(rows), total=draw(_count), page=draw(_count))


@st.composite
def hostile_needs(draw: st.DrawFn) -> NeedsList:
    offered = draw(hostile_rows(start=100)).rows
    unrouted = [
        make_unrouted(number, name=draw(hostile), title=draw(hostile_or_none), company=draw(hostile_or_none))
        for number in range(draw(st.integers(min_value=0, max_value=PAGE - len(offered))))
    ]
    return NeedsList(rows=(*offered, *unrouted), total=draw(_count), page=draw(_count))


@st.composite
def hostile_campaigns(draw: st.DrawFn) -> CampaignList:
    rows = [
        make_campaign(
            name=draw(hostile),
            owner=draw(hostile_or_none),
            handed_over=draw(_count),
            rejected=draw(_count),
            top_reason=draw(hostile_or_none),
        )
        for _ in range(draw(st.integers(min_value=0, max_value=PAGE)))
    ]
    return CampaignList(rows=tuple(rows), total=draw(_count), page=draw(_count))


@st.composite
def hostile_rejects(draw: st.DrawFn) -> RejectList:
    rows = [
        make_reject_row(
            600 + number,
            name=draw(hostile),
            title=draw(hostile_or_none),
            company=draw(hostile_or_none),
            campaign=draw(hostile),
            reason=draw(hostile),
            follow_up=draw(hostile_or_none),
            comment=draw(hostile_or_none),
            rejected_by=draw(hostile),
            where=draw(hostile),
            crm_url=draw(_crm),
        )
        for number in range(draw(st.integers(min_value=0, max_value=PAGE)))
    ]
    return RejectList(rows=tuple(rows), total=draw(_count), page=draw(_count))


@st.composite
def hostile_weeks(draw: st.DrawFn) -> Week:
    """Names of people and labels of reasons come from outside; the days are ours."""
    reasons = st.lists(st.tuples(hostile, _count), max_size=12).map(tuple)
    reps = st.lists(st.builds(RepNumbers, name=hostile, numbers=_numbers()), max_size=20).map(tuple)
    days = st.lists(st.builds(Day, name=st.just("Mon"), accepted=_count, rejected=_count), max_size=7).map(tuple)
    return Week(
        since=draw(_instant),
        own=draw(st.none() | _numbers()),
        campaigns=draw(
            st.none()
            | st.builds(
                OfCampaigns, handed_over=_count, accepted=_count, rejected=_count, waiting=_count, reasons=reasons
            )
        ),
        reps=draw(st.none() | reps),
        everybody=draw(st.none() | st.builds(Everybody, numbers=_numbers(), days=days)),
        condition=draw(st.none() | st.just(full_week().condition)),
    )


def _numbers() -> st.SearchStrategy[Numbers]:
    return st.builds(
        Numbers,
        offered=_count,
        accepted=_count,
        rejected=_count,
        median_seconds_to_accept=st.none() | st.floats(min_value=0, allow_nan=False, allow_infinity=False),
    )


@st.composite
def hostile_accepted(draw: st.DrawFn) -> AcceptedList:
    rows = draw(hostile_rows(start=500)).rows
    return AcceptedList(rows=rows, page=draw(_count), more=draw(st.booleans()), left_behind=draw(_count))


@st.composite
def hostile_homes(draw: st.DrawFn) -> Home:
    return Home(
        first_name=draw(hostile),
        on_roster=draw(st.booleans()),
        is_rep=draw(st.booleans()),
        is_away=draw(st.booleans()),
        away_until=draw(st.none() | _instant),
        tz=draw(hostile | st.just("Europe/Berlin")),
        now=draw(_instant),
        whom_to_ask=draw(hostile),
        is_guest=draw(st.booleans()),
        may_hand_over=draw(st.booleans()),
        needs_you=draw(hostile_needs()),
        mine=draw(hostile_rows(start=200)),
        team=draw(st.none() | hostile_rows(start=300)),
        accepted=draw(st.none() | hostile_accepted()),
        of_all_teams=draw(st.none() | st.booleans()),
        campaigns=draw(st.none() | hostile_campaigns()),
        rejects=draw(st.none() | hostile_rejects()),
        week=draw(hostile_weeks()),
    )


@st.composite
def hostile_reject_notices(draw: st.DrawFn) -> RejectNotice:
    return make_reject_notice(
        lead_name=draw(hostile),
        company=draw(hostile_or_none),
        campaign=draw(hostile_or_none),
        source=draw(hostile),
        handed_over_by=draw(hostile_or_none),
        met=draw(_met),
        reason=draw(hostile),
        follow_up=draw(hostile_or_none),
        comment=draw(hostile_or_none),
        rejected_by=draw(hostile),
        counts_against_marketing=draw(st.booleans()),
        to_owner_slack_id=draw(st.none() | st.just(OWNER)),
        stage=draw(st.sampled_from(Stage)),
        what_next=draw(hostile),
        crm_url=draw(_crm),
    )


@st.composite
def hostile_touch_notices(draw: st.DrawFn) -> TouchNotice:
    return make_touch_notice(
        lead_name=draw(hostile),
        company=draw(hostile_or_none),
        summary=draw(hostile_or_none),
        origin=draw(hostile_or_none),
        campaign=draw(hostile_or_none),
        priority=draw(_priority),
        raised_from=draw(st.none() | _priority),
        crm_url=draw(_crm),
        phone_e164=draw(hostile_or_none | st.just("+4930901820")),
        email=draw(hostile_or_none),
    )


hostile_alerts = st.builds(Alert, title=hostile, text=hostile)
hostile_summaries = st.builds(
    Summary,
    rows=st.lists(
        st.builds(
            Listed,
            handoff_id=st.just(HANDOFF),
            version=_count,
            name=hostile,
            title=hostile_or_none,
            company=hostile_or_none,
            priority=_priority,
            offered_at=st.just(NOW),
            may_decide=st.booleans(),
        ),
        max_size=LISTED,
    ).map(tuple),
    waiting=_count,
    decided=_count,
)
hostile_note_forms = st.builds(
    NoteForm, handoff_id=st.just(HANDOFF), version=_count, lead_name=hostile, company=hostile_or_none
)
hostile_reassign_forms = st.builds(
    ReassignForm,
    handoff_id=st.just(HANDOFF),
    version=_count,
    lead_name=hostile,
    company=hostile_or_none,
    people=_choices,
)
hostile_details = st.builds(
    Details,
    card=hostile_cards(),
    history=st.lists(st.builds(HistoryLine, text=hostile, at_iso=st.just("2026-10-06T09:24:00Z")), max_size=20).map(
        tuple
    ),
)

hostile_brief_lines = st.builds(
    BriefLine,
    name=hostile_or_none,
    company=hostile_or_none,
    times=_count,
    reason=hostile_or_none,
    by=hostile_or_none,
    what_next=hostile_or_none,
    priority=st.none() | _priority,
    came_from=hostile_or_none,
    title=hostile_or_none,
    text=hostile_or_none,
)


def _sections_of(most: int) -> st.SearchStrategy[tuple[BriefSection, ...]]:
    one = st.builds(
        BriefSection,
        kind=st.sampled_from(Kind),
        count=_count,
        lines=st.lists(hostile_brief_lines, max_size=most).map(tuple),
    )
    return st.lists(one, max_size=len(Kind), unique_by=lambda section: section.kind).map(tuple)


hostile_briefs = st.builds(
    BriefShown,
    brief_id=st.just(OTHER),
    first_name=hostile,
    day=st.just(NOW.date()),
    requested=st.booleans(),
    shared=st.booleans(),
    sections=_sections_of(8),
    waiting=_count,
    team_waiting=st.none() | _count,
    unrouted=st.none() | _count,
    parked=st.none() | _count,
    refused_by=hostile_or_none,
)
hostile_brief_pages = st.builds(
    BriefPage,
    brief_id=st.just(OTHER),
    day=st.just(NOW.date()),
    page=st.integers(0, 3),
    pages=st.just(3),
    first=_count,
    total=_count,
    sections=_sections_of(2),
)
hostile_settings_forms = st.builds(
    SettingsForm,
    tz=hostile,
    work_start=st.times(),
    brief_at=st.none() | st.times(),
    channel=st.none() | st.just("C0TEAM0001"),
    kinds=st.just(make_settings_form().kinds),
    waiting=_count,
)
