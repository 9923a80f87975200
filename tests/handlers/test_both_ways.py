"""Other systems hear of every decision, in order and for days; what they say back of it is no news."""

from __future__ import annotations

import json
import re
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.person import SlackFlags
from bot.domain.post import OutboxKind, OutboxStatus
from bot.domain.routing import Target as RuleTarget
from bot.domain.target import ATTEMPTS, EVENTS, SCHEDULE, Target
from bot.integrations.slack import SlackChat, web_client, web_session
from bot.integrations.web import Web
from bot.outbox import enable, listing, replay
from bot.services import departures
from bot.services.announcements import lane_of, target_of
from jobs.announce import Announce
from jobs.deliver_outbox import Outbox, _lease_for_targets
from storage.tables.handoffs import events
from storage.transaction import Transaction
from tests.handlers import toy_crm
from tests.handlers.office import Office
from tests.handlers.toy_crm import SECRETS, Heard, ToyCrm
from tests.services.world import INES, JONAS, MANAGER, START, World, everything_to

Json = dict[str, Any]


class Both:
    """Lockstep and a CRM that hear of each other."""

    def __init__(self, office: Office, crm: ToyCrm, outbox: Outbox) -> None:
        self.office = office
        self.world: World = office.world
        self.crm = crm
        self.outbox = outbox
        self.sent = 0
        self.answers: list[str] = []

    async def deliver(self) -> None:
        await self.outbox.deliver_due()

    async def passes(self, span: timedelta) -> None:
        """Time goes by from one due instant to the next, and everything due is delivered."""
        end = self.world.clock.now() + span
        while True:
            await self.deliver()
            due = await self.world.db.read(lambda tx: tx.outbox.next_due())
            if due is None or due > end:
                break
            self.world.clock.advance(max(due - self.world.clock.now(), timedelta(0)))
        self.world.clock.advance(end - self.world.clock.now())

    async def says(self, kind: str, data: Json, **more: Any) -> str:
        """The CRM posts a message; what it was answered."""
        self.sent += 1
        now = self.world.clock.now().isoformat()
        body = json.dumps({"type": kind, "timestamp": now, "data": data, **more}).encode()
        answer = await self.office.post_body(body, delivery=f"crm-{self.sent}")
        assert answer.status_code == 202, answer.text
        self.answers.append(answer.json()["status"])
        return self.answers[-1]

    async def statuses(self) -> dict[OutboxStatus, int]:
        counts = await self.world.db.read(lambda tx: tx.outbox.counts())
        return {status: count for status, count in counts.items() if count}


@pytest.fixture
async def both(office: Office) -> AsyncIterator[Both]:
    async with toy_crm.running() as crm, web_session() as session, Web(timeout_s=5, largest_answer=1000) as web:
        await office.world.db.run(_target, crm.url)
        await office.world.rules(everything_to(RuleTarget.REP, "p1"))
        chat = SlackChat(web_client("xoxb-test", f"{office.wire.url}/api/", session), office.world.clock)
        announce = Announce(office.world.db, web, real_now=time.time, seed=1)
        yield Both(office, crm, Outbox(office.world.db, chat, announce=announce, load=lambda tx, post_id: None))


def _target(tx: Transaction, url: str) -> None:
    tx.targets.add(Target(key="crm", url=url, secrets=SECRETS, created_at=START))


async def test_an_accept_is_told_with_who_and_when_and_signed(both: Both) -> None:
    done = await both.world.hand_over("42", name="Maria")
    await both.world.accept(done.handoff_id, JONAS)
    await both.deliver()
    [heard] = both.crm.heard
    message = heard.message
    assert (message["type"], message["timestamp"], message["origin"]) == (
        "handoff.accepted", "2026-03-02T09:00:00.000000Z", "lockstep",
    )  # fmt: skip
    data = message["data"]
    assert data["event_id"] == heard.id
    assert data["by"] == {"name": "Jonas", "email": "jonas@example.com"}
    assert data["owner"] == data["by"]
    assert (data["lead"]["source"], data["lead"]["external_id"], data["lead"]["stage"]) == ("crm", "42", "sal")
    assert data["handoff_id"] == done.handoff_id
    assert "Maria" not in heard.raw.decode()


