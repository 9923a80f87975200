"""Nobody is flooded after a standstill: a few late reminders one by one, and one message that counts the others."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.post import PostRole, Subject
from bot.services import posting
from storage.transaction import Transaction

MOST = 3
"""Late reminders that one reader gets one by one."""
TOGETHER = timedelta(hours=1)
"""So long after the first they count as one flood."""
TITLE = "More is late"


def is_one_by_one(tx: Transaction, place: str) -> bool:
    """Whether a late reminder to this reader is sent as a message of its own; else it is counted in the one message
    about all of them. That one is made with the first, and sent only when there is something to count."""
    tx.posts.lock_place(place)
    counting = tx.posts.latest(Subject.ALERT, place)
    if counting is None or tx.now - counting.created_at > TOGETHER:
        counting = tx.posts.add(Subject.ALERT, place, place, PostRole.NOTICE, None, {"late": 0})
    late = int(counting.data["late"]) + 1
    tx.posts.save_data(counting.id, {"late": late, "title": TITLE, "text": _text(late - MOST)})
    if late <= MOST:
        return True
    posting.sync(tx, counting)
    return False


def _text(more: int) -> str:
    what = "1 more reminder is" if more == 1 else f"{more} more reminders are"
    return (
        f"{what} late, because Lockstep could not say it in time. You get no message for each: everything stands on "
        "your Home under Needs you, what is due first at the top."
    )
