"""What a person's Home shows: one skeleton for all, filled by role from the modules home_*.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.dispute import SIDES
from bot.domain.person import Person, Role
from bot.domain.rights import Clicker, announces, may_hand_over, may_schedule, takes_leads
from bot.errors import PersonUnknown
from bot.services import (
    alert_window,
    first_admin,
    home_campaigns,
    home_leaks,
    home_marketing,
    home_needs,
    home_notes,
    home_people,
    home_week,
    team_lists,
)
from bot.services.agreement_shown import Standing, standing
from bot.services.alert_window import NO_ALERTS, HomeAlerts
from bot.services.home_campaigns import CampaignList, RejectList
from bot.services.home_leaks import NO_LEAKS, LeakList
from bot.services.home_marketing import NO_DISPUTES, AnswerList, DisputeList
from bot.services.home_notes import NotesToAnswer
from bot.services.home_people import PeopleList, StandsInFor
from bot.services.home_rows import (
    PAGE,
    AcceptedList,
    HomeList,
    HomeLists,
    HomePages,
    NeedsList,
    Paged,
    ParkedList,
    row_of,
    within,
)  # fmt: skip
from bot.services.home_week import Week
from bot.services.people import ask_whom
from bot.services.set_up import SetUp, checklist
from bot.services.work_times import spoken_hours
from storage.transaction import Transaction

FIRST_PAGES: HomePages = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """`needs_you`: what waits for a decision of mine, what is due first. `mine`: accepted by me, newest first.

    For managers, None for everybody else: `team`, open offers, the longest waiting first; `accepted`, what is owned,
    first of those who are not there. Both are of their own people, or of all teams.
    """

    first_name: str
    on_roster: bool
    is_guest: bool = False
    """An account that may never act, whoever's it is."""
    is_rep: bool
    may_hand_over: bool = True
    may_practise: bool = False
    may_schedule: bool = False
    """Managers and admins: digests."""
    may_announce: bool = False
    """Marketers and marketing's managers: campaign alerts."""
    is_away: bool
    away_until: datetime | None
    tz: str
    hours: str = ""
    """When they work, in one line: `Mon to Fri 09:00-17:00, Lisbon, holidays of Portugal`."""
    now: datetime
    needs_you: NeedsList
    mine: HomeList
    campaigns: CampaignList | None = None
    rejects: RejectList | None = None
    """For marketers, None for everybody else: their campaigns, and what sales rejected of them lately."""
    answers: AnswerList | None = None
    """For marketers: rejects that wait for their answer."""
    notes: NotesToAnswer | None = None
    """For marketing: field notes that wait for an answer."""
    disputes: DisputeList = NO_DISPUTES
    """What waits for this person's opinion or ruling."""
    raised: DisputeList = NO_DISPUTES
    alerts: HomeAlerts = NO_ALERTS
    """Campaign alerts: to approve, mine, to read."""
    may_disagree: bool = False
    """Of sales or of marketing: may raise a disagreement."""
    team: HomeList | None = None
    accepted: AcceptedList | None = None
    parked: ParkedList | None = None
    """For managers: leads that nobody decided on up to the end of the ladder."""
    at_risk: int = 0
    """For managers: how many leads of their people are nearly out of time."""
    leaks: LeakList = NO_LEAKS
    """Accepted leads that nobody has touched: mine, and of a manager's people."""
    people: PeopleList | None = None
    stands_in_for: tuple[StandsInFor, ...] = ()
    of_all_teams: bool | None = None
    """What a manager's lists are of; None when there is no choice, because they manage nobody of their own."""
    week: Week
    whom_to_ask: str = ""
    """For somebody on no roster: who can add them. Holds a person's name: untrusted."""
    agreement: Standing | None = None
    set_up: SetUp | None = None
    """For admins the checklist; for who may become the first admin the offer."""

    def pages(self) -> HomePages:
        """Which page of each list this Home shows."""
        lists: Mapping[HomeLists, Paged | AcceptedList | None] = {
            HomeLists.NEEDS: self.needs_you,
            HomeLists.MINE: self.mine,
            HomeLists.CAMPAIGNS: self.campaigns,
            HomeLists.REJECTS: self.rejects,
            HomeLists.ANSWERS: self.answers,
            HomeLists.NOTES: self.notes,
            HomeLists.DISPUTES: self.disputes if self.disputes.total else None,
            HomeLists.RAISED: self.raised if self.raised.total else None,
            HomeLists.ALERTS_TO_APPROVE: self.alerts.to_approve,
            HomeLists.ALERTS_MINE: self.alerts.mine,
            HomeLists.ALERTS_TO_READ: self.alerts.to_read,
            HomeLists.TEAM: self.team,
            HomeLists.ACCEPTED: self.accepted,
            HomeLists.PEOPLE: self.people,
            HomeLists.PARKED: self.parked,
        }
        pages = {which: listed.page for which, listed in lists.items() if listed is not None}
        if self.notes is not None and self.notes.by_people:
            pages[HomeLists.NOTES_BY_PEOPLE] = 1
        return pages | ({HomeLists.EVERYBODY: 1} if self.of_all_teams else {})