async def test_an_undo_names_what_it_takes_back_and_comes_after_it(both: Both) -> None:
    done = await both.world.hand_over("42")
    await both.world.accept(done.handoff_id, JONAS)
    await both.world.undo(done.handoff_id, JONAS)
    await both.deliver()
    assert both.crm.kinds == ["handoff.accepted", "handoff.undone"]
    accepted, undone = both.crm.heard
    assert undone.message["data"]["compensates"] == accepted.id


async def test_every_decision_is_told_and_offers_are_not(both: Both) -> None:
    world = both.world
    first = await world.hand_over("1")
    await world.reject(first.handoff_id, JONAS, "low_intent", comment="No budget")
    second = await world.hand_over("2")
    moved = await world.reassign(second.handoff_id, MANAGER, "p2")
    assert moved.successor is not None
    await world.accept(moved.successor.id, INES)
    await world.release(moved.successor.id, INES, "Not my region")
    third = await world.hand_over("3")
    await world.withdraw(third.handoff_id, MANAGER)
    await both.deliver()
    assert sorted(both.crm.kinds) == [
        "handoff.accepted", "handoff.reassigned", "handoff.rejected", "handoff.released", "handoff.withdrawn",
        "lead.recycled",
    ]  # fmt: skip
    [rejected] = [one for one in both.crm.heard if one.message["type"] == "handoff.rejected"]
    assert rejected.message["data"]["reason"]["code"] == "low_intent"
    assert rejected.message["data"]["comment"] == "No budget"


async def test_the_example_of_the_page_knows_what_comes_from_us(both: Both) -> None:
    page = (Path(__file__).parents[2] / "docs" / "announcements.md").read_text(encoding="utf-8")
    example = page.partition("```python\n")[2].partition("```")[0]
    done = await both.world.hand_over("42")
    await both.world.accept(done.handoff_id, JONAS)
    await both.deliver()
    [heard] = both.crm.heard
    for secret in SECRETS:  # either of the two will do
        found: Json = {}
        exec(re.sub(r"whsec_[A-Za-z0-9+/=]+", secret, example, count=1), found)
        assert found["is_from_lockstep"](heard.headers, heard.raw)
        assert not found["is_from_lockstep"](heard.headers, heard.raw + b" ")
        assert not found["is_from_lockstep"]({**heard.headers, "webhook-id": "other"}, heard.raw)
        assert not found["is_from_lockstep"]({**heard.headers, "webhook-timestamp": "1"}, heard.raw)


async def test_one_id_joins_a_message_of_the_crm_with_what_is_told_because_of_it(both: Both) -> None:
    done = await both.world.hand_over("42")
    await both.world.accept(done.handoff_id, JONAS)
    await both.deliver()
    both.world.clock.advance(timedelta(minutes=1))
    await both.says("lead.owner", {"external_id": "42", "email": "ines@example.com"})
    rows = await both.world.db.run(lambda tx: tx.outbox.lease_lanes(100, timedelta(seconds=1), to_targets=True))
    written = await both.world.db.read(lambda tx: tx.events.of_lead(done.lead_id or "", 50))
    by_kind = {event.kind: event.correlation_id for event in written}
    assert by_kind["lead.owner"] is not None
    assert by_kind["handoff.transferred"] == by_kind["lead.owner"]
    assert [row.correlation_id for row in rows] == [by_kind["lead.owner"]]


async def test_what_follows_without_a_click_is_told_as_well(both: Both) -> None:
    """Whoever writes an event of a kind that is told must have told it: a lead that changes hands because somebody
    left, or that is one with another."""
    world = both.world
    kept = await world.hand_over("1", name="Maria Lopez", company="Nordlicht")
    same = await world.hand_over("2", name="Maria Lopez", company="Nordlicht")
    await world.reject(same.handoff_id, JONAS, "duplicate", lead_id=kept.lead_id)
    await world.db.run(_is_deactivated, JONAS)
    await world.sweep()
    await both.deliver()
    assert sorted(both.crm.kinds) == ["handoff.rejected", "handoff.withdrawn", "lead.merged"]
    [merged] = [one for one in both.crm.heard if one.message["type"] == "lead.merged"]
    assert merged.message["data"]["into"] == kept.lead_id
    assert {one.id for one in both.crm.heard} == await world.db.read(_to_be_told)


