"""One running workspace: its state and the parts that act on it, put together once."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sandbox import payloads
from sandbox.clock import Clock
from sandbox.company import Company
from sandbox.delivery import Ack, Delivery
from sandbox.faults import Faults
from sandbox.manifest import Manifest
from sandbox.ratelimits import RateLimits
from sandbox.record import Record
from sandbox.signedhttp import SignedHttp
from sandbox.socketmode import SocketMode
from sandbox.stream import Stream
from sandbox.world import Message, Place, Version, World

Json = dict[str, Any]

THREAD_KEYS = ("thread_ts", "reply_count", "reply_users", "reply_users_count", "latest_reply")
"""What the first message of a thread says of its replies."""

EVENT_SCOPES: dict[str, tuple[str, ...]] = {
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "app_mention": ("app_mentions:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "channel_created": ("channels:read",),
    "channel_archive": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "user_change": ("users:read",),
    "team_join": ("users:read",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
}
"""Which scope an event needs to be delivered; the ones not listed need none."""


@dataclass(frozen=True)
class Settings:
    """How a sandbox is started. With `request_url` it delivers by signed HTTP, without by Socket Mode."""

    company: Company
    manifest: Manifest = field(default_factory=Manifest)
    request_url: str | None = None
    bot_token: str = "xoxb-sandbox-bot"
    app_token: str = "xapp-sandbox-app"
    signing_secret: str = "sandbox-signing-secret"


class Workspace:
    """Everything the routes work on. `base_url` is where the sandbox is reached, known once it listens."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.manifest = settings.manifest
        self.base_url = "http://127.0.0.1"
        self.start_here: str | None = None
        self.record = Record()
        self.faults = Faults()
        self.stream = Stream()
        self.limits = RateLimits()
        self.clock = Clock(self._idle)
        self.world = World(settings.company, self.clock.now(), self.manifest.bot_name)
        self.socket = SocketMode(self.world.app_id, self.clock, self.record)
        self.http = SignedHttp(settings.request_url, settings.signing_secret) if settings.request_url else None
        self.delivery = Delivery(self.http or self.socket, self.clock, self.faults, self.record)
        self.clock.on_change = lambda: self.stream.changed(None, "clock")

    def reset(self) -> None:
        """Everything as it was at the start, except the clock and the open connections."""
        self.clock.forget_due()
        self.faults.clear()
        self.limits.clear()
        self.record.clear()
        self.start_here = None
        timestamps = self.world.timestamps
        self.world = World(self.settings.company, self.clock.now(), self.manifest.bot_name, timestamps)
        self.stream.changed(None, "everything")

    async def _idle(self) -> bool:
        return await self.delivery.idle()

    # -- messages -----------------------------------------------------------------------------------

    def put(self, place: Place, json: Json, *, visible_to: str | None = None) -> Message:
        """Add a message to a place and tell the pages; an ephemeral one only to the person it is for."""
        now = self.clock.now()
        message = Message(json, [Version(now, "posted", json)], visible_to=visible_to)
        if visible_to is None:
            place.messages[message.ts] = message
            self._touch_thread(place, json)
        else:
            place.ephemerals[message.ts] = message
        place.opened = True
        self._message_changed(place, message)
        return message

    def replace(self, place: Place, message: Message, json: Json) -> None:
        """Give a message a new content."""
        message.json = json
        message.versions.append(Version(self.clock.now(), "updated", json))
        self._message_changed(place, message)

    def remove(self, place: Place, message: Message) -> None:
        """Take a message out of people's sight; the record keeps it."""
        message.deleted = True
        message.versions.append(Version(self.clock.now(), "deleted", None))
        self._uncount(place, message)
        self._message_changed(place, message)

    def _message_changed(self, place: Place, message: Message) -> None:
        if message.visible_to is not None:
            self.stream.changed(place.id, "ephemeral", (message.visible_to,))
        else:
            self.stream.changed(place.id, "message", place.members)

    def _touch_thread(self, place: Place, json: Json) -> None:
        """Count a reply on its parent, as Slack does."""
        parent = place.messages.get(json.get("thread_ts", ""))
        if parent is None or parent.ts == json["ts"]:
            return
        users = [*parent.json.get("reply_users", ())]
        if json["user"] not in users:
            users.append(json["user"])
        parent.json = {
            **parent.json,
            "thread_ts": parent.ts,
            "reply_count": parent.json.get("reply_count", 0) + 1,
            "reply_users": users,
            "reply_users_count": len(users),
            "latest_reply": json["ts"],
        }

    def _uncount(self, place: Place, gone: Message) -> None:
        """Take a deleted reply off its parent's count."""
        parent = place.messages.get(gone.json.get("thread_ts", ""))
        if parent is None or parent is gone or gone.visible_to is not None:
            return
        replies = [
            one.json
            for one in place.messages.values()
            if one.json.get("thread_ts") == parent.ts and one is not parent and not one.deleted
        ]
        users = list(dict.fromkeys(str(reply["user"]) for reply in replies))
        json = {key: value for key, value in parent.json.items() if key not in THREAD_KEYS}
        if replies:
            json |= {"thread_ts": parent.ts, "reply_count": len(replies), "reply_users": users}
            json |= {"reply_users_count": len(users), "latest_reply": replies[-1]["ts"]}
        parent.json = json

    # -- events -------------------------------------------------------------------------------------

    def emit(
        self, event: Json, *, place: Place | None = None, subscription: str | None = None
    ) -> "asyncio.Task[Ack] | None":
        """Deliver an event if the app subscribed to it, has the scope for it, and is a member of the place."""
        name = subscription or event["type"]
        if not self.manifest.hears(name) or not self.manifest.has_scope(*EVENT_SCOPES.get(name, ())):
            return None
        if place is not None and self.world.bot.id not in place.members:
            return None
        now = self.clock.now()
        event.setdefault("event_ts", self.world.timestamps.next(now))
        return self.delivery.event(payloads.event_callback(self.world, event, now))

    def emit_message(self, place: Place, event: Json) -> "asyncio.Task[Ack] | None":
        """Deliver a `message` event about this place."""
        kind = "im" if place.kind == "dm" else "group" if place.is_private else "channel"
        event = {"type": "message", **event, "channel": place.id, "channel_type": kind}
        event.setdefault("event_ts", event["ts"])
        return self.emit(event, place=place, subscription=f"message.{'im' if kind == 'im' else kind + 's'}")

    def join(self, place: Place, user: str, *, inviter: str | None = None) -> None:
        """Put somebody in a channel, and tell the app if it is in there too (or is the one who joins)."""
        place.members.add(user)
        self._membership("member_joined_channel", place, user, **({"inviter": inviter} if inviter else {}))

    def leave(self, place: Place, user: str) -> None:
        """Take somebody out of a channel, and tell the app if it stays in there."""
        place.members.discard(user)
        self._membership("member_left_channel", place, user)

    def _membership(self, type_: str, place: Place, user: str, **more: str) -> None:
        kind = "G" if place.is_private else "C"
        event = {"type": type_, "user": user, "channel": place.id, "channel_type": kind, **more}
        self.emit({**event, "team": self.world.team["id"]}, place=place)
        self.places_changed((user,))

    # -- Home and forms -----------------------------------------------------------------------------

    def form_changed(self, user: str) -> None:
        self.stream.changed(None, "form", (user,))

    def places_changed(self, users: Iterable[str]) -> None:
        self.stream.changed(None, "places", users)
