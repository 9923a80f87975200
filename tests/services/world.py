"""A small world for use cases: a real database, a clock that stands still, five people."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.budget import Kind
from bot.domain.config import Config
from bot.domain.handoff import Handoff
from bot.domain.lead import Lead
from bot.domain.matching import Condition, Operator
from bot.domain.person import Person, Role, Side, SlackFlags, Team
from bot.domain.post import OutboxKind, OutboxRow, Post
from bot.domain.routing import Rule, Target
from bot.services import handoffs, intake, reassigning, rejects, timers
from bot.services.answers import HandedOver
from bot.services.lead_records import HandOver
from storage.database import Database
from storage.transaction import Transaction

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
POOL = "C0POOL"
FALLBACK = "C0FALLBACK"
MARKETING = "C0MARKETING"
MIRROR = "C0MIRROR"


class StandingClock:
    """A clock that moves when a test says so."""

    def __init__(self) -> None:
        self._now = START

    def now(self) -> datetime:
        return self._now

    def advance(self, span: timedelta) -> None:
        self._now += span


class World:
    """Use cases as one-liners, and questions about what came of them."""

    def __init__(self, db: Database, clock: StandingClock) -> None:
        self.db = db
        self.clock = clock

    async def hand_over(self, external_id: str = "1", **values: Any) -> HandedOver:
        command = HandOver(source="crm", external_id=external_id, **values)
        return await self.db.run(intake.hand_over, replace(command, given=frozenset(values)))

    async def accept(self, handoff_id: str | None, by: str) -> handoffs.Decided:
        return await self.db.run(handoffs.accept_handoff, handoffs.AcceptHandoff(handoff_id=handoff_id or "", by=by))

    async def undo(self, handoff_id: str | None, by: str) -> handoffs.Decided:
        return await self.db.run(handoffs.undo_accept, handoffs.UndoAccept(handoff_id=handoff_id or "", by=by))

    async def release(self, handoff_id: str | None, by: str, note: str | None = None) -> handoffs.Decided:
        command = handoffs.ReleaseHandoff(handoff_id=handoff_id or "", by=by, note=note)
        return await self.db.run(handoffs.release_handoff, command)

    async def reassign(self, handoff_id: str | None, by: str, to: str, note: str = "sick") -> handoffs.Decided:
        command = reassigning.ReassignHandoff(handoff_id=handoff_id or "", by=by, person_id=to, note=note)
        return await self.db.run(reassigning.reassign_handoff, command)

    async def withdraw(self, handoff_id: str | None, by: str, note: str = "test lead") -> handoffs.Decided:
        command = reassigning.WithdrawHandoff(handoff_id=handoff_id or "", by=by, note=note)
        return await self.db.run(reassigning.withdraw_handoff, command)

    async def reject(self, handoff_id: str | None, by: str, reason: str, **answers: Any) -> handoffs.Decided:
        command = rejects.RejectHandoff(handoff_id=handoff_id or "", by=by, reason=reason, **answers)
        return await self.db.run(rejects.reject_handoff, command)

    async def sweep(self) -> int:
        """How many timers fired."""
        fired = 0
        while await self.db.run(timers.sweep_one):
            fired += 1
        return fired

    async def lead(self, lead_id: str) -> Lead:
        lead = await self.db.read(lambda tx: tx.leads.get(lead_id))
        assert lead is not None
        return lead

    async def handoff(self, handoff_id: str | None) -> Handoff:
        handoff = await self.db.read(lambda tx: tx.handoffs.get(handoff_id or ""))
        assert handoff is not None
        return handoff

    async def of_lead(self, lead_id: str) -> list[Handoff]:
        return await self.db.read(lambda tx: tx.handoffs.of_lead(lead_id))

    async def posts(self, lead_id: str) -> list[Post]:
        return await self.db.read(lambda tx: tx.posts.of_lead(lead_id))

    async def change(self, person_id: str, **values: Any) -> None:
        def save(tx: Transaction) -> None:
            person = tx.people.get(person_id)
            assert person is not None
            changed = replace(person, **values)
            tx.people.set_roster(changed)
            tx.people.set_away(person_id, changed.away_since, changed.away_until)
            if changed.slack_id is None:
                tx.people.lose_account(person_id)
            tx.people.set_flags(person_id, changed.flags)

        await self.db.run(save)

    async def rules(self, *rules: Rule) -> None:
        await self.db.run(lambda tx: tx.rules.replace(list(rules)))

    async def configure(self, **values: Any) -> None:
        await self.db.run(lambda tx: tx.settings.save(replace(tx.config, **values)))

    async def events(self, lead_id: str) -> list[str]:
        events = await self.db.read(lambda tx: tx.events.of_lead(lead_id, 50))
        return [event.kind for event in reversed(events)]

    async def waits_for_brief(self, person_id: str) -> dict[Kind, int]:
        """How much of which kind waits for the person's brief."""
        return await self.db.read(lambda tx: tx.briefs.waiting(person_id))

    async def said(self) -> int:
        """How many messages there were to post or update; they stand now."""
        rows = [row for row in await self.outbox() if row.kind is OutboxKind.SYNC_POST]

        def done(tx: Transaction) -> None:
            for row in rows:
                post = tx.posts.get(row.subject_id)
                assert post is not None
                tx.posts.shown(post.id, post.place, post.ts or "1.0", post.shown_version + 1)
                tx.outbox.done(row, tx.now)

        await self.db.run(done)
        return len(rows)

    async def outbox(self) -> list[OutboxRow]:
        """The heads of all lanes, leased."""
        return await self.db.run(lambda tx: tx.outbox.lease_lanes(100, timedelta(seconds=30)))


def person(number: int, name: str, role: Role, side: Side, **values: Any) -> Person:
    flags = SlackFlags(checked_at=START)
    return Person(
        id=f"p{number}", slack_id=f"U{number}", email=f"{name.lower()}@example.com", name=name, side=side,
        roles=frozenset({role}), flags=flags, **{"tz": "Europe/Berlin", **values},
    )  # fmt: skip


JONAS, INES, PRIYA = "U1", "U2", "U3"
MANAGER, MARKETER, ADMIN = "U4", "U5", "U6"


def everything_to(target: Target, target_id: str, **condition: Any) -> Rule:
    where = Condition(**{"field": "", "operator": Operator.ANY, **condition})
    return Rule(id="r1", position=1, name="All", condition=where, target=target, target_id=target_id)


def populate(tx: Transaction) -> None:
    """Jonas and Ines are team Europe (mirrored), all three reps team Fast lane (a pool); Europe is the rule."""
    for each in (
        person(1, "Jonas", Role.REP, Side.SALES),
        person(2, "Ines", Role.REP, Side.SALES, tz="Europe/Lisbon"),
        person(3, "Priya", Role.REP, Side.SALES, tz="America/New_York"),
        person(4, "Anna", Role.MANAGER, Side.SALES),
        person(5, "Sam", Role.MARKETER, Side.MARKETING),
        person(6, "Noor", Role.ADMIN, Side.OTHER),
    ):
        tx.people.add(each)
    tx.teams.add(Team(id="t1", key="europe", name="Europe", mirror_channel=MIRROR))
    tx.teams.add(Team(id="t2", key="fast", name="Fast lane", pool_channel=POOL))
    tx.teams.set_members("t1", [("p1", 1), ("p2", 1)])
    tx.teams.set_members("t2", [("p1", 1), ("p3", 1)])
    tx.rules.replace([everything_to(Target.TEAM, "t1")])
    tx.settings.save(Config(fallback_channel=FALLBACK, marketing_channel=MARKETING, admin_id="p6"))
