"""Teams and who is in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from bot.domain.person import Member, Team
from storage.people import person_of
from storage.repository import Repository
from storage.rows import Row, changes, given, new, update_of, values_of
from storage.tables.roster import people, team_members, teams

_ONE = given("the_one")
_GET = sa.select(teams).where(teams.c.id == _ONE)
_LOCK = _GET.with_for_update(key_share=True)
_BY_KEY = sa.select(teams).where(teams.c.key == _ONE)
_BY_POOL = sa.select(teams).where(teams.c.pool_channel == _ONE).order_by(teams.c.key).limit(1)
_ALL = sa.select(teams).order_by(teams.c.name, teams.c.id)
_OF_PERSON = (
    sa.select(teams)
    .join(team_members, team_members.c.team_id == teams.c.id)
    .where(team_members.c.person_id == _ONE)
    .order_by(teams.c.name, teams.c.id)
)
_ADD = teams.insert()
_SAVE = update_of(teams).where(teams.c.id == _ONE)
_MEMBERS = (
    sa.select(people, team_members.c.weight.label("share"), team_members.c.credit)
    .join(team_members, team_members.c.person_id == people.c.id)
    .where(team_members.c.team_id == _ONE)
    .order_by(people.c.name, people.c.id)
)
_ALL_MEMBERS = (
    sa.select(team_members.c.team_id, people, team_members.c.weight.label("share"), team_members.c.credit)
    .join(team_members, team_members.c.person_id == people.c.id)
    .order_by(people.c.name, people.c.id)
)
_COUNT_MEMBERS = sa.select(sa.func.count()).select_from(team_members)
_OF_PEOPLE = (
    sa.select(team_members.c.team_id).where(team_members.c.person_id.in_(given("the_ids", expanding=True))).distinct()
)
_CREDITS = sa.select(team_members.c.person_id, team_members.c.credit).where(team_members.c.team_id == _ONE)
_REMOVE_MEMBERS = team_members.delete().where(team_members.c.team_id == _ONE)
_ADD_MEMBER = team_members.insert()
_SAVE_CREDIT = (
    team_members.update()
    .where(team_members.c.team_id == _ONE, team_members.c.person_id == sa.bindparam("the_person"))
    .values(credit=new("credit"))
)


class Teams(Repository):
    __slots__ = ()

    def get(self, team_id: str) -> Team | None:
        row = self._first(_GET, the_one=team_id)
        return None if row is None else _team(row)

    def lock(self, team_id: str) -> Team | None:
        """The team; nobody else takes a turn in it before this transaction ends."""
        row = self._first(_LOCK, the_one=team_id)
        return None if row is None else _team(row)

    def by_key(self, key: str) -> Team | None:
        row = self._first(_BY_KEY, the_one=key)
        return None if row is None else _team(row)

    def by_pool_channel(self, channel: str) -> Team | None:
        row = self._first(_BY_POOL, the_one=channel)
        return None if row is None else _team(row)

    def all(self) -> list[Team]:
        """By name."""
        return [_team(row) for row in self._all(_ALL)]

    def of_person(self, person_id: str) -> list[Team]:
        """The teams the person is in, by name."""
        return [_team(row) for row in self._all(_OF_PERSON, the_one=person_id)]

    def add(self, team: Team) -> None:
        self._change(_ADD, values_of(team))

    def save(self, team: Team) -> None:
        self._change(_SAVE, {"the_one": team.id, **changes(values_of(team))})

    def members(self, team_id: str) -> list[Member]:
        """By name."""
        return [
            Member(person=person_of(row), weight=row.share, credit=row.credit)
            for row in self._all(_MEMBERS, the_one=team_id)
        ]

    def all_members(self) -> dict[str, list[Member]]:
        """The members of every team by its id, each by name; a team without members is not in it."""
        found: dict[str, list[Member]] = {}
        for row in self._all(_ALL_MEMBERS):
            member = Member(person=person_of(row), weight=row.share, credit=row.credit)
            found.setdefault(row.team_id, []).append(member)
        return found

    def count_members(self) -> int:
        """Places in all teams: who is in two counts twice."""
        return int(self._value(_COUNT_MEMBERS))

    def ids_of_people(self, person_ids: Iterable[str]) -> set[str]:
        """The teams in which any of these people are."""
        return {row.team_id for row in self._all(_OF_PEOPLE, the_ids=list(person_ids))}

    def set_members(self, team_id: str, members: Sequence[tuple[str, int]]) -> None:
        """The team consists of these (person, weight); who stays keeps their credit."""
        credit = {row.person_id: row.credit for row in self._all(_CREDITS, the_one=team_id)}
        self._change(_REMOVE_MEMBERS, {"the_one": team_id})
        self._change_each(
            _ADD_MEMBER,
            [
                {"team_id": team_id, "person_id": person, "weight": weight, "credit": credit.get(person, 0)}
                for person, weight in members
            ],
        )

    def save_credits(self, team_id: str, credits_by_person: Mapping[str, int]) -> None:
        self._change_each(
            _SAVE_CREDIT,
            [
                {"the_one": team_id, "the_person": person, "new_credit": credit}
                for person, credit in credits_by_person.items()
            ],
        )


def _team(row: Row) -> Team:
    return Team(**(row._asdict() | {"days_off": tuple(row.days_off)}))