def _is_deactivated(tx: Transaction, slack_id: str) -> None:
    person = tx.people.by_slack_id(slack_id)
    assert person is not None
    flags = SlackFlags(is_deleted=True, checked_at=tx.now)
    tx.people.set_flags(person.id, flags)
    departures.note_change(tx, person, replace(person, flags=flags))


def _to_be_told(tx: Transaction) -> set[str]:
    """Every event of a kind that is told."""
    return {row.id for row in tx.events._all(sa.select(events.c.id).where(events.c.kind.in_(EVENTS)))}


async def test_of_one_lead_nothing_overtakes_and_another_lead_does_not_wait(both: Both) -> None:
    one = await both.world.hand_over("1")
    other = await both.world.hand_over("2")
    while lane_of("crm", one.lead_id or "") == lane_of("crm", other.lead_id or ""):  # one pair in 256
        other = await both.world.hand_over(f"{other.lead_id}")
    await both.world.accept(one.handoff_id, JONAS)
    both.crm.status = 500
    await both.deliver()
    both.crm.status = 204
    await both.world.undo(one.handoff_id, JONAS)
    await both.world.accept(other.handoff_id, JONAS)
    await both.deliver()
    assert both.crm.kinds == ["handoff.accepted", "handoff.accepted"]
    await both.passes(timedelta(minutes=1))
    ids = [heard.message["data"]["lead"]["id"] for heard in both.crm.heard]
    assert ids == [one.lead_id, other.lead_id, one.lead_id, one.lead_id]
    assert both.crm.kinds[2:] == ["handoff.accepted", "handoff.undone"]


async def test_it_is_tried_for_days_with_the_same_bytes_then_kept_and_the_admin_told(both: Both) -> None:
    done = await both.world.hand_over("1")
    both.crm.status = 500
    await both.world.accept(done.handoff_id, JONAS)
    await both.passes(timedelta(days=5))
    assert len(both.crm.heard) == ATTEMPTS
    assert len({(one.id, one.raw) for one in both.crm.heard}) == 1
    assert await both.statuses() == {OutboxStatus.PARKED: 1}
    assert sum(SCHEDULE, timedelta(0)) > timedelta(days=3)
    posts = await both.world.db.read(_alerts)
    assert [title for title in posts if "crm does not hear" in title]


def _alerts(tx: Transaction) -> list[str]:
    found = tx.events._all(sa.select(events.c.data).where(events.c.kind == "admin.alerted"))
    return [str(row.data["title"]) for row in found]


async def test_a_parked_one_is_listed_and_sent_again_on_request(both: Both, database: dict[str, str]) -> None:
    done = await both.world.hand_over("1")
    both.crm.status = 500
    await both.world.accept(done.handoff_id, JONAS)
    await both.passes(timedelta(days=5))
    both.crm.status = 204
    counts, parked = listing(database, limit=10)
    assert "parked 1" in counts
    assert "crm answered 500" in parked
    assert replay(database, [], target="crm", everything=False, clock=both.world.clock) == ["1 to be sent again."]
    await both.passes(timedelta(seconds=1))
    assert len(both.crm.heard) == ATTEMPTS + 1
    assert await both.statuses() == {}


@pytest.fixture
def database(tmp_path: Any) -> dict[str, str]:
    return {"LOCKSTEP_DATABASE_URL": f"sqlite:///{tmp_path / 'lockstep.db'}"}


async def test_gone_means_gone_until_somebody_enables_it(both: Both, database: dict[str, str]) -> None:
    first, second, third = [await both.world.hand_over(str(number)) for number in range(3)]
    both.crm.status = 410
    await both.world.accept(first.handoff_id, JONAS)
    await both.deliver()
    await both.world.accept(second.handoff_id, JONAS)
    await both.passes(timedelta(hours=1))
    assert len(both.crm.heard) == 1
    assert [line for line in listing(database, limit=10) if line.startswith("Target crm is disabled")]
    both.crm.status = 204
    enable(database, "crm")
    await both.world.accept(third.handoff_id, JONAS)
    await both.deliver()
    assert len(both.crm.heard) == 2


