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
    """`person_id` is who did it; `for_id` the absent manager for whom they stood in."""

    person_id: str
    at: datetime
    for_id: str | None = None

    @property
    def people(self) -> frozenset[str]:
        """Who did it, and in whose name."""
        return frozenset(filter(None, (self.person_id, self.for_id)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a manager says to a proposal: a note, or another version proposed in its place (`counter_id`)."""

    person_id: str
    at: datetime
    text: str = ""
    counter_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """Where one version of the agreement stands. `from_at` is the instant it was proposed for.

    `wished` are the sides that asked for `wish`, each with the manager who did; both of them, and it happens.
    `review_at` is when it is to be looked at again, once it is in force.
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
    replies: tuple[Reply, ...] = ()
    review_at: datetime | None = None

    @property
    def signed_at(self) -> datetime | None:
        """When the second side signed; None while one is missing."""
        return None if self.missing() else max(signature.at for signature in self.signatures.values())

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


def sign(
    signing: Signing,
    person: Person,
    now: datetime,
    *,
    as_side: Side | None = None,
    by: Person | None = None,
    not_before: datetime | None = None,
) -> Signing:
    """Signed for the person's side; with both signatures it comes into force at its instant, or now if that has passed.

    A manager of both sides (leadership) says with `as_side` for which one. `by` is who stands in for the absent
    `person`. It never begins before `not_before`, when the version that it follows did.

    Raises Refused, with the reason, for whoever may not sign, for a side that has signed, for whoever has signed for
    the other one, and when nothing waits for a signature.
    """
    if signing.state is not State.PROPOSED:
        raise Refused(f"There is nothing to sign: this agreement is {_said(signing.state)}.")
    side = _side_of(person, as_side, "sign")
    if side in signing.signatures:
        raise Refused(f"A manager of {side.value} has signed already.")
    signature = _signature(person, by, now)
    if any(signature.people & other.people for other in signing.signatures.values()):
        raise Refused("You have signed for the other side: each side needs a manager of its own.")
    signed = replace(signing, signatures={**signing.signatures, side: signature})
    if signed.missing():
        return signed
    begins_at = max(signed.from_at, now, not_before or now)
    return in_force(replace(signed, state=State.SIGNED, in_force_at=begins_at), now)


def compared_anew(signing: Signing) -> Signing:
    """Another version came into force: what was signed was a difference to the one before it, so that a proposal waits
    for both signatures again. What both sides have signed stays signed."""
    return replace(signing, signatures={}) if signing.state is State.PROPOSED else signing


def reply(signing: Signing, person: Person, text: str, now: datetime, *, counter_id: str | None = None) -> Signing:
    """The person answers the proposal with a note, or with another version. Raises Refused for whoever may not, and
    when nothing waits for an answer."""
    if signing.state is not State.PROPOSED:
        raise Refused(f"There is nothing to answer: this agreement is {_said(signing.state)}.")
    if not manages(person) and person.id != signing.proposed_by:
        raise Refused("Only managers of sales and of marketing, and whoever proposed it, answer a proposal.")
    said = Reply(person_id=person.id, at=now, text=text, counter_id=counter_id)
    return replace(signing, replies=(*signing.replies, said))


def withdraw(signing: Signing, person: Person, now: datetime) -> Signing:
    """The proposal is off: by whoever proposed it, or by a manager of either side, before it is in force."""
    signing = in_force(signing, now)
    if signing.state not in (State.PROPOSED, State.SIGNED):
        raise Refused(f"It cannot be withdrawn: this agreement is {_said(signing.state)}.")
    if person.id != signing.proposed_by and not manages(person):
        raise Refused("Only whoever proposed it, or a manager, can withdraw it.")
    if signing.state is State.SIGNED and not manages(person):
        raise Refused("Both sides have signed it: only a manager can withdraw it now.")
    return replace(signing, state=State.WITHDRAWN, ended_at=now, in_force_at=None)


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


def ask_for(
    signing: Signing,
    wish: Wish,
    person: Person,
    now: datetime,
    *,
    as_side: Side | None = None,
    by: Person | None = None,
    arbiter: bool = False,
) -> Signing:
    """One side's wish, or the arbiter's word: it happens when both sides have asked for it, or the arbiter says so.

    A wish for something else takes the place of the last one. `by` is who stands in for the absent `person`;
    `arbiter`: the person speaks as the arbiter, and for no side.
    Raises Refused for whoever may not, and for what cannot happen in the present state.
    """
    signing = in_force(signing, now)
    if wish not in _POSSIBLE.get(signing.state, ()):
        raise Refused(f"This agreement is {_said(signing.state)}: there is nothing to {wish.value}.")
    if arbiter:
        return _happened(signing, wish, now)
    side = _side_of(person, as_side, wish.value)
    wished = dict(signing.wished) if signing.wish is wish else {}
    signature = _signature(person, by, now)
    if any(signature.people & made.people and other is not side for other, made in wished.items()):
        raise Refused("You have asked for it on the other side: each side needs a manager of its own.")
    wished[side] = signature
    asked = replace(signing, wish=wish, wished=wished)
    return _happened(asked, wish, now) if all(each in wished for each in SIDES) else asked


def take_back(signing: Signing, person: Person) -> Signing:
    """The person's own wish is gone."""
    wished = {side: signature for side, signature in signing.wished.items() if person.id not in signature.people}
    if len(wished) == len(signing.wished):
        raise Refused("You have not asked for anything that could be taken back.")
    return replace(signing, wished=wished, wish=signing.wish if wished else None)


def possible_wishes(signing: Signing | None, now: datetime) -> tuple[Wish, ...]:
    """What both sides, or the arbiter, can do to it just now."""
    return () if signing is None else _POSSIBLE.get(in_force(signing, now).state, ())


def reviewed(signing: Signing, person: Person, again_at: datetime, now: datetime, *, contact: bool = False) -> Signing:
    """It was looked at and stays; it is looked at again at `again_at`. `contact`: the person is a point of contact.

    Raises Refused for whoever may not, and when it is not in force."""
    signing = in_force(signing, now)
    if signing.state not in (State.IN_FORCE, State.SUSPENDED):
        raise Refused(f"There is nothing to review: this agreement is {_said(signing.state)}.")
    if not manages(person) and not contact:
        raise Refused("Only managers of sales and of marketing, and the points of contact, review the agreement.")
    return replace(signing, review_at=again_at)


def mode_of(signing: Signing | None, now: datetime, present: Signing | None = None) -> Mode:
    """Whether the ladder is enforced at `now`: only under an agreement both have signed and nobody suspended. The
    shipped agreement (None) is a trial.

    What runs under a version that was replaced keeps its terms, and is held to them for as long as the teams are to
    the version in force, whose signing is `present`.
    """
    if signing is not None and signing.state is State.REPLACED:
        signing = present
    if signing is not None and in_force(signing, now).state is State.IN_FORCE:
        return Mode.ENFORCED
    return Mode.TRIAL


def review_due(signing: Signing, on: datetime | None, every: timedelta) -> datetime | None:
    """When the agreement is to be reviewed: at `on`, else `every` after it came into force; None when it is not."""
    if signing.state not in (State.IN_FORCE, State.SUSPENDED, State.SIGNED) or signing.in_force_at is None:
        return None
    return on or signing.in_force_at + every


_POSSIBLE = {State.IN_FORCE: (Wish.SUSPEND, Wish.END), State.SUSPENDED: (Wish.RESUME, Wish.END)}


def _signature(person: Person, by: Person | None, now: datetime) -> Signature:
    who = by or person
    return Signature(person_id=who.id, at=now, for_id=None if who.id == person.id else person.id)


def _happened(signing: Signing, wish: Wish, now: datetime) -> Signing:
    state = {Wish.SUSPEND: State.SUSPENDED, Wish.RESUME: State.IN_FORCE, Wish.END: State.ENDED}[wish]
    ended_at = now if state is State.ENDED else None
    return replace(signing, state=state, ended_at=ended_at, wish=None, wished={})


def _side_of(person: Person, as_side: Side | None, verb: str) -> Side:
    if not manages(person):
        raise Refused(f"Only managers of sales and of marketing can {verb} the agreement.")
    if person.side in SIDES:
        if as_side not in (None, person.side):
            raise Refused(f"You are a manager of {person.side.value}: you can {verb} for that side only.")
        return person.side
    if as_side not in SIDES:
        raise Refused(f"You lead both sides: say for which one you {verb}.")
    return as_side


def manages(person: Person) -> bool:
    """Whether the person is a manager of sales, of marketing or of both."""
    return person.has(Role.MANAGER) and person.side in (*SIDES, Side.LEADERSHIP)


def _said(state: State) -> str:
    return {State.IN_FORCE: "in force", State.SIGNED: "signed by both sides"}.get(state, state.value)
