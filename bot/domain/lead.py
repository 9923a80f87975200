"""A lead: a person at a company who showed interest, and the stages it goes through."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.ladder import Rung


class Priority(StrEnum):
    HOT = "hot"
    WARM = "warm"
    COLD = "cold"

    @property
    def heat(self) -> int:
        """Higher is hotter."""
        return {"hot": 2, "warm": 1, "cold": 0}[self.value]


class Stage(StrEnum):
    LEAD = "lead"
    MQL = "mql"
    SAL = "sal"
    SQL = "sql"
    OPPORTUNITY = "opportunity"
    WON = "won"
    LOST = "lost"
    RECYCLED = "recycled"
    """Back to marketing, until `recycle_at` where a date was given."""
    CLOSED = "closed"
    """Rejected for good, or withdrawn."""
    MERGED = "merged"
    """The same person as the lead `merged_into`."""


MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.LEAD: frozenset({Stage.MQL, Stage.MERGED, Stage.CLOSED}),
    Stage.MQL: frozenset({Stage.SAL, Stage.RECYCLED, Stage.CLOSED, Stage.MERGED}),
    Stage.SAL: frozenset({Stage.MQL, Stage.SQL, Stage.RECYCLED, Stage.CLOSED, Stage.LOST, Stage.MERGED}),
    Stage.SQL: frozenset({Stage.OPPORTUNITY, Stage.WON, Stage.LOST, Stage.RECYCLED, Stage.CLOSED, Stage.MERGED}),
    Stage.OPPORTUNITY: frozenset({Stage.WON, Stage.LOST, Stage.RECYCLED, Stage.CLOSED, Stage.MERGED}),
    Stage.WON: frozenset(),
    Stage.LOST: frozenset({Stage.MQL, Stage.RECYCLED}),
    Stage.RECYCLED: frozenset({Stage.MQL, Stage.MERGED, Stage.CLOSED}),
    Stage.CLOSED: frozenset({Stage.MQL}),
    Stage.MERGED: frozenset(),
}
"""From each stage, the stages a lead may move to. SAL to MQL is an Undo, a release or a transfer.
A qualified lead that a manager gave to somebody else can be rejected by them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """Everything text here is untrusted: it was typed into a web form by the lead itself.

    `phone_e164` is the phone number in E.164 form where it could be validated, else None.
    `url` is the CRM record. `fields` are further key-values. `version` grows with each change.
    """

    id: str
    source: str
    external_id: str
    email: str | None = None
    email_normalised: str | None = None
    name: str | None = None
    company: str | None = None
    title: str | None = None
    phone: str | None = None
    phone_e164: str | None = None
    country: str | None = None
    origin: str | None = None
    campaign_id: str | None = None
    campaign_key: str | None = None
    score: int | float | None = None
    touches: int | None = None
    engaged_at: datetime | None = None
    priority: Priority = Priority.WARM
    summary: str | None = None
    url: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    stage: Stage = Stage.LEAD
    recycle_at: datetime | None = None
    merged_into: str | None = None
    rung: Rung | None = None
    """How far it went up the ladder since it was handed over, because nobody decided on it in time. PARKED: nobody has
    it and nobody is offered it, until a manager assigns it."""
    below_at: datetime | None = None
    """Since when it is kept and not handed over, because it is below the agreed definition of an MQL."""
    erased_at: datetime | None = None
    """When the person's data was erased at their request; what is left tells nobody who it was."""
    practice: bool = False
    """Nobody real: for a rep to try a card on; in no number, list or limit."""
    version: int = 1
    created_at: datetime
    updated_at: datetime


CRM_STAGES = frozenset({Stage.SQL, Stage.OPPORTUNITY, Stage.WON, Stage.LOST})
"""What the CRM knows of a lead that sales accepted. Among these its latest word holds: a deal won by mistake can be
corrected."""
CARRIED_ON = CRM_STAGES - {Stage.LOST}
"""Stages a lead keeps when it changes hands."""


def may_move(from_stage: Stage, to_stage: Stage) -> bool:
    """Whether a lead may go from one stage to the other; staying is not a move."""
    return to_stage in MOVES[from_stage]


def normalise_email(address: str | None) -> str | None:
    """The form in which two addresses of one person are equal: NFKC, no outer space, no case, IDNA domain.

    None for None, "" and text without exactly one @ with something on both sides. Dots and +tags are kept:
    whether they matter is the mail host's own rule, and joining two people is worse than asking twice.
    """
    if not address:
        return None
    text = unicodedata.normalize("NFKC", address).strip().casefold()
    local, at, domain = text.partition("@")
    if not at or not local or not domain or "@" in domain:
        return None
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return f"{local}@{domain}"
