"""Where a lead goes: the rules applied to the roster as it is now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.domain.lead import Lead
from bot.domain.matching import matches
from bot.domain.person import Member, Person, Team
from bot.domain.routing import Rule, Target, Unavailable, next_in_turn, unavailable
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A rep's direct message (`rep_id`), or a pool channel. `because` is the sentence people read on the card."""

    rep_id: str | None = None
    team_id: str | None = None
    pool_channel: str | None = None
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A rule that was looked at: whether it matches the lead, and who was passed over, a sentence each."""

    rule: Rule
    matched: bool
    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where a lead goes, and the rules that were tried on the way, in their order; the last one decided if it
    matched and somebody was found. `destination` None: nobody, and no fallback channel."""

    destination: Destination | None
    tried: tuple[Tried, ...] = ()


NOBODY: AbstractSet[str] = frozenset()


def find_destination(
    tx: Transaction, lead: Lead, *, exclude: AbstractSet[str] = NOBODY, not_to: str | None = None
) -> Destination | None:
    """As find_route, without the way to it."""
    return find_route(tx, lead, exclude=exclude, not_to=not_to).destination


def next_rep(tx: Transaction, lead: Lead, exclude: AbstractSet[str]) -> Destination | None:
    """The rep the rules find, were there no pools; None when they find nobody but those of `exclude`."""
    roster = _Roster(tx)
    for rule in tx.rules.all():
        if rule.target is not Target.POOL and matches(rule.condition, lead):
            destination = _try_rule(roster, rule, exclude, None, [])
            if destination is not None:
                return destination
    return None


def find_route(
    tx: Transaction,
    lead: Lead,
    *,
    exclude: AbstractSet[str] = NOBODY,
    not_to: str | None = None,
    look_only: bool = False,
) -> Route:
    """The first matching rule that has somebody free decides; then the fallback pool, with the reason said.

    `exclude`: people it does not go to again; `not_to`: the pool channel that passed on it.

    Rows of the people and teams considered are locked, so that leads that arrive at once are counted one
    after the other and no cap is passed, and the one whose turn it was has had it. With `look_only` nothing is
    locked and nobody's turn is used: what would happen now.
    """
    rules = tx.rules.all()
    roster = _Seen(tx, rules) if look_only else _Roster(tx)
    tried: list[Tried] = []
    for rule in rules:
        if not matches(rule.condition, lead):
            tried.append(Tried(rule=rule, matched=False))
            continue
        passed_over: list[str] = []
        destination = _try_rule(roster, rule, exclude, not_to, passed_over)
        tried.append(Tried(rule=rule, matched=True, passed_over=tuple(passed_over)))
        if destination is not None:
            return Route(destination=destination, tried=tuple(tried))
    if tx.config.fallback_channel == not_to:
        return Route(destination=None, tried=tuple(tried))
    return Route(destination=fallback(tx, _why_nobody(tried)), tried=tuple(tried))


def _why_nobody(tried: list[Tried]) -> str:
    if not any(one.matched for one in tried):
        return "No routing rule matches this lead"
    passed_over = [sentence for one in tried for sentence in one.passed_over]
    return "Nobody was free: " + "; ".join(passed_over) if passed_over else "Nobody was free"


class _Roster:
    """People and teams as routing reads them: locked one after the other."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def person(self, person_id: str) -> Person | None:
        return self.tx.people.lock(person_id)

    def team(self, team_id: str) -> Team | None:
        return self.tx.teams.lock(team_id)

    def members(self, team_id: str) -> Sequence[Member]:
        return self.tx.teams.members(team_id)

    def held(self, person_ids: Sequence[str]) -> Mapping[str, int]:
        return self.tx.handoffs.held_by_many(person_ids)

    def take_turn(self, team_id: str, credit: dict[str, int]) -> None:
        self.tx.teams.save_credits(team_id, credit)


class _Seen(_Roster):
    """All of them only looked at, at once: an admin who tries a lead waits for as many statements with three rules as
    with three hundred."""

    def __init__(self, tx: Transaction, rules: Sequence[Rule]) -> None:
        super().__init__(tx)
        self._teams = {team.id: team for team in tx.teams.all()}
        self._members = tx.teams.all_members()
        self._people = tx.people.get_many(rule.target_id for rule in rules if rule.target is Target.REP)
        self._people |= {one.person.id: one.person for members in self._members.values() for one in members}
        self._held = tx.handoffs.held_by_many(list(self._people))

    def person(self, person_id: str) -> Person | None:
        return self._people.get(person_id)

    def team(self, team_id: str) -> Team | None:
        return self._teams.get(team_id)

    def members(self, team_id: str) -> Sequence[Member]:
        return self._members.get(team_id, ())

    def held(self, person_ids: Sequence[str]) -> Mapping[str, int]:
        return self._held

    def take_turn(self, team_id: str, credit: dict[str, int]) -> None:
        """Nobody's turn is used."""


