"""The company a sandbox starts with: a TOML file of people and channels."""

import tomllib
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.errors import CannotDo
from sandbox.ids import stable_id

DEFAULT_FILE = Path(__file__).with_name("company.toml")
COLORS = ("1d5fa8", "2f7d4f", "a8431d", "6b4fa0", "8a1d5f", "b07a12", "1d7f8a", "4a6b1d", "9b2d30", "3a5bbf")


@dataclass
class Person:
    """One account of the workspace, bots included. `tz` is an IANA name, `updated` seconds since 1970."""

    id: str
    handle: str
    name: str
    email: str | None
    title: str = ""
    tz: str = "Europe/London"
    color: str = "1d5fa8"
    is_bot: bool = False
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    deleted: bool = False
    team_id: str | None = None
    """The person's own organisation, if it is not this workspace (Slack Connect)."""
    updated: int = 0

    @property
    def initials(self) -> str:
        words = self.name.split() or [self.handle]
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()


@dataclass(frozen=True)
class Channel:
    """A channel as the company file describes it; `members` are ids."""

    id: str
    name: str
    members: tuple[str, ...]
    bot: bool
    topic: str = ""
    is_private: bool = False
    is_archived: bool = False
    is_general: bool = False


@dataclass(frozen=True)
class UserGroup:
    """A user group (@handle) as the company file describes it; `members` are ids."""

    id: str
    handle: str
    name: str
    members: tuple[str, ...]
    description: str = ""
    is_disabled: bool = False


@dataclass(frozen=True)
class Company:
    """Everything a workspace is rebuilt from when the sandbox is reset."""

    team_id: str
    name: str
    domain: str
    people: tuple[dict[str, Any], ...]
    channels: tuple[Channel, ...] = field(default_factory=tuple)
    user_groups: tuple[UserGroup, ...] = field(default_factory=tuple)


PERSON_FIELDS = (
    "handle", "name", "email", "title", "tz", "color", "is_admin", "is_owner", "is_restricted",
    "is_ultra_restricted", "is_stranger", "deleted", "team_id",
)  # fmt: skip


def person_from(entry: dict[str, Any], *, position: int = 0) -> Person:
    """A person from a table of the company file or a body of ``POST /_sandbox/people``.

    Raises CannotDo with a sentence that names the field when something is missing or unknown.
    """
    unknown = set(entry) - set(PERSON_FIELDS) - {"id"}
    if unknown:
        raise CannotDo(f"Unknown field {sorted(unknown)[0]!r} of a person; known are {', '.join(PERSON_FIELDS)}.")
    name, email = entry.get("name"), entry.get("email")
    if not isinstance(name, str) or not name:
        raise CannotDo("A person needs a 'name' (text).")
    check_zone(entry.get("tz", "Europe/London"))
    handle = entry.get("handle") or (email.split("@")[0] if email else plain(name).lower().replace(" ", "."))
    known = {key: entry[key] for key in PERSON_FIELDS if key in entry}
    known.setdefault("color", COLORS[position % len(COLORS)])
    known.setdefault("email", None)
    return Person(id=entry.get("id") or stable_id("U", email or name), **{**known, "handle": handle})


def check_zone(name: object) -> None:
    """Raise CannotDo unless `name` is a time zone."""
    try:
        ZoneInfo(str(name))
    except (KeyError, ValueError, OSError) as error:
        raise CannotDo(f"'tz' {name!r} is no time zone; use an IANA name such as Europe/Berlin.") from error


def load(path: Path = DEFAULT_FILE) -> Company:
    """Read a company file; raises CannotDo with a sentence when it is not one."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CannotDo(f"Cannot read the company file {path}: {error.strerror}.") from error
    except tomllib.TOMLDecodeError as error:
        raise CannotDo(f"The company file {path} is not TOML: {error}.") from error
    team = data.get("team", {})
    by_handle: dict[str, str] = {}
    for position, entry in enumerate(data.get("people", ())):
        person = person_from(entry, position=position)
        by_handle[person.handle] = person.id
    channels = []
    for entry in data.get("channels", ()):
        strangers = [member for member in entry.get("members", ()) if member not in by_handle]
        if strangers:
            raise CannotDo(f"Channel {entry.get('name')!r}: member {strangers[0]!r} is nobody of [[people]].")
        channels.append(
            Channel(
                id=entry.get("id") or stable_id("C", entry["name"]),
                name=entry["name"],
                members=tuple(by_handle[member] for member in entry.get("members", ())),
                bot=entry.get("bot", False),
                topic=entry.get("topic", ""),
                is_private=entry.get("is_private", False),
                is_archived=entry.get("is_archived", False),
                is_general=entry.get("is_general", False),
            )
        )
    groups = []
    for entry in data.get("user_groups", ()):
        strangers = [member for member in entry.get("members", ()) if member not in by_handle]
        if strangers:
            raise CannotDo(f"User group {entry.get('handle')!r}: member {strangers[0]!r} is nobody of [[people]].")
        groups.append(
            UserGroup(
                id=entry.get("id") or stable_id("S", entry["handle"]),
                handle=entry["handle"],
                name=entry.get("name", entry["handle"]),
                members=tuple(by_handle[member] for member in entry.get("members", ())),
                description=entry.get("description", ""),
                is_disabled=entry.get("is_disabled", False),
            )
        )
    return Company(
        team_id=team.get("id", "T0LOCKSTEP"),
        name=team.get("name", "Sandbox"),
        domain=team.get("domain", "sandbox"),
        people=tuple(data.get("people", ())),
        channels=tuple(channels),
        user_groups=tuple(groups),
    )


def plain(text: str) -> str:
    """`text` without accents, for handles."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
