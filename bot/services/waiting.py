"""Messages that Slack refuses until somebody mends something: kept, and said once it is mended."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.handoff import Status
from bot.domain.post import OutboxKind, Post, PostRole, Subject
from bot.services import posting
from storage.transaction import Transaction

MENDABLE = frozenset(
    {
        "channel_not_found", "is_archived", "messages_tab_disabled", "missing_scope", "no_permission",
        "not_enabled", "not_in_channel", "restricted_action", "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel", "restricted_action_thread_locked",
        "restricted_action_thread_only_channel", "user_disabled", "user_not_visible",
    }
)  # fmt: skip
"""Slack's errors about the place, the person or the app, all of which an admin can mend. The others are about what was
said, and would come again."""

NEWS = timedelta(days=7)
"""How long a notice is worth reading."""
AT_ONCE = 100
"""So many of a place are looked at in one transaction."""


def try_again(tx: Transaction) -> None:
    """One message of each place where some wait is tried again; if it arrives, `arrived` lets the others follow. So a
    channel that is still closed costs one call, however many leads wait for it."""
    for place in tx.posts.places_waiting():
        for post in tx.posts.waiting_at(place, AT_ONCE):
            if _bring_back(tx, post):
                break


def arrived(tx: Transaction, place: str) -> None:
    """Something was shown at `place`: what waits there can be, too."""
    for post in tx.posts.waiting_at(place, AT_ONCE):
        _bring_back(tx, post)


def _bring_back(tx: Transaction, post: Post) -> bool:
    """The post is to be said after all; False when nobody needs it any more: then it waits no longer."""
    if not _is_needed(tx, post):
        tx.posts.gone(post.id, post.gone or "")
        posting.thread_goes_on(tx, post.id)
        return False
    tx.posts.back(post.id)
    tx.outbox.forget_parked(OutboxKind.SYNC_POST, post.id)
    back = tx.posts.get(post.id)
    if back is not None:
        posting.sync(tx, back)
    return True


def _is_needed(tx: Transaction, post: Post) -> bool:
    """A card as long as its handoff is open or owned, a notice as long as it is news."""
    if post.subject is not Subject.HANDOFF:
        return tx.now - post.created_at <= NEWS
    handoff = tx.handoffs.get(post.subject_id)
    if handoff is None or not (
        handoff.status is Status.OFFERED or (handoff.status is Status.ACCEPTED and handoff.ended_at is None)
    ):
        return False
    return post.role is not PostRole.PRIMARY or tx.posts.primary(handoff.id) is None
