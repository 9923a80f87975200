"""The address of the Slack workspace, by which one of our messages is opened with one tap."""

from __future__ import annotations

from dataclasses import replace

from storage.transaction import Transaction


def remember(tx: Transaction, url: str | None) -> None:
    """Links to messages lead to this workspace from now on; None: there are none."""
    if tx.config.workspace_url != url:
        tx.settings.save(replace(tx.config, workspace_url=url))


def card_link(tx: Transaction, handoff_id: str) -> str | None:
    """Where the card of a handoff stands; None where it has none of its own, or the workspace's address is unknown.

    The form of a permalink: https://docs.slack.dev/reference/methods/chat.getPermalink
    """
    url, card = tx.config.workspace_url, tx.posts.primary(handoff_id)
    if url is None or card is None or card.channel is None or card.ts is None:
        return None
    return f"{url.rstrip('/')}/archives/{card.channel}/p{card.ts.replace('.', '')}"
