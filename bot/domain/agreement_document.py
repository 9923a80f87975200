"""The whole agreement of the two teams, as they sign it: the words, the terms, and how they live with them.

Each version of it is one document, which never changes once it is stored; where its signing stands does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.domain.agreement import DEFAULT_TERMS, Terms
from bot.domain.ladder import Mode
from bot.domain.person import Side
from bot.domain.signing import Signing, State, in_force, mode_of


class Defined(StrEnum):
    """What both sides must mean the same by."""

    PROSPECT = "prospect"
    LEAD = "lead"
    MQL = "mql"
    SAL = "sal"
    SQL = "sql"
    CONTACT = "contact"
    OPPORTUNITY = "opportunity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """`words` say what it is; the rest: who creates it, where it is kept, who owns it, what has to happen by when."""

    words: str
    created_by: str = ""
    kept_in: str = ""
    owned_by: str = ""
    time_frame: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointOfContact:
    """Whom the other side asks. `email` is that of somebody on the roster."""

    email: str
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`arbiter` is an e-mail of the roster; None: whoever has the role. Lists of sentences are in the order agreed."""

    terms: Terms = DEFAULT_TERMS
    definitions: Mapping[Defined, Definition] = field(default_factory=dict)
    contacts: Mapping[Side, tuple[PointOfContact, ...]] = field(default_factory=dict)
    offers: tuple[str, ...] = ()
    """What campaigns offer buyers, a line each: an alert names one of them, or marks its own as new."""
    engagement: tuple[str, ...] = ()
    """Rules of engagement."""
    consequences: tuple[str, ...] = ()
    """What follows when a side does not keep to it."""
    disagreements: str = ""
    """How disagreements are settled."""
    arbiter: str | None = None
    review_on: date | None = None
    review_every_days: int = 90
    """How long after coming into force it is reviewed where no date is set."""
    ends: tuple[str, ...] = ()
    """What would end it."""


DEFAULT_DOCUMENT = Document(
    definitions={
        Defined.PROSPECT: Definition(
            words="A company or person in a market we go for, who has not shown interest yet.",
            created_by="Marketing, or a rep",
            kept_in="The CRM",
            owned_by="Marketing",
            time_frame="Until they show interest",
        ),
        Defined.LEAD: Definition(
            words="A person at a company who showed interest.",
            created_by="Marketing: a form, an event, an import; or a rep by hand",
            kept_in="The system it came from, and Lockstep once it is handed over",
            owned_by="Marketing",
            time_frame="Until it meets the definition of an MQL",
        ),
        Defined.MQL: Definition(
            words="A lead that meets the criteria below, so that sales should talk to it now.",
            created_by="Marketing, by handing it over",
            kept_in="Lockstep and the CRM",
            owned_by="Marketing, until a rep accepts it",
            time_frame="Offered to sales, then accepted or rejected, within the agreed windows",
        ),
        Defined.SAL: Definition(
            words="An MQL that a rep reviewed and agreed to work.",
            created_by="The rep, by Accept",
            kept_in="Lockstep and the CRM",
            owned_by="The rep",
            time_frame="First attempt to reach it within the agreed window",
        ),
        Defined.SQL: Definition(
            words="A SAL that a rep qualified in conversation: need, means to decide, and a time.",
            created_by="The rep, by logging it as qualified",
            kept_in="Lockstep and the CRM",
            owned_by="The rep",
            time_frame="As soon as the conversation was held",
        ),
        Defined.CONTACT: Definition(
            words="A person at a company with whom somebody of ours has spoken or written in both directions.",
            created_by="The rep",
            kept_in="The CRM",
            owned_by="The rep of the account",
            time_frame="When the first answer arrives",
        ),
        Defined.OPPORTUNITY: Definition(
            words="A possible deal with an amount and an expected close.",
            created_by="The rep",
            kept_in="The CRM",
            owned_by="The rep",
            time_frame="When a next step is agreed with the buyer",
        ),
    },
    engagement=(
        "Every lead that is handed over is accepted, or rejected with a reason, within its window.",
        "A rep who cannot take a lead says so at once instead of letting the window run out.",
        "Marketing hands over nothing below the definition of an MQL.",
        "Marketing answers every reject that counts against it: mends the lead, accepts the reason, or disputes it.",
        "Sales hears of a campaign before its buyers do.",
    ),
    consequences=(
        "A window that runs out takes the lead to the next rep, and the manager hears of it.",
        "What one side misses is shown to both, in the same numbers.",
    ),
    disagreements=(
        "First the two managers; if they do not settle it within the agreed time, the arbiter decides, with a sentence "
        "that both sides read. The decision is final."
    ),
    ends=("Both managers end it.", "The arbiter ends it.", "A new version comes into force."),
)
"""Version 0: in force from the first start, and unsigned. Windows and reasons are the field's suggested defaults."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One version. `signing` None: an unsigned one, the shipped default or one made of it in set-up.

    `in_force_from` None: it is not to come into force (yet).
    """

    id: str
    version: int
    document: Document
    in_force_from: datetime | None = None
    signing: Signing | None = None

    @property
    def terms(self) -> Terms:
        return self.document.terms

    def binds(self, now: datetime) -> bool:
        """Whether both sides have signed it and it has not ended: it changes only by a new version that they sign."""
        return self.signing is not None and in_force(self.signing, now).state in (State.IN_FORCE, State.SUSPENDED)

    def mode(self, now: datetime) -> Mode:
        """Whether new handoffs are held to it at `now`."""
        return mode_of(self.signing, now)
