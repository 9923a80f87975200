"""How an agreement comes into force and goes out of it: proposed, signed by one manager of each side, in force from its
instant; suspended, resumed or ended by both sides or by the arbiter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.ladder import Mode
from bot.domain.person import Person, Role, Side
from bot.errors import Refused

SIDES = (Side.SALES, Side.MARKETING)
LATEST_START = timedelta(days=366)


class State(StrEnum):
    PROPOSED = "proposed"
    SIGNED = "signed"
    """By both; comes into force at its instant."""
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    """Still what was agreed, but nothing is held to it: as in trial."""
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    """Never came into force."""
    REPLACED = "replaced"
    """A later version came into force."""


class Wish(StrEnum):
    """What both sides, or the arbiter, can do to an agreement in force."""

    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    person_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """Where one version of the agreement stands. `from_at` is the instant it was proposed for.

    `wished` are the sides that asked for `wish`, each with the manager who did; both of them, and it happens.
    """

    state: State
    proposed_by: str
    proposed_at: datetime
    from_at: datetime
    signatures: Mapping[Side, Signature] = field(default_factory=dict)
    in_force_at: datetime | None = None
    ended_at: datetime | None = None
    wish: Wish | None = None
    wished: Mapping[Side, Signature] = field(default_factory=dict)

    def missing(self) -> tuple[Side, ...]:
        """The sides that have not signed yet."""
        return tuple(side for side in SIDES if side not in self.signatures)


def propose(person: Person, from_at: datetime, now: datetime) -> Signing:
    """A new version, proposed by a manager, a marketer, a rep or an admin; nobody has signed it yet.

    Raises Refused where `from_at` is more than a year ahead. An instant that has passed means: when both have signed.
    """
    if not person.on_roster or not person.roles & {Role.MANAGER, Role.MARKETER, Role.REP, Role.ADMIN}:
        raise Refused("Only people on the roster of sales, marketing or their managers can propose an agreement.")
    if from_at > now + LATEST_START:
        raise Refused("Choose a start within a year: an agreement further away would be forgotten before it began.")
    return Signing(state=State.PROPOSED, proposed_by=person.id, proposed_at=now, from_at=from_at)


def sign(signing: Signing, person: Person, now: datetime, *, as_side: Side | None = None) -> Signing:
    """Signed for the person's side; with both signatures it comes into force at its instant, or now if that has passed.

    A manager of both sides (leadership) says with `as_side` for which one. Raises Refused, with the reason, for whoever
    may not sign, for a side that has signed, and when nothing waits for a signature.
    """
    if signing.state is not State.PROPOSED:
        raise Refused(f"There is nothing to sign: this agreement is {_said(signing.state)}.")
    side = _side_of(person, as_side, "sign")
    if side in signing.signatures:
        raise Refused(f"A manager of {side.value} has signed already.")
    if any(signature.person_id == person.id for signature in signing.signatures.values()):
        raise Refused("You have signed for the other side: each side needs a manager of its own.")
    signed = replace(signing, signatures={**signing.signatures, side: Signature(person_id=person.id, at=now)})
    if signed.missing():
        return signed
    return in_force(replace(signed, state=State.SIGNED, in_force_at=max(signed.from_at, now)), now)


def withdraw(signing: Signing, person: Person, now: datetime) -> Signing:
    """The proposal is off: by whoever proposed it, or by a manager of either side, before it is in force."""
    signing = in_force(signing, now)
    if signing.state not in (State.PROPOSED, State.SIGNED):
        raise Refused(f"It cannot be withdrawn: this agreement is {_said(signing.state)}.")
    if person.id != signing.proposed_by and not _manages(person):
        raise Refused("Only whoever proposed it, or a manager, can withdraw it.")
    if signing.state is State.SIGNED and not _manages(person):
        raise Refused("Both sides have signed it: only a manager can withdraw it now.")
    return replace(signing, state=State.WITHDRAWN, ended_at=now)


def in_force(signing: Signing, now: datetime) -> Signing:
    """As it stands at `now`: a signed agreement whose instant has come is in force."""
    if signing.state is State.SIGNED and signing.in_force_at is not None and signing.in_force_at <= now:
        return replace(signing, state=State.IN_FORCE)
    return signing


def replaced(signing: Signing, now: datetime) -> Signing:
    """A later version came into force at `now`."""
    if signing.state not in (State.IN_FORCE, State.SUSPENDED):
        return signing
    return replace(signing, state=State.REPLACED, ended_at=now, wish=None, wished={})


def ask_for(signing: Signing, wish: Wish, person: Person, now: datetime, *, as_side: Side | None = None) -> Signing:
    """One side's wish, or the arbiter's word: it happens when both sides have asked for it, or the arbiter says so.

    A wish for something else takes the place of the last one. Raises Refused for whoever may not, and for what cannot
    happen in the present state.
    """
    signing = in_force(signing, now)
    possible = {State.IN_FORCE: (Wish.SUSPEND, Wish.END), State.SUSPENDED: (Wish.RESUME, Wish.END)}
    if wish not in possible.get(signing.state, ()):
        raise Refused(f"This agreement is {_said(signing.state)}: there is nothing to {wish.value}.")
    if person.on_roster and person.has(Role.ARBITER):
        return _happened(signing, wish, now)
    side = _side_of(person, as_side, wish.value)
    wished = dict(signing.wished) if signing.wish is wish else {}
    if any(signature.person_id == person.id and other is not side for other, signature in wished.items()):
        raise Refused("You have asked for it on the other side: each side needs a manager of its own.")
    wished[side] = Signature(person_id=person.id, at=now)
    asked = replace(signing, wish=wish, wished=wished)
    return _happened(asked, wish, now) if all(each in wished for each in SIDES) else asked


def take_back(signing: Signing, person: Person) -> Signing:
    """The person's own wish is gone."""
    wished = {side: signature for side, signature in signing.wished.items() if signature.person_id != person.id}
    if len(wished) == len(signing.wished):
        raise Refused("You have not asked for anything that could be taken back.")
    return replace(signing, wished=wished, wish=signing.wish if wished else None)


