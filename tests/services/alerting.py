"""Campaign alerts of the small world, as one-liners: Sam is the marketer, Anna the sales manager, Mona marketing's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.campaign_alert import CampaignAlert
from bot.domain.person import Role, Side
from bot.domain.post import Post, Subject, TimerKind
from bot.services import campaign_alert_saving, campaign_alerts
from bot.services.campaign_alert_reading import SaveAlert
from bot.services.campaign_alerts import ActOnAlert, SayWhy
from storage.transaction import Transaction
from tests.services.signed import put_in_force
from tests.services.world import MANAGER, MARKETER, World, person

MONA = "U7"
SALES, EMEA = "C0SALES", "C0EMEA"
ANSWERS = {
    "name": "Spring webinar",
    "owner": MARKETER,
    "start_date": "2026-03-12",
    "start_time": "10:00",
    "end_date": "2026-03-20",
    "end_time": "18:00",
    "buyer_sees": "Join our webinar on freight.",
    "audience": "Heads of logistics",
    "segment": "Enterprise",
    "new_offer": "Two months free",
    "lead_looks_like": "Signed up, asked for no demo yet",
    "assets": "Page | https://example.com/spring",
    "volume": "120",
    "cost": "12,000",
    "currency": "EUR",
}
STARTS = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
"""10:00 in Berlin, a Thursday."""
ENDS = datetime(2026, 3, 20, 17, 0, tzinfo=UTC)


def populate(tx: Transaction) -> None:
    tx.people.add(person(7, "Mona", Role.MANAGER, Side.MARKETING))
    tx.settings.save(replace(tx.config, sales_channels=(SALES,)))
    put_in_force(tx)


class Alerts:
    def __init__(self, world: World) -> None:
        self.world = world

    async def save(
        self, alert: CampaignAlert | None = None, *, by: str = MARKETER, channels: tuple[str, ...] = (SALES,),
        questions: tuple[str, ...] = ("Q: Is it free?\nA: Yes.",), request: str = "", **answers: str,
    ) -> CampaignAlert:  # fmt: skip
        base = dict(ANSWERS)
        if alert is not None:
            base |= {"name": "", "campaign": alert.campaign_id}
        command = SaveAlert(
            by=by, alert_id=alert.id if alert else "", version=alert.version if alert else 0, tz="Europe/Berlin",
            answers=base | answers, questions=questions, channels=channels, request=request,
        )  # fmt: skip
        return await self.world.db.run(campaign_alert_saving.save_alert, command)

    async def propose(self, alert: CampaignAlert, by: str = MARKETER) -> CampaignAlert:
        return await self.world.db.run(campaign_alerts.propose, ActOnAlert(alert_id=alert.id, by=by))

    async def approve(self, alert: CampaignAlert, by: str = MANAGER) -> CampaignAlert:
        command = ActOnAlert(alert_id=alert.id, by=by, version=alert.version)
        return await self.world.db.run(campaign_alerts.approve, command)

    async def send_back(self, alert: CampaignAlert, why: str = "Say who speaks.", by: str = MANAGER) -> CampaignAlert:
        return await self.world.db.run(campaign_alerts.send_back, SayWhy(alert_id=alert.id, by=by, why=why))

    async def withdraw(self, alert: CampaignAlert, why: str = "No budget.", by: str = MARKETER) -> CampaignAlert:
        return await self.world.db.run(campaign_alerts.withdraw, SayWhy(alert_id=alert.id, by=by, why=why))

    async def end(self, alert: CampaignAlert, by: str = MARKETER) -> CampaignAlert:
        return await self.world.db.run(campaign_alerts.end, ActOnAlert(alert_id=alert.id, by=by))

    async def told(self, **answers: Any) -> CampaignAlert:
        """One that sales has been told of."""
        return await self.approve(await self.propose(await self.save(**answers)))

    async def now(self, alert: CampaignAlert) -> CampaignAlert:
        found = await self.world.db.read(lambda tx: tx.campaign_alerts.get(alert.id))
        assert found is not None
        return found

    async def posts(self, alert: CampaignAlert, subject: Subject = Subject.CAMPAIGN_ALERT) -> list[Post]:
        return await self.world.db.read(lambda tx: tx.posts.of_subject(subject, alert.id))

    async def notices(self, alert: CampaignAlert) -> list[tuple[str, str]]:
        """Where which notice stands."""
        return [(post.place, post.data["what"]) for post in await self.posts(alert, Subject.CAMPAIGN_NOTICE)]

    async def timers(self, alert: CampaignAlert) -> dict[str, datetime]:
        def found(tx: Transaction) -> dict[str, datetime]:
            kinds = (
                TimerKind.CAMPAIGN_DUE, TimerKind.CAMPAIGN_EVE, TimerKind.CAMPAIGN_START, TimerKind.CAMPAIGN_END,
            )  # fmt: skip
            timers = {kind.value.removeprefix("campaign_"): tx.timers.get(kind, alert.id) for kind in kinds}
            return {name: timer.due_at for name, timer in timers.items() if timer is not None}

        return await self.world.db.read(found)

    async def until(self, instant: datetime) -> None:
        """The clock goes on to `instant`, and what is due by then fires, each at its own time."""
        while True:
            due = await self.world.db.read(lambda tx: tx.timers.next_due())
            if due is None or due > instant:
                break
            if due > self.world.clock.now():
                self.world.clock.advance(due - self.world.clock.now())
            await self.world.sweep()
        self.world.clock.advance(instant - self.world.clock.now())
        await self.world.db.run(_confirmed)


def _confirmed(tx: Transaction) -> None:
    """Slack has just said who everybody is."""
    for one in tx.people.all():
        tx.people.set_flags(one.id, replace(one.flags, checked_at=tx.now))