def load_home(tx: Transaction, slack_id: str, pages: HomePages = FIRST_PAGES) -> Home:
    """What this person sees; for somebody on no roster an almost empty one. Raises PersonUnknown for an account
    Slack has not confirmed lately."""
    person = tx.people.by_slack_id(slack_id)
    if person is None or not person.flags.is_known(tx.now):
        raise PersonUnknown(slack_id)
    if not person.on_roster or person.flags.may_never_act:
        return _stranger(tx, person)
    managers = home_people.managers_of(tx, person)
    own_people = home_people.scope_of_all(tx, managers)
    everybody = bool(pages.get(HomeLists.EVERYBODY))
    scope = None if everybody else own_people
    campaigns = home_campaigns.campaigns_of(tx, person)
    return Home(
        first_name=person.name.split()[0] if person.name.split() else person.name,
        on_roster=True,
        is_rep=person.has(Role.REP),
        may_hand_over=may_hand_over(Clicker(person=person, team_ids=())) is None,
        may_practise=takes_leads(person),
        may_announce=announces(person),
        may_schedule=may_schedule(Clicker(person=person, team_ids=())) is None,
        is_away=person.is_away,
        away_until=person.away_until,
        tz=person.tz,
        hours=spoken_hours(person),
        now=tx.now,
        needs_you=home_needs.load_needs(tx, person, pages.get(HomeLists.NEEDS, 0), manages=bool(managers)),
        mine=_mine(tx, person, pages.get(HomeLists.MINE, 0)),
        campaigns=None
        if campaigns is None
        else home_campaigns.list_campaigns(tx, person, campaigns, pages.get(HomeLists.CAMPAIGNS, 0)),
        rejects=None
        if campaigns is None
        else home_campaigns.list_rejects(tx, campaigns, pages.get(HomeLists.REJECTS, 0)),
        answers=home_marketing.list_answers(tx, person, campaigns, pages.get(HomeLists.ANSWERS, 0)),
        notes=home_notes.to_answer(
            tx, person, pages.get(HomeLists.NOTES, 0), by_people=bool(pages.get(HomeLists.NOTES_BY_PEOPLE))
        ),
        disputes=home_marketing.list_waiting(tx, person, pages.get(HomeLists.DISPUTES, 0)),
        may_disagree=person.side in SIDES,
        raised=home_marketing.list_raised(tx, person, pages.get(HomeLists.RAISED, 0)),
        alerts=alert_window.home_alerts(tx, person, campaigns, pages, approves=bool(managers)),
        team=team_lists.waiting(tx, pages.get(HomeLists.TEAM, 0), scope) if managers else None,
        accepted=team_lists.accepted(tx, pages.get(HomeLists.ACCEPTED, 0), scope) if managers else None,
        parked=home_needs.load_parked(tx, pages.get(HomeLists.PARKED, 0)) if managers else None,
        at_risk=tx.at_risk.count([manager.id for manager in managers]) if managers else 0,
        leaks=home_leaks.load_leaks(tx, person, scope, manages=bool(managers)),
        people=home_people.load_people(tx, managers, scope, pages.get(HomeLists.PEOPLE, 0)) if managers else None,
        stands_in_for=home_people.load_stands_in_for(tx, person),
        of_all_teams=None if own_people is None else everybody,
        week=home_week.load_week(tx, person, scope=own_people, campaigns=campaigns),
        agreement=standing(tx, person),
        set_up=checklist(tx, person),
    )


def home_opened(tx: Transaction, slack_id: str) -> None:
    """From now on this person's Home is kept up to date; those opened last come first."""
    person = tx.people.by_slack_id(slack_id)
    if person is not None:
        tx.people.mark_home_opened(person.id, tx.now)
        first_admin.look_again(tx, person)


def _mine(tx: Transaction, person: Person, page: int) -> HomeList:
    total = tx.handoffs.count_owned_by(person.id)
    page = within(page, total)
    rows = tx.handoffs.owned_by(person.id, PAGE, page * PAGE)
    return HomeList(
        rows=tuple(row_of(tx, handoff, lead, since=handoff.decided_at or handoff.offered_at) for handoff, lead in rows),
        total=total,
        page=page,
    )


def _stranger(tx: Transaction, person: Person) -> Home:
    return Home(
        first_name=person.name.split()[0] if person.name.split() else person.name,
        on_roster=False,
        is_guest=person.flags.may_never_act,
        is_rep=False,
        may_hand_over=False,
        is_away=False,
        away_until=None,
        tz=person.tz,
        now=tx.now,
        needs_you=NeedsList(rows=(), total=0, page=0),
        mine=HomeList(rows=(), total=0, page=0),
        week=Week(since=tx.now),
        whom_to_ask=ask_whom(tx),
        set_up=checklist(tx, person),
    )
