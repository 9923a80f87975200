"""What the two teams decide, apart from people, teams, routing and the agreement."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Slack channel ids; `admin_id` is a person's id. `crm_hosts`: hosts Open in CRM may link to."""

    fallback_channel: str | None = None
    marketing_channel: str | None = None
    admin_id: str | None = None
    crm_hosts: tuple[str, ...] = ()
    workspace_url: str | None = None
    """Of the Slack workspace, as Slack says at each start; nobody sets it."""
    notes_read_by: tuple[str, ...] = ("sales", "marketing", "leadership")
    """The sides whose people read all field notes; others read their own. See `bot.domain.person.Side`."""
    sales_channels: tuple[str, ...] = ()
    """Where campaign alerts are told, unless an alert names others."""
    alerts_need_approval: bool = True
    """Whether a sales manager approves a campaign alert before sales is told of it."""


KEY_MAX = 64
BY_HAND = "slack"
"""The source of leads handed over in Slack: no system may be called so."""
BY_HAND_PREFIX = f"{BY_HAND}:"
"""Begins the key of the campaign of what one person hands over in Slack without naming a campaign."""


def wrong_key(key: str) -> str | None:
    """What is wrong with the key of a source or target, as the rest of a sentence; None when nothing."""
    if not (key.isascii() and key.replace("-", "").replace("_", "").isalnum() and len(key) <= KEY_MAX):
        return f"use letters, digits, - and _ only, at most {KEY_MAX}"
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A system that posts leads. `secrets` are one or two live signing secrets (`whsec_...`), newest first."""

    key: str
    name: str
    secrets: tuple[str, ...] = field(repr=False)
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    id: str
    key: str
    name: str
    owner_id: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened. `actor` is a person's id, `source:<key>` or `lockstep`; `origin` how it came in."""

    id: str
    happened_at: datetime
    recorded_at: datetime
    actor: str
    origin: str
    kind: str
    lead_id: str | None
    handoff_id: str | None
    data: dict[str, object]
    correlation_id: str | None = None
    """Joins what one payload or delivery led to, here and in the log."""
