"""What a source is answered to what it sends; a delivery already seen is answered as then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from bot.domain.qualification import Shortfall
from storage.transaction import Transaction


class Answer(StrEnum):
    OFFERED = "offered"
    UPDATED = "updated"
    TOUCH = "touch"
    UNROUTED = "unrouted"
    STORED = "stored"
    """Kept without being offered to anybody."""
    BELOW_DEFINITION = "below_definition"
    """Kept and not handed over: it lacks what the agreement asks of an MQL."""
    UNCHANGED = "unchanged"
    """Nothing new, or something later is known already."""
    UNKNOWN = "unknown"
    """Said of a lead that was not handed over yet: kept, and heard when it is."""
    ERASED = "erased"
    """The person's data was erased; nothing of them is stored."""
    ECHO = "echo"
    """Our own news, come back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """`below` is what the agreement asks for and the lead lacks. `seen`: this delivery was known already, and the rest
    is what was answered then."""

    lead_id: str | None
    handoff_id: str | None
    status: Answer
    below: tuple[Shortfall, ...] = ()
    seen: bool = False


SEEN = "lead"
"""Under which deliveries of webhooks are remembered."""


def once(tx: Transaction, source: str, delivery_id: str | None, take: Callable[[], HandedOver]) -> HandedOver:
    """What `take()` returns, or for a delivery already seen what was answered then."""
    if delivery_id is None:
        return take()
    key = f"{source}:{delivery_id}"
    answered = tx.seen.answer_of(SEEN, key)
    if answered is not None:
        return HandedOver(
            lead_id=answered["lead_id"],
            handoff_id=answered["handoff_id"],
            status=Answer(answered["status"]),
            below=tuple(Shortfall(**one) for one in answered.get("below", ())),
            seen=True,
        )
    result = take()
    told: dict[str, Any] = {"lead_id": result.lead_id, "handoff_id": result.handoff_id, "status": result.status.value}
    if result.below:
        told["below"] = [asdict(one) for one in result.below]
    tx.seen.remember(SEEN, key, told)
    return result