@pytest.mark.parametrize(("retry_after", "seconds"), [("120", 120), ("999999999", 86400), ("soon", 5), ("-1", 5)])
async def test_a_receiver_may_ask_for_more_time(both: Both, retry_after: str, seconds: int) -> None:
    both.crm.status, both.crm.answer_headers = 429, {"Retry-After": retry_after}
    done = await both.world.hand_over("1")
    await both.world.accept(done.handoff_id, JONAS)
    await both.deliver()
    due = await both.world.db.read(lambda tx: tx.outbox.next_due())
    assert due is not None
    wait = (due - both.world.clock.now()).total_seconds()
    assert seconds <= wait <= max(seconds, 6)


@pytest.mark.parametrize(
    "answer", [{"status": 302, "answer_headers": {"Location": "/elsewhere"}}, {"body": b"x" * 5000}]
)
async def test_redirects_and_endless_answers_are_failures(both: Both, answer: Json) -> None:
    for name, value in answer.items():
        setattr(both.crm, name, value)
    if "body" in answer:
        both.crm.status = 200
    done = await both.world.hand_over("1")
    await both.world.accept(done.handoff_id, JONAS)
    await both.deliver()
    assert len(both.crm.heard) == 1
    assert await both.statuses() == {OutboxStatus.PENDING: 1}


@pytest.mark.parametrize("marked", ["by value", "by its mark", "by the message it answers"])
async def test_an_echo_loop_of_a_thousand_ends_after_one(both: Both, marked: str) -> None:
    """A CRM that answers everything it hears with news about the same lead, a thousand times if it is let."""
    left = 1000

    async def echo(heard: Heard) -> None:
        nonlocal left
        if left > 0 and heard.message["data"]["owner"] is not None:
            left -= 1
            data = {"external_id": "42", "email": heard.message["data"]["owner"]["email"]}
            more = {"by value": {}, "by its mark": {"origin": "lockstep"}}.get(marked, {"echo_of": heard.id})
            await both.says("lead.owner", data, **more)

    both.crm.then = echo
    done = await both.world.hand_over("42")
    await both.world.accept(done.handoff_id, JONAS)
    await both.passes(timedelta(days=5))
    assert both.crm.kinds == ["handoff.accepted"]
    assert both.answers == ["unchanged" if marked == "by value" else "echo"]
    [handoff] = await both.world.of_lead(done.lead_id or "")
    assert handoff.is_owned


async def test_our_own_message_sent_back_whole_is_an_echo(both: Both) -> None:
    done = await both.world.hand_over("42")
    await both.world.accept(done.handoff_id, JONAS)
    await both.deliver()
    answer = await both.office.post_body(both.crm.heard[0].raw, delivery="relayed")
    assert (answer.status_code, answer.json()["status"]) == (202, "echo")


async def test_a_change_of_owner_in_the_crm_is_told_and_its_echo_ends_it(both: Both) -> None:
    done = await both.world.hand_over("42")
    await both.world.accept(done.handoff_id, JONAS)
    await both.deliver()
    both.world.clock.advance(timedelta(minutes=1))
    assert await both.says("lead.owner", {"external_id": "42", "email": "ines@example.com"}) == "updated"
    await both.passes(timedelta(minutes=1))
    assert both.crm.kinds == ["handoff.accepted", "handoff.transferred", "handoff.accepted"]
    assert both.crm.heard[-1].message["data"]["owner"]["email"] == "ines@example.com"
    assert await both.says("lead.owner", {"external_id": "42", "email": "ines@example.com"}) == "unchanged"
    await both.passes(timedelta(days=5))
    assert len(both.crm.kinds) == 3


async def test_how_a_delivery_ended_is_counted_as_it_ended(both: Both) -> None:
    ended: list[str] = []
    both.outbox.on_outcome = lambda kind, outcome: ended.append(f"{kind} {outcome}")
    first = await both.world.hand_over("1")
    await both.world.accept(first.handoff_id, JONAS)
    await both.deliver()
    assert [one for one in ended if one.startswith("announce")] == ["announce done"]
    ended.clear()
    second = await both.world.hand_over("2")
    both.crm.status = 500
    await both.world.accept(second.handoff_id, JONAS)
    await both.passes(timedelta(days=5))
    told = [one for one in ended if one.startswith("announce")]
    assert told == ["announce later"] * (ATTEMPTS - 1) + ["announce undeliverable"]