def fallback(tx: Transaction, because: str) -> Destination | None:
    """The fallback pool, if one is configured."""
    if tx.config.fallback_channel is None:
        return None
    return Destination(pool_channel=tx.config.fallback_channel, because=because)


def to_person(tx: Transaction, person_id: str, because: str, *, look_only: bool = False) -> Destination | Unavailable:
    """`person_id`'s direct message, or why they cannot be offered a lead now. With `look_only` nothing is locked."""
    person = tx.people.get(person_id) if look_only else tx.people.lock(person_id)
    if person is None:
        return Unavailable.NOT_A_REP
    why = unavailable(person, tx.handoffs.held_by(person_id), tx.now)
    return why if why is not None else _direct(tx, person, None, because)


def to_team(tx: Transaction, team_id: str, *, exclude: AbstractSet[str] = NOBODY) -> Destination | None:
    """The direct message of the member whose turn it is; None when nobody of the team is free."""
    roster = _Roster(tx)
    team = roster.team(team_id)
    person = None if team is None else _turn_of(roster, team.id, exclude, [])
    return None if team is None or person is None else _direct(tx, person, team.id, f"Turn in {team.name}")


def _try_rule(
    roster: _Roster, rule: Rule, exclude: AbstractSet[str], not_to: str | None, passed_over: list[str]
) -> Destination | None:
    tx = roster.tx
    if rule.target is Target.REP:
        # Who is passed over anyway is not locked: their countdowns may be waiting to be planned anew.
        person = tx.people.get(rule.target_id) if rule.target_id in exclude else roster.person(rule.target_id)
        if person is None:
            return None
        why = Unavailable.EXCLUDED if person.id in exclude else None
        why = why or unavailable(person, roster.held([person.id])[person.id], tx.now)
        if why is None:
            return _direct(tx, person, None, f"Rule “{rule.name}”")
        passed_over.append(f"{person.name} is {why.value}")
        return None
    team = roster.team(rule.target_id)
    if team is None:
        return None
    if rule.target is Target.POOL:
        if team.pool_channel is None:
            passed_over.append(f"{team.name} has no pool channel")
            return None
        if team.pool_channel == not_to:
            passed_over.append(f"{team.name} passed on it")
            return None
        return Destination(team_id=team.id, pool_channel=team.pool_channel, because=f"Rule “{rule.name}”")
    person = _turn_of(roster, team.id, exclude, passed_over)
    return None if person is None else _direct(tx, person, team.id, f"Rule “{rule.name}”, turn in {team.name}")


def _turn_of(roster: _Roster, team_id: str, exclude: AbstractSet[str], passed_over: list[str]) -> Person | None:
    tx = roster.tx
    members = roster.members(team_id)
    held = roster.held([member.person.id for member in members])
    reasons: dict[str, Unavailable | None] = {}
    for member in members:
        person = member.person
        reasons[person.id] = (
            Unavailable.EXCLUDED if person.id in exclude else unavailable(person, held.get(person.id, 0), tx.now)
        )
    turn: Person | None = None
    while turn is None:
        chosen, credit = next_in_turn(members, lambda person: reasons[person.id] is None)
        if chosen is None:
            break
        # Leads routed by other rules reach the same person without passing this team's lock: count once more
        # under the person's own.
        locked = roster.person(chosen.person.id)
        why_not: Unavailable | None = Unavailable.NOT_A_REP
        if locked is not None:
            why_not = unavailable(locked, roster.held([locked.id])[locked.id], tx.now)
            if why_not is None:
                roster.take_turn(team_id, credit)
                turn = locked
        reasons[chosen.person.id] = why_not
    passed_over.extend(
        f"{member.person.name} is {why.value}" for member in members if (why := reasons[member.person.id]) is not None
    )
    return turn


def _direct(tx: Transaction, person: Person, team_id: str | None, because: str) -> Destination:
    if team_id is None:
        teams = tx.teams.of_person(person.id)
        team_id = teams[0].id if teams else None
    return Destination(rep_id=person.id, team_id=team_id, because=because)
