"""The roster: who is who, what each may do, and when each is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FLAGS_GOOD_FOR = timedelta(hours=24)
"""How long Slack's flags about a person are believed without having been confirmed again."""


class Side(StrEnum):
    SALES = "sales"
    MARKETING = "marketing"
    LEADERSHIP = "leadership"
    OTHER = "other"


class Role(StrEnum):
    REP = "rep"
    MARKETER = "marketer"
    MANAGER = "manager"
    ARBITER = "arbiter"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackFlags:
    """What Slack says of an account. `checked_at` is None until Slack was asked once."""

    is_bot: bool = False
    is_guest: bool = False
    is_stranger: bool = False
    is_deleted: bool = False
    runs_workspace: bool = False
    """Owner or admin of the Slack workspace; kept only while Lockstep has no admin, who may be the first."""
    checked_at: datetime | None = None

    @property
    def may_never_act(self) -> bool:
        """Apps, guests, people of other organisations and deactivated people never act (P6)."""
        return self.is_bot or self.is_guest or self.is_stranger or self.is_deleted

    @property
    def why_never(self) -> str | None:
        """Why the account may never act, after "is"; None where it may."""
        if self.is_deleted:
            return "deactivated in Slack"
        if self.is_bot:
            return "an app"
        if self.is_stranger:
            return "of another organisation"
        return "a guest in Slack" if self.is_guest else None

    def is_known(self, now: datetime) -> bool:
        """Whether the flags were confirmed recently enough to decide on them."""
        return self.checked_at is not None and now - self.checked_at <= FLAGS_GOOD_FOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person of the roster, or someone Slack told us about who is on no roster (`on_roster` False).

    `cap` is how many leads the person may hold at once (offered or accepted and still being worked);
    None means no limit. `away_until` None with `away_since` set means: until they say they are back.
    """

    id: str
    name: str
    slack_id: str | None = None
    email: str | None = None
    title: str = ""
    side: Side = Side.OTHER
    roles: frozenset[Role] = frozenset()
    manager_id: str | None = None
    deputy_id: str | None = None
    tz: str = "UTC"
    tz_follows_slack: bool = False
    """The roster names no zone: `tz` is the one set in Slack, and follows it."""
    hours: dict[str, list[list[str]]] | None = None
    """Working hours by weekday, `{"mon": [["09:00", "12:30"], ["13:30", "18:00"]], ...}`; None: the default week."""
    days_off: tuple[str, ...] = ()
    """Local dates off, ISO `YYYY-MM-DD`, or spans of both ends, `YYYY-MM-DD/YYYY-MM-DD`."""
    country: str | None = None
    """Whose public holidays they have: ISO 3166-1, two letters. None: none."""
    subdivision: str | None = None
    """Of the country, where it has holidays of its own: the code without the country's."""
    weight: int = 1
    cap: int | None = None
    away_since: datetime | None = None
    away_until: datetime | None = None
    flags: SlackFlags = SlackFlags()
    on_roster: bool = True
    home_opened_at: datetime | None = None
    welcomed_at: datetime | None = None

    @property
    def is_out_of_reach(self) -> bool:
        """Slack says that they may never act, or was asked and shows no account of theirs."""
        return self.flags.may_never_act or (self.slack_id is None and self.flags.checked_at is not None)

    @property
    def is_away(self) -> bool:
        return self.away_since is not None

    def has(self, role: Role) -> bool:
        return self.on_roster and role in self.roles


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person's place in a team. `weight` is their share of the round robin, `credit` its running state."""

    person: Person
    weight: int
    credit: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team. Its pool channel takes cards for whoever accepts first; its mirror channel sees copies."""

    id: str
    key: str
    name: str
    side: Side = Side.SALES
    pool_channel: str | None = None
    mirror_channel: str | None = None
    removed_at: datetime | None = None
    """Taken out of the configuration: it stays for the leads it had, without members and channels."""
    # The calendar of its pool; what is not set is as for a person.
    tz: str | None = None
    """None: the zone of most of its members."""
    hours: dict[str, list[list[str]]] | None = None
    days_off: tuple[str, ...] = ()
    country: str | None = None
    subdivision: str | None = None
