"""``/_sandbox/…``: the routes for the page and for checks from outside. JSON in and out; docs/sandbox.md shows each."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox import actions, payloads, sight
from sandbox.clock import Follower, NotSettled, instant, iso
from sandbox.company import PERSON_FIELDS, Person, check_zone, person_from
from sandbox.errors import CannotDo
from sandbox.workspace import Workspace

Json = dict[str, Any]
KEEP_ALIVE_S = 15.0


class Automation:
    """The routes over one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def routes(self) -> list[Route | WebSocketRoute]:
        table: list[tuple[str, str, Callable[[Request], Awaitable[Response]]]] = [
            ("GET", "app", self.app),
            ("GET", "people", self.people),
            ("POST", "people", self.change_person),
            ("GET", "places", self.places),
            ("POST", "places", self.change_place),
            ("GET", "screen", self.screen),
            ("POST", "act", self.act),
            ("POST", "options", self.options),
            ("GET", "clock", self.clock),
            ("POST", "clock", self.move_clock),
            ("GET", "faults", self.faults),
            ("POST", "faults", self.add_faults),
            ("DELETE", "faults", self.clear_faults),
            ("GET", "log", self.log),
            ("GET", "record", self.record),
            ("POST", "reset", self.reset),
            ("POST", "start_here", self.start_here),
            ("GET", "stream", self.stream),
        ]
        routes: list[Route | WebSocketRoute] = [
            Route(f"/_sandbox/{name}", _told(handler), methods=[verb]) for verb, name, handler in table
        ]
        return [*routes, WebSocketRoute("/_sandbox/clock/follow", self.follow)]

    async def app(self, request: Request) -> Response:
        workspace, world = self._workspace, self._workspace.world
        manifest, settings = workspace.manifest, workspace.settings
        app: Json = {"id": world.app_id, "name": manifest.name, "bot_user_id": world.bot.id, "bot_id": world.bot_id}
        app |= {"description": manifest.description, "color": manifest.background_color}
        app |= {"dm_enabled": manifest.messages_enabled}
        return _json(
            {
                "team": {"id": world.team["id"], "name": world.team["name"]},
                "app": app,
                "commands": [
                    {
                        "command": one["command"],
                        "description": one.get("description", ""),
                        "usage_hint": one.get("usage_hint", ""),
                    }
                    for one in manifest.commands
                ],
                "shortcuts": [
                    {
                        "name": one["name"],
                        "type": one["type"],
                        "callback_id": one["callback_id"],
                        "description": one.get("description", ""),
                    }
                    for one in manifest.shortcuts
                ],
                "home_enabled": manifest.home_enabled,
                "bot_token": settings.bot_token,
                "app_token": settings.app_token,
                "signing_secret": settings.signing_secret,
                "start_here": workspace.start_here,
                "clock_url": f"{workspace.base_url.replace('http', 'ws', 1)}/_sandbox/clock/follow",
                "delivery": "http" if workspace.http else "socket",
                "connections": workspace.socket.connection_count,
                "verified": workspace.http.verified if workspace.http else None,
            }
        )

    async def people(self, request: Request) -> Response:
        return _json([_person(person) for person in self._workspace.world.people.values()])

    async def change_person(self, request: Request) -> Response:
        """Add a person, or change the one with the given `id`; the app gets team_join or user_change."""
        body, workspace = await _body(request), self._workspace
        known = workspace.world.people.get(str(body.get("id")))
        now = workspace.clock.now()
        if known is None:
            person = person_from(body, position=len(workspace.world.people))
            if person.id in workspace.world.people:
                raise CannotDo(f"{person.email or person.name} is there already; give the 'id' to change them.")
            workspace.world.add_person(person, now)
            event = "team_join"
        else:
            person, event = known, "user_change"
            changes = {key: value for key, value in body.items() if key != "id"}
            if unknown := set(changes) - set(PERSON_FIELDS):
                raise CannotDo(f"Unknown field {sorted(unknown)[0]!r}; known are {', '.join(PERSON_FIELDS)}.")
            check_zone(changes.get("tz", person.tz))
            for key, value in changes.items():
                setattr(person, key, value)
            person.updated = int(now)
        with_email = workspace.manifest.has_scope("users:read.email")
        user = payloads.user_json(workspace.world, person, now, with_email=with_email)
        workspace.emit({"type": event, "user": user, "cache_ts": int(now)})
        workspace.stream.changed(None, "everything")
        return _json(_person(person))

    async def places(self, request: Request) -> Response:
        world = self._workspace.world
        user = sight.person(self._workspace, request.query_params.get("user"))
        places: list[Json] = [
            {
                "id": place.id,
                "name": place.name,
                "kind": place.kind,
                "topic": place.topic,
                "is_private": place.is_private,
                "members": len(place.members),
                "member_ids": sorted(place.members),
            }
            for place in world.places_of(user.id)
        ]
        places.append({"id": world.app_id, "name": world.bot.name, "kind": "app_home"})
        return _json(places)

    async def change_place(self, request: Request) -> Response:
        """``{"place", "add"|"remove": user id, "is_archived": bool}``: membership and archiving."""
        body, workspace = await _body(request), self._workspace
        place = workspace.world.places.get(str(body.get("place")))
        if place is None:
            raise CannotDo(f"'place' {body.get('place')!r} does not exist.")
        if "add" in body:
            workspace.join(place, sight.person(workspace, body["add"]).id)
        if "remove" in body:
            workspace.leave(place, sight.person(workspace, body["remove"]).id)
        if "is_archived" in body:
            place.is_archived = bool(body["is_archived"])
            event = "channel_archive" if place.is_archived else "channel_unarchive"
            workspace.emit({"type": event, "channel": place.id, "user": next(iter(workspace.world.people))})
            workspace.places_changed(place.members)
        return _json({"id": place.id, "name": place.name, "member_ids": sorted(place.members)})

    async def screen(self, request: Request) -> Response:
        query = request.query_params
        user = sight.person(self._workspace, query.get("user"))
        where = query.get("place")
        place = None
        if where and where != self._workspace.world.app_id:
            place = sight.place(self._workspace, user, where)
        return _json(sight.screen(self._workspace, user, place, _whole(query.get("limit"), "limit")))

    async def act(self, request: Request) -> Response:
        return _json(await actions.act(self._workspace, await _body(request)))

    async def options(self, request: Request) -> Response:
        return _json(await actions.options(self._workspace, await _body(request)))

    async def clock(self, request: Request) -> Response:
        return _json(self._workspace.clock.state())

    async def move_clock(self, request: Request) -> Response:
        body = await _body(request)
        if unknown := set(body) - {"advance_s", "to", "running"}:
            raise CannotDo(f"Unknown field {sorted(unknown)[0]!r}; known are advance_s, to, running.")
        advance, running = body.get("advance_s"), body.get("running")
        if advance is not None and (not isinstance(advance, (int, float)) or isinstance(advance, bool)):
            raise CannotDo(f"'advance_s' takes a number of seconds, not {advance!r}.")
        if running is not None and not isinstance(running, bool):
            raise CannotDo(f"'running' takes true or false, not {running!r}.")
        to = instant(body["to"]) if "to" in body else None
        try:
            await self._workspace.clock.change(advance_s=advance, to=to, running=running)
        except NotSettled as error:
            return _json({"error": str(error), **self._workspace.clock.state()}, 504)
        return _json(self._workspace.clock.state())

    async def follow(self, socket: WebSocket) -> None:
        """A bot keeps time by this clock, over ``/_sandbox/clock/follow?name=NAME``."""
        await socket.accept()

        async def send(message: Json) -> None:
            try:
                await socket.send_text(json.dumps(message))
            except (WebSocketDisconnect, RuntimeError):
                # Gone; the loop below notices and lets go of it.
                self._workspace.clock.leave(follower)

        follower = Follower(socket.query_params.get("name", "a follower"), send)
        await self._workspace.clock.join(follower)
        self._workspace.stream.changed(None, "clock")
        try:
            while True:
                message = json.loads(await socket.receive_text())
                if isinstance(message, dict) and message.get("type") == "settled":
                    follower.settled(message)
        except (WebSocketDisconnect, RuntimeError, ValueError):
            # Went away, or does not speak the protocol: either way nobody waits for it any longer.
            pass
        finally:
            self._workspace.clock.leave(follower)
            self._workspace.stream.changed(None, "clock")

    async def faults(self, request: Request) -> Response:
        return _json({"faults": self._workspace.faults.listed()})

    async def add_faults(self, request: Request) -> Response:
        """One rule, or a list of them, or ``{"faults": […]}``."""
        body = await _body(request, lists=True)
        rules = body if isinstance(body, list) else body.get("faults", [body])
        for rule in rules:
            if not isinstance(rule, dict):
                raise CannotDo(f"A fault is an object with a 'kind', not {rule!r}.")
            fault = self._workspace.faults.add(rule, self._workspace.clock.now())
            if fault.kind == "drop_socket":
                self._workspace.socket.drop()
            elif fault.kind == "half_open":
                self._workspace.socket.freeze()
            elif fault.kind == "disconnect":
                await self._workspace.socket.disconnect(fault.reason)
        return _json({"faults": self._workspace.faults.listed()})

    async def clear_faults(self, request: Request) -> Response:
        self._workspace.faults.clear()
        return _json({"faults": []})

    async def log(self, request: Request) -> Response:
        query, record = request.query_params, self._workspace.record
        since = _whole(query.get("since"), "since") or 0
        entries = record.since(since, _whole(query.get("limit"), "limit"))
        return _json({"entries": entries, "last_seq": record.last_seq})

    async def record(self, request: Request) -> Response:
        place = self._workspace.world.places.get(request.query_params.get("place", ""))
        if place is None:
            raise CannotDo(f"'place' {request.query_params.get('place')!r} does not exist.")
        both = sorted([*place.messages.values(), *place.ephemerals.values()], key=lambda message: message.ts)
        return _json(
            {
                "messages": [
                    {
                        "ts": message.ts,
                        "ephemeral_for": message.visible_to,
                        "deleted": message.deleted,
                        "message": message.json,
                        "versions": [
                            {"at": iso(version.at), "what": version.what, "message": version.message}
                            for version in message.versions
                        ],
                    }
                    for message in both
                ]
            }
        )

    async def reset(self, request: Request) -> Response:
        self._workspace.reset()
        return _json({"ok": True, **self._workspace.clock.state()})

    async def start_here(self, request: Request) -> Response:
        markdown = (await _body(request)).get("markdown")
        if markdown is not None and not isinstance(markdown, str):
            raise CannotDo("'markdown' takes a text or null.")
        self._workspace.start_here = markdown
        self._workspace.stream.changed(None, "everything")
        return _json({"start_here": markdown})

    async def stream(self, request: Request) -> Response:
        return StreamingResponse(
            self._changes(request.query_params.get("user")),
            media_type="text/event-stream",
            headers={"cache-control": "no-cache"},
        )

    async def _changes(self, user: str | None) -> AsyncIterator[bytes]:
        queue = self._workspace.stream.open(user)
        try:
            yield b": hello\n\n"
            while True:
                try:
                    async with asyncio.timeout(KEEP_ALIVE_S):
                        place, what = await queue.get()
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                data = json.dumps({"place": place, "what": what})
                yield f"event: changed\ndata: {data}\n\n".encode()
        finally:
            self._workspace.stream.close(queue)


