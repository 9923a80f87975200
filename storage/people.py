"""People: the roster, and whoever else Slack told us about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.lead import normalise_email
from bot.domain.person import Person, Role, SlackFlags
from storage.repository import Repository
from storage.rows import Row, changes, given, new, values_of
from storage.tables.roster import HAS_DEPUTY, HAS_HOME, IS_ABSENT, ON_ROSTER, people, team_members


def _typed(name: str, column: str) -> sa.BindParameter[Any]:
    """A parameter of a column's type, which the database cannot see where it stands in an expression."""
    return sa.bindparam(name, type_=people.c[column].type)


_ONE = given("the_one")
_GET = sa.select(people).where(people.c.id == _ONE)
_GET_MANY = sa.select(people).where(people.c.id.in_(given("the_ids", expanding=True)))
_LOCK = _GET.with_for_update(key_share=True)
_BY_SLACK_ID = sa.select(people).where(people.c.slack_id == _ONE)
# Two accounts may share an address after one was deactivated: the roster's counts, then the active one.
_BY_EMAIL = (
    sa.select(people)
    .where(people.c.email_key == _ONE)
    .order_by(people.c.on_roster.desc(), people.c.is_deleted, people.c.id)
    .limit(1)
)
_ROSTER = sa.select(people).where(ON_ROSTER).order_by(people.c.name, people.c.id)
_EVERYBODY = sa.select(people).order_by(people.c.name, people.c.id)
_ABSENT = sa.select(people).where(IS_ABSENT).order_by(people.c.id)
# Whoever was never asked about comes first: they wait to be offered leads.
_TO_ASK = (
    sa.select(people)
    .where(ON_ROSTER, sa.or_(people.c.checked_at.is_(None), people.c.checked_at < _typed("the_instant", "checked_at")))
    .order_by(people.c.checked_at.asc().nulls_first(), people.c.id)
    .limit(sa.bindparam("at_most", type_=sa.Integer))
)
_TO_FIND = _TO_ASK.where(sa.or_(people.c.slack_id.is_(None), people.c.is_deleted.is_(sa.true())))


def _has(role: Role) -> sa.ColumnElement[bool]:
    return sa.and_(ON_ROSTER, sa.cast(people.c.roles, sa.Text).contains(f'"{role.value}"', autoescape=True))


_IN_POOL = sa.bindparam("in_pool", type_=sa.Boolean)
_TEAM = sa.bindparam("the_team", type_=team_members.c.team_id.type)
_MAY_TAKE = sa.case(
    (_TEAM.is_(None), _has(Role.REP)),
    else_=people.c.id.in_(sa.select(team_members.c.person_id).where(team_members.c.team_id == _TEAM)),
)
# Deputies of whoever is absent: their Home shows the same lists meanwhile.
_away = people.alias("away")
_STANDS_IN = sa.exists().where(
    _away.c.deputy_id == people.c.id,
    _away.c.deputy_id.is_not(None),
    sa.or_(_away.c.away_since.is_not(None), _away.c.is_deleted.is_(sa.true())),
)
_WITH_HOME = (
    sa.select(people.c.id)
    .where(HAS_HOME, *(flag.is_(sa.false()) for flag in (people.c.is_bot, people.c.is_guest, people.c.is_stranger)))
    .where(people.c.is_deleted.is_(sa.false()))
    .where(sa.or_(people.c.id == _ONE, _has(Role.MANAGER), _STANDS_IN, sa.and_(_IN_POOL, _MAY_TAKE)))
    .order_by(sa.case((people.c.id == _ONE, 0), else_=1), people.c.home_opened_at.desc(), people.c.id)
    .limit(sa.bindparam("at_most", type_=sa.Integer))
)
# Of two zones that as many have, the first by name.
_USUAL_ZONE = {
    role: sa.select(people.c.tz)
    .where(
        _has(role),
        sa.or_(
            _TEAM.is_(None),
            people.c.id.in_(sa.select(team_members.c.person_id).where(team_members.c.team_id == _TEAM)),
        ),
    )
    .group_by(people.c.tz)
    .order_by(sa.func.count().desc(), people.c.tz)
    .limit(1)
    for role in Role
}
_ADD = people.insert()
_THIS = people.update().where(people.c.id == _ONE)
_FLAGS = {name: _typed(f"new_{name}", name) for name in (field.name for field in fields(SlackFlags))}
_SET_FLAGS = _THIS.values(_FLAGS)
# The roster's zone is what the teams decided; Slack's is followed only where the roster names none.
_NEW_TZ = _typed("new_tz", "tz")
_SET_ACCOUNT = _THIS.values(
    slack_id=_typed("new_slack_id", "slack_id"),
    tz=sa.case((people.c.tz_follows_slack.is_(sa.true()), sa.func.coalesce(_NEW_TZ, people.c.tz)), else_=people.c.tz),
    **_FLAGS,
)
_LOSE_ACCOUNT = _THIS.values(slack_id=sa.null(), checked_at=sa.null())
_SET_ROSTER = _THIS.values(
    {
        name: _typed(f"new_{name}", name)
        for name in (
            "name",
            "title",
            "side",
            "roles",
            "tz_follows_slack",
            "hours",
            "days_off",
            "country",
            "subdivision",
            "cap",
            "on_roster",
        )
    }
).values(tz=sa.case((_typed("new_tz_follows_slack", "tz_follows_slack"), people.c.tz), else_=_NEW_TZ))
_SET_EMAIL = _THIS.values(email=new("email"), email_key=new("email_key"))
_FORGET_WHO_RUNS = people.update().where(people.c.runs_workspace.is_(sa.true())).values(runs_workspace=sa.false())
_SET_LINKS = _THIS.values(manager_id=new("manager_id"), deputy_id=new("deputy_id"))
_LEAVE_ROSTER = _THIS.values(on_roster=sa.false(), roles=_typed("new_roles", "roles"))
_SET_AWAY = _THIS.values(
    away_since=_typed("new_away_since", "away_since"), away_until=_typed("new_away_until", "away_until")
)
_NAMING_AS_DEPUTY = sa.select(people).where(people.c.deputy_id == _ONE, HAS_DEPUTY).order_by(people.c.id)
_SET_DEPUTY = _THIS.values(deputy_id=new("deputy_id"))
_WELCOME = _THIS.where(people.c.welcomed_at.is_(None)).values(welcomed_at=_typed("new_welcomed_at", "welcomed_at"))
_OPENED_HOME = _THIS.values(home_opened_at=_typed("new_home_opened_at", "home_opened_at"))


