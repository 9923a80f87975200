"""What the two teams decide, as one value: written as a TOML file, compared, and put in force."""

from __future__ import annotations

from dataclasses import dataclass, fields
from urllib.parse import urlsplit

from bot.domain.digest import DigestKind
from bot.domain.matching import Operator
from bot.domain.person import Role, Side
from bot.domain.reasons import Reason
from bot.domain.routing import Target
from bot.domain.working_hours import Week, spoken_week

TIMES = ("hours", "days_off", "country", "subdivision")
"""The fields that say when somebody works: all of them, or none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEntry:
    """One person of the roster, known by e-mail. `manager` and `deputy` are e-mails. `tz` None: Slack's is followed.

    Of `hours`, `days_off`, `country` and `subdivision` either nothing is said, and they stay as the person set them, or
    all is: then None is the default week, no day off, no holidays.
    """

    email: str
    name: str
    title: str = ""
    side: Side = Side.SALES
    roles: frozenset[Role] = frozenset({Role.REP})
    manager: str | None = None
    deputy: str | None = None
    tz: str | None = None
    cap: int | None = None
    hours: Week | None = None
    days_off: tuple[str, ...] | None = None
    country: str | None = None
    subdivision: str | None = None

    @property
    def says_times(self) -> bool:
        """Whether it says when the person works."""
        return any(getattr(self, name) is not None for name in TIMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamEntry:
    """`members` are pairs of e-mail and weight; channels are Slack ids. When its pool works, as for a person; `tz` is
    said with the rest, None: that of most of its members."""

    key: str
    name: str
    side: Side = Side.SALES
    pool_channel: str | None = None
    mirror_channel: str | None = None
    members: tuple[tuple[str, int], ...] = ()
    tz: str | None = None
    hours: Week | None = None
    days_off: tuple[str, ...] | None = None
    country: str | None = None
    subdivision: str | None = None

    @property
    def says_times(self) -> bool:
        """Whether it says when the team's pool works."""
        return self.tz is not None or any(getattr(self, name) is not None for name in TIMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEntry:
    """`to` is an e-mail (REP) or a team's key (TEAM, POOL)."""

    name: str
    field: str
    operator: Operator
    value: str
    target: Target
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignEntry:
    key: str
    name: str
    owner: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """`secrets` empty: those in force stay, and a new source gets one that is shown once."""

    key: str
    name: str
    secrets: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"SourceEntry(key={self.key!r}, name={self.name!r}, secrets={len(self.secrets)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetEntry:
    """A system that is told of decisions. `events` empty: of all. `secrets` as in SourceEntry."""

    key: str
    url: str
    events: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"TargetEntry(key={self.key!r}, host={_host(self.url)!r}, secrets={len(self.secrets)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestEntry:
    """A schedule of digests, known by its name. `channel` (a Slack id) or `person` (an e-mail, or the Slack id of who
    has none) is where it goes; `weekdays` as in the hours of people (`mon`), `at` as HH:MM."""

    name: str
    kind: DigestKind
    channel: str | None = None
    person: str | None = None
    weekdays: tuple[str, ...]
    at: str
    tz: str
    is_on: bool = True
    silent_when_empty: bool = False
    closing_line: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    admin: str | None = None
    fallback_channel: str | None = None
    marketing_channel: str | None = None
    crm_hosts: tuple[str, ...] = ()
    people: tuple[PersonEntry, ...] = ()
    teams: tuple[TeamEntry, ...] = ()
    rules: tuple[RuleEntry, ...] = ()
    campaigns: tuple[CampaignEntry, ...] = ()
    sources: tuple[SourceEntry, ...] = ()
    targets: tuple[TargetEntry, ...] = ()
    reasons: tuple[Reason, ...] | None = None
    """To reject, in their order. None: those of the agreement in force stay."""
    notes_read_by: tuple[Side, ...] | None = None
    """Whose people read all field notes. None: whoever does stays."""
    sales_channels: tuple[str, ...] | None = None
    """Where campaign alerts are told. None: where they are stays."""
    alerts_need_approval: bool | None = None
    """Whether a sales manager approves them. None: that stays."""
    digests: tuple[DigestEntry, ...] | None = None
    """None: those there are stay."""


def difference(old: Configuration, new: Configuration) -> list[str]:
    """What putting `new` in force in place of `old` changes, a line each; secrets are counted, never shown."""
    lines = []
    for name in ("admin", "fallback_channel", "marketing_channel", "crm_hosts"):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            lines.append(f"~ {name}: {_show(before)} -> {_show(after)}")
    if new.notes_read_by is not None and old.notes_read_by != new.notes_read_by:
        lines.append(f"~ notes, read by: {_show(old.notes_read_by)} -> {_show(new.notes_read_by)}")
    for name in ("sales_channels", "alerts_need_approval"):
        before, after = getattr(old, name), getattr(new, name)
        if after is not None and before != after:
            lines.append(f"~ {name}: {_show(before)} -> {_show(after)}")
    lines += _compare("person", {entry.email: entry for entry in old.people}, {e.email: e for e in new.people})
    lines += _compare("team", {entry.key: entry for entry in old.teams}, {e.key: e for e in new.teams})
    lines += _compare("campaign", {e.key: e for e in old.campaigns}, {e.key: e for e in new.campaigns}, removes=False)
    lines += _compare("source", {e.key: e for e in old.sources}, {e.key: e for e in new.sources})
    lines += _compare("target", {entry.key: entry for entry in old.targets}, {e.key: e for e in new.targets})
    if new.digests is not None:
        lines += _compare("digest", {one.name: one for one in old.digests or ()}, {e.name: e for e in new.digests})
    if new.reasons is not None and old.reasons != new.reasons:
        lines += _reasons(old.reasons or (), new.reasons)
    if old.rules != new.rules:
        lines.append("~ routing, in order:")
        lines += [
            f"    {number}. {rule.name}: {rule.field} {rule.operator} {rule.value} -> {rule.target} {rule.to}"
            for number, rule in enumerate(new.rules, 1)
        ]
    return lines


def _reasons(old: tuple[Reason, ...], new: tuple[Reason, ...]) -> list[str]:
    lines = _compare("reason", {reason.code: reason for reason in old}, {reason.code: reason for reason in new})
    kept = [reason.code for reason in new if reason.code in {one.code for one in old}]
    if kept != [reason.code for reason in old if reason.code in kept]:
        lines.append("~ reasons, in order: " + ", ".join(reason.code for reason in new))
    return lines or ["~ reasons, in order: " + ", ".join(reason.code for reason in new)]


def _compare(kind: str, old: dict[str, object], new: dict[str, object], *, removes: bool = True) -> list[str]:
    lines = [f"+ {kind} {key}" for key in new if key not in old]
    for key, after in new.items():
        before = old.get(key)
        if before is None:
            continue
        unsaid = _unsaid(after)
        changed = [
            f"{part.name} {_shown(part.name, before)} -> {_shown(part.name, after)}"
            for part in fields(after)  # type: ignore[arg-type]
            if part.name not in ("secrets", "url", *unsaid) and getattr(before, part.name) != getattr(after, part.name)
        ]
        if isinstance(after, TargetEntry) and after.url != getattr(before, "url", ""):
            # The host alone: the rest of an address may hold a token.
            changed.append(f"url -> another at {_host(after.url)}")
        if (
            isinstance(after, SourceEntry | TargetEntry)
            and after.secrets
            and after.secrets != getattr(before, "secrets", ())
        ):
            changed.append(f"secrets -> {len(after.secrets)} given")
        if changed:
            lines.append(f"~ {kind} {key}: " + ", ".join(changed))
    if removes:
        lines += [f"- {kind} {key}" for key in old if key not in new]
    return lines


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _unsaid(entry: object) -> tuple[str, ...]:
    """Fields of which the entry says nothing: what they are stays."""
    if not isinstance(entry, PersonEntry | TeamEntry) or entry.says_times:
        return ()
    return (*TIMES, "tz") if isinstance(entry, TeamEntry) else TIMES


def _shown(name: str, entry: object) -> str:
    value = getattr(entry, name)
    return spoken_week(value) if name == "hours" and value is not None else _show(value)


def _show(value: object) -> str:
    if value is None or value in ((), ""):
        return "nothing"
    if isinstance(value, frozenset):
        return ", ".join(sorted(str(part) for part in value)) or "nothing"
    if isinstance(value, tuple):
        return ", ".join(
            part[0]
            if isinstance(part, tuple) and part[1] == 1
            else "x".join(map(str, part))
            if isinstance(part, tuple)
            else str(part)
            for part in value
        )
    return str(value)
