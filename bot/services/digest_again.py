"""Digests that stand in Slack stay true: what was taken back, erased or hidden is gone from those that showed it."""

from __future__ import annotations

from bot.domain.post import Subject
from bot.services import posting
from storage.transaction import Transaction


def theme_changed(tx: Transaction, theme_id: str) -> None:
    """A note of the theme was changed, taken back or erased: just the digests that showed the theme are brought up to
    date."""
    for digest_id in tx.digest_themes.showing(theme_id):
        for post in tx.posts.of_subject(Subject.DIGEST, digest_id):
            posting.sync(tx, post)