class People(Repository):
    __slots__ = ()

    def get(self, person_id: str) -> Person | None:
        row = self._first(_GET, the_one=person_id)
        return None if row is None else person_of(row)

    def get_many(self, person_ids: Iterable[str]) -> dict[str, Person]:
        """By id; those who are not there are not in it."""
        return {row.id: person_of(row) for row in self._all(_GET_MANY, the_ids=list(set(person_ids)))}

    def lock(self, person_id: str) -> Person | None:
        """The person; nobody else changes or locks them before this transaction ends."""
        row = self._first(_LOCK, the_one=person_id)
        return None if row is None else person_of(row)

    def by_slack_id(self, slack_id: str) -> Person | None:
        row = self._first(_BY_SLACK_ID, the_one=slack_id)
        return None if row is None else person_of(row)

    def by_email(self, email: str) -> Person | None:
        """Whose address this is, whatever its case."""
        row = self._first(_BY_EMAIL, the_one=_email_key(email))
        return None if row is None else person_of(row)

    def all(self, *, on_roster: bool = True) -> list[Person]:
        """By name: the roster; with `on_roster=False` everybody there is."""
        return [person_of(row) for row in self._all(_ROSTER if on_roster else _EVERYBODY)]

    def absent(self) -> list[Person]:
        """Whoever is or was on the roster and is away, off it, or no active account of this workspace."""
        return [person_of(row) for row in self._all(_ABSENT)]

    def to_ask(self, since: datetime, limit: int) -> list[Person]:
        """At most `limit` of the roster about whom Slack was not asked since `since`."""
        return self._people(_TO_ASK, since, limit)

    def to_find(self, since: datetime, limit: int) -> list[Person]:
        """As to_ask, only those who have no active account in Slack."""
        return self._people(_TO_FIND, since, limit)

    def with_role(self, role: Role) -> list[Person]:
        """Everybody of the roster who has `role`, by name."""
        return [person for person in self.all() if role in person.roles]

    def with_home(self, *, rep_id: str | None, team_id: str | None, in_pool: bool, limit: int) -> list[str]:
        """Ids of those who opened Home and may act, of: the rep, the managers, and with `in_pool` whoever may take
        leads from the team's pool, every rep without a team. The rep first, then whoever opened it last; at most
        `limit`."""
        asked = {"the_one": rep_id, "the_team": team_id, "in_pool": in_pool, "at_most": limit}
        return [row.id for row in self._all(_WITH_HOME, **asked)]

    def usual_zone(self, role: Role, team_id: str | None) -> str | None:
        """The time zone of most who have this role in the team, with None on the roster; None where nobody has."""
        found = self._value(_USUAL_ZONE[role], the_team=team_id)
        return None if found is None else str(found)

    def add(self, person: Person) -> None:
        self._change(_ADD, _values(person))

    def set_account(self, person_id: str, slack_id: str, flags: SlackFlags, *, tz: str | None) -> None:
        """Which account is the person's and what Slack says of it. `tz` is followed where the roster names no zone;
        None: Slack does not say."""
        self._change(
            _SET_ACCOUNT,
            {"the_one": person_id, "new_slack_id": slack_id, "new_tz": tz, **changes(values_of(flags))},
        )

    def lose_account(self, person_id: str) -> None:
        """The account the person had is somebody else's."""
        self._change(_LOSE_ACCOUNT, {"the_one": person_id})

    def set_flags(self, person_id: str, flags: SlackFlags) -> None:
        self._change(_SET_FLAGS, {"the_one": person_id, **changes(values_of(flags))})

    def set_roster(self, person: Person) -> None:
        """What the roster says is as `person` says: name, title, side, roles, cap, hours, days off, holidays, and that
        they are on it. The zone too, unless it follows Slack's: then it stays what it is until Slack says."""
        names = (
            "name", "title", "side", "tz", "tz_follows_slack", "hours", "country", "subdivision", "cap", "on_roster",
        )  # fmt: skip
        values = {name: getattr(person, name) for name in names}
        values |= {"roles": _roles(person), "days_off": list(person.days_off)}
        self._change(_SET_ROSTER, {"the_one": person.id, **changes(values)})

    def set_email(self, person_id: str, email: str) -> None:
        """The person, of whom only the account was known, is found by this address from now on."""
        self._change(_SET_EMAIL, {"the_one": person_id, "new_email": email, "new_email_key": _email_key(email)})

    def forget_who_runs_workspace(self) -> None:
        """Nobody's place in the Slack workspace is known any more: there is an admin."""
        self._change(_FORGET_WHO_RUNS, {})

    def set_links(self, person_id: str, manager_id: str | None, deputy_id: str | None) -> None:
        self._change(_SET_LINKS, {"the_one": person_id, "new_manager_id": manager_id, "new_deputy_id": deputy_id})

    def leave_roster(self, person_id: str) -> None:
        """Off the roster, without roles; the rest stays for the day they come back."""
        self._change(_LEAVE_ROSTER, {"the_one": person_id, "new_roles": []})

    def set_away(self, person_id: str, since: datetime | None, until: datetime | None) -> None:
        self._change(_SET_AWAY, {"the_one": person_id, "new_away_since": since, "new_away_until": until})

    def who_name_as_deputy(self, person_id: str) -> list[Person]:
        """Everybody whose deputy this person is."""
        return [person_of(row) for row in self._all(_NAMING_AS_DEPUTY, the_one=person_id)]

    def set_deputy(self, person_id: str, deputy_id: str | None) -> None:
        self._change(_SET_DEPUTY, {"the_one": person_id, "new_deputy_id": deputy_id})

    def welcome(self, person_id: str, now: datetime) -> bool:
        """True the first time, and never again for this person."""
        return self._change(_WELCOME, {"the_one": person_id, "new_welcomed_at": now}) == 1

    def mark_home_opened(self, person_id: str, now: datetime) -> None:
        self._change(_OPENED_HOME, {"the_one": person_id, "new_home_opened_at": now})

    def _people(self, statement: sa.Executable, since: datetime, limit: int) -> list[Person]:
        return [person_of(row) for row in self._all(statement, the_instant=since, at_most=limit)]