def _told(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """The handler, with its CannotDo told as HTTP 400."""

    async def answer(request: Request) -> Response:
        origin = request.headers.get("origin")
        if origin is not None and origin.split("://", 1)[-1] != request.headers.get("host"):
            return _json({"error": "Only the sandbox's own page may call this from a browser."}, 403)
        try:
            return await handler(request)
        except CannotDo as error:
            return _json(error.answer(), 400)

    return answer


async def _body(request: Request, *, lists: bool = False) -> Any:
    raw = await request.body()
    try:
        body = json.loads(raw) if raw else {}
    except ValueError as error:
        raise CannotDo(f"The body is not JSON: {error}.") from error
    if not isinstance(body, dict) and not (lists and isinstance(body, list)):
        raise CannotDo("The body must be a JSON object.")
    return body


def _whole(text: str | None, name: str) -> int | None:
    if text is None or text == "":
        return None
    if not text.isdigit():
        raise CannotDo(f"{name!r} takes a whole number, not {text!r}.")
    return int(text)


def _json(content: Any, status: int = 200) -> Response:
    return JSONResponse(content, status)


def _person(person: Person) -> Json:
    keys = (
        "id", "name", "email", "handle", "title", "tz", "color", "initials", "is_bot", "is_admin", "is_owner",
        "is_restricted", "is_ultra_restricted", "is_stranger", "deleted", "team_id",
    )  # fmt: skip
    return {key: getattr(person, key) for key in keys}