async def test_nothing_that_is_said_of_a_target_tells_its_address(both: Both, database: dict[str, str]) -> None:
    hidden = both.crm.url.rpartition(":")[0] + ":1/hook?token=s3cr3t"
    await both.world.db.run(lambda tx: tx.targets.save(replace(tx.targets.all()[0], url=hidden)))
    done = await both.world.hand_over("1")
    await both.world.accept(done.handoff_id, JONAS)
    await both.passes(timedelta(days=5))
    said = listing(database, limit=10)
    assert "crm was not reached" in said[1]
    assert "s3cr3t" not in str(said)
    alerts = await both.world.db.read(lambda tx: [str(row) for row in tx.events._all(sa.select(events.c.data))])
    assert "s3cr3t" not in str(alerts)


async def test_what_was_decided_while_a_target_was_disabled_is_told_on_request(
    both: Both, database: dict[str, str]
) -> None:
    await both.world.db.run(lambda tx: tx.targets.disable("crm", "Somebody said so"))
    done = await both.world.hand_over("1")
    await both.world.accept(done.handoff_id, JONAS)
    await both.deliver()
    assert (both.crm.heard, await both.statuses()) == ([], {OutboxStatus.PARKED: 1})
    assert "60 days at most" in enable(database, "crm")
    assert replay(database, [], target="crm", everything=False, clock=both.world.clock) == ["1 to be sent again."]
    await both.passes(timedelta(seconds=1))
    assert both.crm.kinds == ["handoff.accepted"]


async def test_what_a_target_was_not_told_is_kept_until_it_is_and_replay_says_what_it_cannot(
    both: Both, database: dict[str, str]
) -> None:
    both.crm.status = 500
    done = await both.world.hand_over("1")
    await both.world.accept(done.handoff_id, JONAS)
    await both.passes(timedelta(days=5))
    both.world.clock.advance(timedelta(days=100))
    assert await both.world.db.run(lambda tx: tx.announcements.prune(tx.now - timedelta(days=60))) == 0
    both.crm.status = 204
    assert replay(database, [], target="crm", everything=False, clock=both.world.clock) == ["1 to be sent again."]
    await both.passes(timedelta(seconds=1))
    assert both.crm.kinds[-1] == "handoff.accepted"
    assert await both.world.db.run(lambda tx: tx.announcements.prune(tx.now - timedelta(days=60))) == 1


async def test_replay_names_a_target_that_is_gone(both: Both, database: dict[str, str]) -> None:
    both.crm.status = 500
    done = await both.world.hand_over("1")
    await both.world.accept(done.handoff_id, JONAS)
    await both.passes(timedelta(days=5))
    await both.world.db.run(lambda tx: tx.targets.delete("crm"))
    refused, nothing = replay(database, [], target="crm", everything=False, clock=both.world.clock)
    assert "the target crm is not in the configuration any more" in refused
    assert nothing == "Nothing to send again."


async def test_a_target_that_hangs_leaves_room_for_the_others(both: Both) -> None:
    """Of four deliveries at once at most two go to the same system."""
    lanes = await both.world.db.run(_many_lanes)
    rows = await both.world.db.run(_lease_for_targets, 4, {})
    keys = [target_of(row.lane) for row in rows]
    assert sorted(keys) == ["a_b", "a_b", "crm", "crm"]
    assert await both.world.db.run(_lease_for_targets, 4, {"a_b": 2, "crm": 2}) == []
    assert lanes == 20


def _many_lanes(tx: Transaction) -> int:
    for number in range(10):
        for key in ("a_b", "crm"):
            tx.outbox.add(OutboxKind.ANNOUNCE, f"{number}@{key}", f"target:{key}:{number}")
    return 20


async def test_slacks_limits_do_not_put_off_when_others_are_told(both: Both) -> None:
    now = both.world.clock.now()
    await both.world.db.run(_many_lanes)
    await both.world.db.run(lambda tx: tx.outbox.hold_all(now + timedelta(minutes=5)))
    assert await both.world.db.read(lambda tx: tx.outbox.next_due()) == now
