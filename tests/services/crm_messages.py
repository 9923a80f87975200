"""What a CRM says of one lead, six messages at a time, and the state a lead is in afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.crm import ActivityKind
from bot.domain.lead import Stage
from bot.domain.routing import Target
from bot.services import crm, intake
from bot.services.answers import HandedOver
from bot.services.crm import LeadErased
from bot.services.crm_news import LeadActivity, LeadOwner, LeadStage, LeadUpdated
from bot.services.lead_records import HandOver
from storage.transaction import Transaction
from tests.services.orders import every_order
from tests.services.world import JONAS, START, World, everything_to

Command = HandOver | LeadUpdated | LeadActivity | LeadStage | LeadOwner | LeadErased
Make = Callable[[str], Command]
"""A message about the lead of this external id."""


def at(minutes: float) -> datetime:
    """Before the world's present, in the order of the minutes."""
    return START - timedelta(hours=2) + timedelta(minutes=minutes)


def common(key: str, minutes: float) -> dict[str, Any]:
    return {"source": "crm", "external_id": key, "at": at(minutes), "delivery_id": f"{key}-{minutes}"}


def ready(minutes: float, **values: Any) -> Make:
    return lambda key: HandOver(
        source="crm", external_id=key, sent_at=at(minutes), delivery_id=f"{key}-{minutes}", given=frozenset(values),
        **{name: f"{key}@example.com" if value == "MAIL" else value for name, value in values.items()},
    )  # fmt: skip


def updated(minutes: float, **values: Any) -> Make:
    return lambda key: LeadUpdated(values={n.replace("__", "."): v for n, v in values.items()}, **common(key, minutes))


def activity(minutes: float, kind: str, by: str | None = None) -> Make:
    return lambda key: LeadActivity(kind=ActivityKind(kind), by=by, **common(key, minutes))


def stage(minutes: float, what: Stage, **values: Any) -> Make:
    return lambda key: LeadStage(stage=what, **values, **common(key, minutes))


def owner(minutes: float, email: str | None) -> Make:
    return lambda key: LeadOwner(email=email, **common(key, minutes))


def erased(minutes: float) -> Make:
    return lambda key: LeadErased(**common(key, minutes))


def take(tx: Transaction, command: Command) -> HandedOver:
    return intake.hand_over(tx, command) if isinstance(command, HandOver) else crm.hear(tx, command)


def state(tx: Transaction, key: str) -> Any:
    """All that counts of the lead now; ids, versions and the order of arrival do not."""
    lead = tx.leads.by_key("crm", key)
    if lead is None:
        known = "erased" if tx.erasures.erased_at("key", "crm", key) else "unknown"
        people = tx.leads.by_email(f"{key}@example.com")
        return known, tx.news.count("crm", key), people, tx.handoffs.count_waiting()
    facts = tx.facts.of(lead.id)
    current = tx.handoffs.owned_of(lead.id) or tx.handoffs.offered_of(lead.id)
    acts = {
        (event.data["activity"], event.happened_at, event.actor)
        for event in tx.events.of_lead(lead.id, 100)
        if event.kind == "lead.activity"
    }
    said = replace(facts, lead_id="", clocks={name: text.partition(" ")[0] for name, text in facts.clocks.items()})
    known = replace(lead, id="", external_id="", email=None, email_normalised=None, version=0)
    return known, said, current and (current.status, current.rep_id), acts


async def hear(world: World, make: Make, key: str = "1") -> HandedOver:
    return await world.db.run(take, make(key))


async def end_of_all_orders(world: World, messages: Sequence[Make], *, first: int | None = None) -> tuple[int, Any]:
    """How many orders there are, of those that begin with message `first` if given, and the state all of them end in.

    Raises AssertionError when one ends otherwise than the first.
    """

    def go(tx: Transaction) -> tuple[int, Any]:
        count, expected = 0, None
        for order, found in every_order(tx, messages, _take_of_one, lambda own: state(own, "1"), first=first):
            expected = found if count == 0 else expected
            assert found == expected, order
            count += 1
        return count, expected

    return await world.db.run(go)


async def begin(world: World, *, accepted: bool) -> None:
    """Jonas gets every lead; this one he has accepted an hour ago, if `accepted`."""
    await world.rules(everything_to(Target.REP, "p1"))
    if accepted:
        done = await hear(world, ready(0, email="MAIL", name="Maria", company="Nord"))
        await world.accept(done.handoff_id, JONAS)
        world.clock.advance(timedelta(hours=1))


BEFORE_ACCEPT = [
    ready(0, email="MAIL", name="Maria", company="Nord", score=50, fields={"employees": "10", "site": "Bonn"}),
    updated(10, company="Nordlicht", score=70, fields__employees="12"),
    updated(20, company="Nordlicht GmbH", fields__employees=None, priority="hot"),
    activity(30, "call", "ines@example.com"),
    stage(40, Stage.OPPORTUNITY, amount="12500", currency="EUR"),
    owner(50, "ines@example.com"),
]
# Minutes of `at`: the accept is at START, and what happens to the deal happens after it.
LATER = 120
AFTER_ACCEPT = [
    updated(LATER + 1, company="Nordlicht", title="CFO"),
    stage(LATER + 2, Stage.OPPORTUNITY, amount="12500", currency="EUR"),
    stage(LATER + 3, Stage.LOST, reason="No budget"),
    stage(LATER + 4, Stage.WON),
    owner(LATER + 5, "jonas@example.com"),
    owner(LATER + 6, "ines@example.com"),
]
LOST_AT_LAST = [
    *AFTER_ACCEPT[:2],
    stage(LATER + 3, Stage.WON, amount="9000", currency="EUR"),
    stage(LATER + 4, Stage.LOST, reason="No budget"),
    activity(LATER + 5, "meeting", "Somebody"),
    owner(LATER + 6, None),
]
ERASED = [*BEFORE_ACCEPT[:5], erased(25)]
ERASED_STATE: Any = ("erased", 0, [], 0)
SETS: dict[str, tuple[list[Make], bool]] = {
    "from the hand-over on": (BEFORE_ACCEPT, False),
    "won in the end": (AFTER_ACCEPT, True),
    "lost in the end": (LOST_AT_LAST, True),
    "erased": (ERASED, False),
}
"""Six messages each, and whether Jonas has accepted the lead before them."""


def _take_of_one(tx: Transaction, make: Make) -> None:
    take(tx, make("1"))
