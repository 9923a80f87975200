"""The address of the Slack workspace, by which one of our messages is opened with one tap."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.post import Post
from storage.transaction import Transaction


def remember(tx: Transaction, url: str | None) -> None:
    """Links to messages lead to this workspace from now on; None: there are none."""
    if tx.config.workspace_url != url:
        tx.settings.save(replace(tx.config, workspace_url=url))


def card_link(tx: Transaction, handoff_id: str) -> str | None:
    """Where the card of a handoff stands; None where it has none of its own, or the workspace's address is unknown."""
    card = tx.posts.primary(handoff_id)
    return post_link(tx, card) if card is not None else None


def post_link(tx: Transaction, post: Post) -> str | None:
    """Where a post stands; None where it is not shown, or the workspace's address is unknown.

    The form of a permalink: https://docs.slack.dev/reference/methods/chat.getPermalink
    """
    url = tx.config.workspace_url
    if url is None or post.channel is None or post.ts is None:
        return None
    return f"{url.rstrip('/')}/archives/{post.channel}/p{post.ts.replace('.', '')}"
