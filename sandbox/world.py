"""The state of the workspace: people, places, messages, forms and Home tabs. No rules of any API in here."""

import secrets
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from sandbox.company import Company, Person, person_from
from sandbox.ids import Timestamps, stable_id

Json = dict[str, Any]
State = dict[str, dict[str, Json]]
"""Entered values: block_id → action_id → entry as in Slack's ``state.values``."""


@dataclass(frozen=True)
class Version:
    """How a message stood after something happened to it. `message` is None once it is deleted."""

    at: float
    what: str
    message: Json | None


@dataclass(eq=False)
class Message:
    """A message of a place. `json` is replaced as a whole on every change, never changed in place."""

    json: Json
    versions: list[Version] = field(default_factory=list)
    states: dict[str, State] = field(default_factory=dict)
    """What each person has picked in its selects, by user id."""
    visible_to: str | None = None
    """The only person who sees it, if it is ephemeral."""
    options: dict[str, list[Json]] = field(default_factory=dict)
    """The options the app has offered for its external selects, by action id."""
    deleted: bool = False

    @property
    def ts(self) -> str:
        return str(self.json["ts"])


@dataclass(eq=False)
class Place:
    """A channel, the direct messages of one person with the app, or those of two people with each other."""

    id: str
    name: str
    kind: str
    members: set[str]
    person: str | None = None
    """Whose direct messages with the app these are; None for a channel and between people."""
    topic: str = ""
    is_private: bool = False
    is_archived: bool = False
    is_ext_shared: bool = False
    """Shared with another organisation."""
    is_general: bool = False
    created: int = 0
    opened: bool = True
    """Whether the app or the person has opened it; direct messages exist before they are opened."""
    messages: dict[str, Message] = field(default_factory=dict)
    ephemerals: dict[str, Message] = field(default_factory=dict)

    @property
    def wire_name(self) -> str:
        """The name Slack gives in payloads."""
        if self.kind == "dm":
            return "directmessage"
        return "privategroup" if self.is_private else self.name

    @property
    def with_app(self) -> bool:
        """Whether these are somebody's direct messages with the app."""
        return self.person is not None


@dataclass(eq=False)
class Form:
    """A view that is open for one person: a modal of their stack, or their Home tab."""

    json: Json
    state: State = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    options: dict[str, list[Json]] = field(default_factory=dict)
    """The options the app has offered for its external selects, by action id."""


@dataclass
class Trigger:
    """Permission to open a form, good for three real seconds and one use."""

    user: str
    expires: float
    view_id: str | None = None
    used: bool = False


@dataclass
class ResponseUrl:
    """Where the app may answer a payload: five times within 30 minutes of the sandbox's clock."""

    user: str
    place: str
    created: float
    source_ts: str | None = None
    is_command: bool = False
    uses: int = 0


class World:
    """All state; a reset makes a new one from the same company."""

    def __init__(self, company: Company, now: float, bot_name: str, timestamps: Timestamps | None = None) -> None:
        self.team = {"id": company.team_id, "name": company.name, "domain": company.domain}
        self.address = f"https://{company.domain}.slack.com/"
        """Of the workspace, with which links to its messages begin; the page opens them itself."""
        self.app_id = stable_id("A", f"app:{company.team_id}")
        self.bot = Person(
            id=stable_id("U", f"bot:{company.team_id}"),
            handle=bot_name.lower().replace(" ", "_"),
            name=bot_name,
            email=None,
            is_bot=True,
            updated=int(now),
        )
        self.started = now
        self.user_groups = {group.id: group for group in company.user_groups}
        self.bot_id = stable_id("B", f"bot:{company.team_id}")
        self.people: dict[str, Person] = {}
        self.places: dict[str, Place] = {}
        self.dms: dict[str, Place] = {}
        self.stacks: dict[str, list[Form]] = {}
        self.homes: dict[str, Form] = {}
        self.errors: dict[str, deque[str]] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.views_by_external_id: dict[str, Form] = {}
        self.timestamps = timestamps or Timestamps()
        for position, entry in enumerate(company.people):
            self.add_person(person_from(entry, position=position), now)
        self.people[self.bot.id] = self.bot
        for channel in company.channels:
            members = {*channel.members, self.bot.id} if channel.bot else set(channel.members)
            self.places[channel.id] = Place(
                id=channel.id, name=channel.name, kind="channel", members=members, topic=channel.topic,
                is_private=channel.is_private, is_archived=channel.is_archived, is_general=channel.is_general,
                created=int(now),
            )  # fmt: skip

    def add_person(self, person: Person, now: float) -> None:
        """Put a person in, with their direct messages with the app, not opened yet."""
        person.updated = int(now)
        self.people[person.id] = person
        place = Place(
            id=stable_id("D", f"{self.bot.id}:{person.id}"),
            name=self.bot.name,
            kind="dm",
            members={person.id, self.bot.id},
            person=person.id,
            created=int(now),
            opened=False,
        )
        self.places[place.id] = place
        self.dms[person.id] = place

    def places_of(self, user: str) -> list[Place]:
        """Where this person can read: channels by name, then the direct messages with the app, then with people."""
        mine = [place for place in self.places.values() if user in place.members and not place.is_archived]
        return sorted(mine, key=lambda place: (place.kind != "channel", not place.with_app, self.name_for(place, user)))

    def name_for(self, place: Place, user: str) -> str:
        """How the place is called on this person's screen: direct messages by who the other one is."""
        other = self.other(place, user)
        return place.name if other is None else self.people[other].name

    def other(self, place: Place, user: str) -> str | None:
        """Who the other one is in this person's direct messages with somebody; None in a channel."""
        if place.kind != "dm":
            return None
        return next((one for one in sorted(place.members) if one != user), user)

    def top_form(self, user: str) -> Form | None:
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def find_form(self, view_id: str | None, external_id: str | None) -> tuple[str, Form] | None:
        """The open form or Home with this id, and whose it is."""
        for forms in (self.stacks.items(), ((user, [home]) for user, home in self.homes.items())):
            for user, stack in forms:
                for form in stack:
                    if (view_id is not None and form.json["id"] == view_id) or (
                        external_id and form.json.get("external_id") == external_id
                    ):
                        return user, form
        return None

    def new_trigger(self, user: str, real_now: float, view_id: str | None = None) -> str:
        """A trigger id in Slack's shape, valid for three seconds from `real_now` (a monotonic time)."""
        key = f"{secrets.randbelow(10**13):013d}.{secrets.randbelow(10**11):011d}.{secrets.token_hex(16)}"
        self.triggers[key] = Trigger(user, real_now + 3.0, view_id)
        if len(self.triggers) > 20_000:
            del self.triggers[next(iter(self.triggers))]
        return key

    def show_error(self, user: str, sentence: str) -> None:
        """Put a warning on a person's screen; it stays until they do the next thing."""
        self.errors.setdefault(user, deque(maxlen=20)).append(sentence)
