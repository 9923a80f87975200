"""The transaction, as use cases see it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.domain.config import Config
from bot.ports import NO_HOLIDAYS, Holidays
from storage.agreement_drafts import AgreementDrafts
from storage.agreements import Agreements
from storage.alert_lists import AlertLists
from storage.alert_questions import AlertQuestions
from storage.announcements import Announcements, Targets
from storage.at_risk import AtRisk
from storage.briefs import Briefs
from storage.campaign_alerts import CampaignAlerts
from storage.campaign_numbers import NumbersOfCampaigns
from storage.campaigns import Campaigns
from storage.countdowns import Countdowns
from storage.deliveries import Deliveries
from storage.digest_campaigns import CampaignsOfPeriod
from storage.digest_notes import NotesOfPeriod
from storage.digest_themes import DigestThemes
from storage.digests import Digests, Schedules
from storage.disputes import Disputes
from storage.erasures import Erasures
from storage.events import Events
from storage.facts import LeadFacts, WaitingNews
from storage.got_its import GotIts
from storage.handoffs import Handoffs
from storage.ids import Ids
from storage.imports import Imports
from storage.leads import Leads
from storage.leaks import Leaks
from storage.milestones import Milestones
from storage.note_lists import NoteLists
from storage.notes import Notes
from storage.numbers import Numbers
from storage.outbox import Outbox
from storage.outcomes import Outcomes
from storage.people import People
from storage.person_settings import PeoplesSettings
from storage.posts import Posts
from storage.reassignments import Reassignments
from storage.reject_answers import RejectAnswers
from storage.rules import Rules
from storage.search import Search
from storage.settings import Settings
from storage.sources import Sources
from storage.standstills import Standstills
from storage.teams import Teams
from storage.themes import Themes
from storage.timers import Timers


class Transaction:
    """One transaction of the database. Nothing here outlives it.

    `now` is the only time a use case sees: the clock's at the start of the transaction; `holidays` are those of every
    place, and involve no waiting. `wake` says that something
    due was added, so that whoever delivers and sweeps looks at once after the commit; `scrub` that personal data was
    overwritten, which must not stay in what the database keeps beside its tables. `correlation_id` joins what is
    written to the log lines of whatever caused it.
    """

    __slots__ = (
        "_config", "_ids", "agreement_drafts", "agreements", "alert_lists", "alert_questions", "announcements",
        "at_risk", "briefs", "campaign_alerts", "campaign_numbers", "campaigns", "correlation_id",
        "countdowns", "digest_campaigns", "digest_notes", "digest_themes", "digests", "disputes", "erasures",
        "events", "facts", "got_its", "handoffs", "holidays", "imports", "leads", "leaks", "milestones",
        "news", "note_lists", "notes", "now", "numbers", "outbox", "outcomes", "people", "person_settings", "posts",
        "reassignments", "reject_answers", "rules", "schedules", "scrub", "search", "seen", "settings",
        "sources", "standstills", "targets", "teams", "themes", "timers", "wake",
    )  # fmt: skip

    def __init__(  # noqa: PLR0915 - a line for each concept
        self, connection: sa.Connection, *, now: datetime, ids: Ids, holidays: Holidays = NO_HOLIDAYS
    ) -> None:
        self.now = now
        self.holidays = holidays
        self.wake = False
        self.scrub = False
        self.correlation_id: str | None = None
        self._ids = ids
        self._config: Config | None = None
        self.people = People(self, connection)
        self.teams = Teams(self, connection)
        self.rules = Rules(self, connection)
        self.settings = Settings(self, connection)
        self.sources = Sources(self, connection)
        self.agreements = Agreements(self, connection)
        self.agreement_drafts = AgreementDrafts(self, connection)
        self.campaigns = Campaigns(self, connection)
        self.campaign_alerts = CampaignAlerts(self, connection)
        self.alert_questions = AlertQuestions(self, connection)
        self.alert_lists = AlertLists(self, connection)
        self.got_its = GotIts(self, connection)
        self.leads = Leads(self, connection)
        self.handoffs = Handoffs(self, connection)
        self.numbers = Numbers(self, connection)
        self.campaign_numbers = NumbersOfCampaigns(self, connection)
        self.events = Events(self, connection)
        self.timers = Timers(self, connection)
        self.countdowns = Countdowns(self, connection)
        self.at_risk = AtRisk(self, connection)
        self.standstills = Standstills(self, connection)
        self.posts = Posts(self, connection)
        self.outbox = Outbox(self, connection)
        self.seen = Deliveries(self, connection)
        self.facts = LeadFacts(self, connection)
        self.news = WaitingNews(self, connection)
        self.erasures = Erasures(self, connection)
        self.targets = Targets(self, connection)
        self.announcements = Announcements(self, connection)
        self.imports = Imports(self, connection)
        self.reassignments = Reassignments(self, connection)
        self.reject_answers = RejectAnswers(self, connection)
        self.disputes = Disputes(self, connection)
        self.briefs = Briefs(self, connection)
        self.outcomes = Outcomes(self, connection)
        self.milestones = Milestones(self, connection)
        self.leaks = Leaks(self, connection)
        self.notes = Notes(self, connection)
        self.note_lists = NoteLists(self, connection)
        self.themes = Themes(self, connection)
        self.person_settings = PeoplesSettings(self, connection)
        self.schedules = Schedules(self, connection)
        self.digests = Digests(self, connection)
        self.digest_campaigns = CampaignsOfPeriod(self, connection)
        self.digest_notes = NotesOfPeriod(self, connection)
        self.digest_themes = DigestThemes(self, connection)
        self.search = Search(self, connection)

    def new_id(self) -> str:
        """A UUIDv7 as text, greater than all this process made before."""
        return self._ids.new(self.now)

    def new_key(self) -> str:
        """128 random bits as text."""
        return self._ids.opaque()

    @property
    def config(self) -> Config:
        """What the teams decided, read once a transaction."""
        if self._config is None:
            self._config = self.settings.load()
        return self._config

    def forget_config(self) -> None:
        """The next look at `config` reads it again."""
        self._config = None

    def flush(self) -> None:
        """What was collected to be written at the end is written. The engines call it before they commit."""
        self.outbox.flush()
        self.search.flush()