def mode_of(signing: Signing | None, now: datetime) -> Mode:
    """Whether the ladder is enforced at `now`: only under an agreement both have signed and nobody suspended. The
    shipped agreement (None) is a trial."""
    if signing is not None and in_force(signing, now).state is State.IN_FORCE:
        return Mode.ENFORCED
    return Mode.TRIAL


def review_due(signing: Signing, on: datetime | None, every: timedelta) -> datetime | None:
    """When the agreement is to be reviewed: at `on`, else `every` after it came into force; None when it is not."""
    if signing.state not in (State.IN_FORCE, State.SUSPENDED, State.SIGNED) or signing.in_force_at is None:
        return None
    return on or signing.in_force_at + every


def _happened(signing: Signing, wish: Wish, now: datetime) -> Signing:
    state = {Wish.SUSPEND: State.SUSPENDED, Wish.RESUME: State.IN_FORCE, Wish.END: State.ENDED}[wish]
    ended_at = now if state is State.ENDED else None
    return replace(signing, state=state, ended_at=ended_at, wish=None, wished={})


def _side_of(person: Person, as_side: Side | None, verb: str) -> Side:
    if not _manages(person):
        raise Refused(f"Only managers of sales and of marketing can {verb} the agreement.")
    if person.side in SIDES:
        if as_side not in (None, person.side):
            raise Refused(f"You are a manager of {person.side.value}: you can {verb} for that side only.")
        return person.side
    if as_side not in SIDES:
        raise Refused(f"You lead both sides: say for which one you {verb}.")
    return as_side


def _manages(person: Person) -> bool:
    return person.has(Role.MANAGER) and person.side in (*SIDES, Side.LEADERSHIP)


def _said(state: State) -> str:
    return {State.IN_FORCE: "in force", State.SIGNED: "signed by both sides"}.get(state, state.value)
