"""The window in which two managers settle a dispute: it runs for whoever of them has not said anything yet, and of two
for the one who needs longer, so that each has at least what was agreed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.business_time import add_working_time
from bot.domain.countdown import CountdownKind
from bot.domain.dispute import Dispute, DisputeState, contenders
from bot.domain.person import Person
from bot.services import countdowns, deciders
from bot.services.calendars import calendar_of_person
from bot.services.dispute_messages import waits_for
from storage.transaction import Transaction


def slower(tx: Transaction, case: Sequence[Dispute], since: datetime) -> Person | None:
    """Whose working hours hold the agreed window last, of the managers who have not said anything yet or of who stands
    in for them; None: nobody's."""
    window = timedelta(minutes=tx.agreements.in_force().terms.settle_minutes)
    found: list[tuple[datetime, str, Person]] = []
    manager_ids = sorted({person_id for one in case for person_id in waits_for(one)})
    for manager in tx.people.get_many(manager_ids).values():
        reader = deciders.reader_of(tx, manager, but=contenders(case))
        due_at = add_working_time(calendar_of_person(tx, reader), since, window)
        if due_at is not None:
            found.append((due_at, reader.id, reader))
    return max(found, key=lambda one: one[:2])[2] if found else None


def goes_on(tx: Transaction, case_id: str, case: Sequence[Dispute]) -> None:
    """Somebody has said what they think: the window runs on for whoever has not, from when the case was raised."""
    running = countdowns.of(tx, CountdownKind.SETTLE, case_id)
    left = [one for one in case if one.state is DisputeState.WITH_MANAGERS]
    if running is None or not running.is_running or not left:
        return
    owner = slower(tx, left, running.started_at)
    if owner is None or owner.id == running.owner_id:
        return
    agreement = tx.agreements.get(running.agreement_id) or tx.agreements.in_force()
    countdowns.stop(tx, CountdownKind.SETTLE, case_id, void=True)
    countdowns.start(
        tx, CountdownKind.SETTLE, case_id, window=running.window, terms=agreement.terms, agreement_id=agreement.id,
        lead_id=running.lead_id, owner_id=owner.id, since=left[0].raised_at,
    )  # fmt: skip