def person_of(row: Row) -> Person:
    """The person of a row that has every column of `people`, and maybe others behind."""
    return Person(
        id=row.id,
        name=row.name,
        slack_id=row.slack_id,
        email=row.email,
        title=row.title,
        side=row.side,
        roles=frozenset(Role(role) for role in row.roles),
        manager_id=row.manager_id,
        deputy_id=row.deputy_id,
        tz=row.tz,
        tz_follows_slack=row.tz_follows_slack,
        hours=row.hours,
        days_off=tuple(row.days_off),
        country=row.country,
        subdivision=row.subdivision,
        weight=row.weight,
        cap=row.cap,
        away_since=row.away_since,
        away_until=row.away_until,
        flags=SlackFlags(
            is_bot=row.is_bot,
            is_guest=row.is_guest,
            is_stranger=row.is_stranger,
            is_deleted=row.is_deleted,
            runs_workspace=row.runs_workspace,
            checked_at=row.checked_at,
        ),
        on_roster=row.on_roster,
        home_opened_at=row.home_opened_at,
        welcomed_at=row.welcomed_at,
    )


def _values(person: Person) -> dict[str, Any]:
    values = values_of(person, without=("flags",)) | values_of(person.flags)
    values["roles"] = _roles(person)
    values["days_off"] = list(person.days_off)
    values["email_key"] = _email_key(person.email)
    return values


def _roles(person: Person) -> list[str]:
    return sorted(role.value for role in person.roles)


def _email_key(email: str | None) -> str | None:
    return normalise_email(email) or email
