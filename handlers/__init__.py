"""What people and systems send us: Slack's payloads and signed webhooks."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

import aiohttp
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.views.webhook_example import PublicAddress
from handlers import answer_time
from handlers.agreement import AgreementHandlers
from handlers.alert_talk import AlertTalkHandlers
from handlers.campaign_alerts import CampaignAlertHandlers
from handlers.commands import CommandHandlers
from handlers.digest_windows import DigestWindowHandlers
from handlers.digests import DigestHandlers
from handlers.directory import Directory
from handlers.disputes import DisputeHandlers
from handlers.errors import Explainer
from handlers.forms import FormHandlers
from handlers.handoffs import HandoffHandlers
from handlers.home import HomeHandlers, Homes
from handlers.home_menu import HomeMenuHandlers
from handlers.lead_form import LeadFormHandlers
from handlers.listeners import Listeners, failed
from handlers.note_answers import NoteAnswerHandlers
from handlers.notes import NoteHandlers
from handlers.outcomes import OutcomeHandlers
from handlers.people import PeopleHandlers, ReadAccount
from handlers.person_settings import PersonSettingsHandlers
from handlers.practice import PracticeHandlers
from handlers.reassigning import ReassigningHandlers
from handlers.reject_answers import RejectAnswerHandlers
from handlers.rejects import RejectHandlers
from handlers.reminders import ReminderHandlers
from handlers.replies import Replies, Tasks
from handlers.search import SearchHandlers
from handlers.set_up import SetUpHandlers
from handlers.set_up_lists import SetUpListHandlers
from handlers.tables import joined
from handlers.team_setup import TeamSetupHandlers
from handlers.work_times import WorkTimesHandlers
from storage.database import Database

ANY = re.compile(".*", re.DOTALL)


def slack_app(
    client: AsyncWebClient,
    session: aiohttp.ClientSession,
    *,
    team_id: str,
    enterprise_id: str | None,
    bot_id: str,
    bot_user_id: str,
) -> AsyncApp:
    """A Bolt app for one workspace. Signatures are checked before it (`SlackGuard`), the token at the start."""
    # Bolt warns with whole payloads in its text; none of them may reach a log.
    logger = logging.getLogger("lockstep.slack_bolt")
    logger.setLevel(logging.ERROR)
    # Bolt gives each request a copy of this client. Nobody uses it, so it gets no token.
    bare = AsyncWebClient(base_url=client.base_url, session=session, retry_handlers=[], logger=client.logger)
    identity = AuthorizeResult(
        enterprise_id=enterprise_id, team_id=team_id, bot_id=bot_id, bot_user_id=bot_user_id, bot_token=client.token
    )

    async def authorize() -> AuthorizeResult:
        return identity

    return AsyncApp(
        logger=logger,
        name="lockstep",
        client=bare,
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        attaching_function_token_enabled=False,
    )


def register(
    app: AsyncApp,
    *,
    db: Database,
    client: AsyncWebClient,
    session: aiohttp.ClientSession,
    tasks: Tasks,
    read_account: ReadAccount,
    team_id: str,
    bot_user_id: str,
    address: Callable[[], PublicAddress],
) -> None:
    """Every listener is on `app`; only people of the workspace `team_id` are heard. `address`: where other systems
    reach us, known when we listen."""
    db = db.patient(answer_time.left_s)
    replies = Replies(client, session, tasks)
    explainer = Explainer(db)
    homes = Homes(db, client, tasks, explainer)
    handoffs = HandoffHandlers(db, replies)
    reminders = ReminderHandlers(db, replies)
    reassigning = ReassigningHandlers(db, replies)
    practice = PracticeHandlers(db, replies)
    rejects = RejectHandlers(db, replies)
    answers = RejectAnswerHandlers(db, replies)
    disputes = DisputeHandlers(db, replies)
    forms = FormHandlers(db, replies)
    outcomes = OutcomeHandlers(db, replies)
    agreement = AgreementHandlers(db, replies)
    alert_talk = AlertTalkHandlers(db, replies)
    home = HomeHandlers(db, homes, replies)
    lead_form = LeadFormHandlers(db, replies)
    directory = Directory(client, read_account)
    set_up = SetUpHandlers(db, directory, replies)
    team_setup = TeamSetupHandlers(db, directory, replies)
    digests = DigestHandlers(db, directory, replies)
    set_up_lists = SetUpListHandlers(db, replies, lead_form, team_setup, address, digests)
    campaign_alerts = CampaignAlertHandlers(db, directory, replies)
    settings = PersonSettingsHandlers(db, client, replies)
    hours = WorkTimesHandlers(db, replies)
    search = SearchHandlers(db, replies)
    notes = NoteHandlers(db, client, replies, bot_user_id=bot_user_id)
    note_answers = NoteAnswerHandlers(db, replies)
    listeners = Listeners(
        team_id=team_id,
        actions=joined(
            handoffs.actions(),
            reminders.actions(),
            reassigning.actions(),
            rejects.actions(),
            answers.actions(),
            disputes.actions(),
            forms.actions(),
            outcomes.actions(),
            home.actions(),
            alert_talk.actions(),
            agreement.actions(),
            lead_form.actions(),
            settings.actions(),
            hours.actions(),
            practice.actions(),
            notes.actions(),
            search.actions(),
            note_answers.actions(),
            set_up_lists.actions(),
            set_up.actions(),
            team_setup.actions(),
            digests.actions(),
            DigestWindowHandlers(db, replies).actions(),
            campaign_alerts.actions(),
            HomeMenuHandlers(joined(home.actions(), notes.actions(), hours.actions(), settings.actions())).actions(),
        ),
        submissions=joined(
            reminders.submissions(),
            reassigning.submissions(),
            rejects.submissions(),
            answers.submissions(),
            disputes.submissions(),
            forms.submissions(),
            outcomes.submissions(),
            home.submissions(),
            alert_talk.submissions(),
            agreement.submissions(),
            lead_form.submissions(),
            settings.submissions(),
            hours.submissions(),
            notes.submissions(),
            search.submissions(),
            note_answers.submissions(),
            set_up_lists.submissions(),
            set_up.submissions(),
            team_setup.submissions(),
            digests.submissions(),
            campaign_alerts.submissions(),
        ),
        events=joined(home.events(), PeopleHandlers(db, read_account).events()),
        shortcuts=joined(lead_form.shortcuts(), notes.shortcuts(), campaign_alerts.shortcuts()),
        on_messages=notes.on_messages(),
        commands=CommandHandlers(
            db,
            homes,
            lead_form=lead_form,
            settings=settings,
            hours=hours,
            agreement=agreement,
            notes=notes,
            search=search,
            digests=digests,
            campaign_alerts=campaign_alerts,
        ),
        replies=replies,
        homes=homes,
        explainer=explainer,
    )
    app.action(ANY)(listeners.action)
    app.view_submission(ANY)(listeners.submission)
    app.command(ANY)(listeners.command)
    app.event(ANY)(listeners.event)
    app.options(ANY)(listeners.options)
    app.view_closed(ANY)(listeners.anything_else)
    app.global_shortcut(ANY)(listeners.shortcut)
    app.message_shortcut(ANY)(listeners.message_shortcut)
    app.error(failed)
