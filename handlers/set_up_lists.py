"""The lists of set-up in windows: routing rules, sources, reasons and teams, and the try of a lead."""

from __future__ import annotations

from collections.abc import Callable

from bot.views import campaigns, digests, reject_reasons, routing_rules, sources, team_forms
from bot.views.ids import ActionId
from bot.views.set_up_ref import read_turn
from bot.views.webhook_example import PublicAddress
from handlers.campaigns import CampaignHandlers
from handlers.digests import DigestHandlers
from handlers.lead_form import LeadFormHandlers
from handlers.payloads import Click
from handlers.reject_reasons import RejectReasonHandlers
from handlers.replies import Replies
from handlers.routing_rules import RoutingRuleHandlers
from handlers.routing_trial import RoutingTrialHandlers
from handlers.sources import SourceHandlers
from handlers.tables import Actions, Submissions, joined
from handlers.team_setup import TeamSetupHandlers
from storage.database import Database


class SetUpListHandlers:
    """`address`: where other systems reach us; it is known when we listen."""

    def __init__(
        self,
        db: Database,
        replies: Replies,
        lead_form: LeadFormHandlers,
        teams: TeamSetupHandlers,
        address: Callable[[], PublicAddress],
        digest_handlers: DigestHandlers,
    ) -> None:
        self._replies = replies
        self._rules = RoutingRuleHandlers(db, replies)
        self._sources = SourceHandlers(db, replies, lead_form, address)
        self._reasons = RejectReasonHandlers(db, replies)
        self._campaigns = CampaignHandlers(db, replies)
        self._trial = RoutingTrialHandlers(db, replies)
        self._lists = {
            routing_rules.LIST: self._rules.view,
            sources.LIST: self._sources.view,
            reject_reasons.LIST: self._reasons.view,
            team_forms.LIST: teams.view,
            campaigns.LIST: self._campaigns.view,
            digests.LIST: digest_handlers.view,
        }

    def actions(self) -> Actions:
        return joined(
            self._rules.actions(),
            self._sources.actions(),
            self._reasons.actions(),
            self._campaigns.actions(),
            self._trial.actions(),
            dict.fromkeys((ActionId.SET_UP_PAGE_BACK, ActionId.SET_UP_PAGE_ON), self.turn),
        )

    def submissions(self) -> Submissions:
        return joined(
            self._rules.submissions(),
            self._sources.submissions(),
            self._reasons.submissions(),
            self._campaigns.submissions(),
            self._trial.submissions(),
        )

    async def turn(self, click: Click) -> None:
        """Another page of a list, in the window it stands in."""
        which, page = read_turn(click.value, self._lists)
        if click.view_id is not None:
            await self._replies.update_form(click.view_id, await self._lists[which](click.by, page))
