"""``/_sandbox/…``: the routes for the page and for checks from outside. JSON in and out; docs/sandbox.md shows each."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from sandbox import actions, openings, payloads, sight
from sandbox.automation_clock import ClockRoutes
from sandbox.automation_watch import WatchRoutes
from sandbox.company import PERSON_FIELDS, Person, check_zone, person_from
from sandbox.errors import CannotDo
from sandbox.requests import Handler, read, reply, routes, whole
from sandbox.workspace import Workspace

Json = dict[str, Any]


class Automation:
    """The routes over one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def routes(self) -> list[BaseRoute]:
        table: list[tuple[str, str, Handler]] = [
            ("GET", "app", self.app),
            ("GET", "people", self.people),
            ("POST", "people", self.change_person),
            ("GET", "places", self.places),
            ("POST", "places", self.change_place),
            ("GET", "screen", self.screen),
            ("POST", "act", self.act),
            ("POST", "options", self.options),
            ("POST", "reset", self.reset),
            ("POST", "start_here", self.start_here),
        ]
        return [*routes(table), *ClockRoutes(self._workspace).routes(), *WatchRoutes(self._workspace).routes()]

    async def app(self, request: Request) -> Response:
        workspace, world = self._workspace, self._workspace.world
        manifest, settings = workspace.manifest, workspace.settings
        app: Json = {"id": world.app_id, "name": manifest.name, "bot_user_id": world.bot.id, "bot_id": world.bot_id}
        app |= {"description": manifest.description, "color": manifest.background_color}
        app |= {"dm_enabled": manifest.messages_enabled and not manifest.messages_read_only}
        return reply(
            {
                "team": {"id": world.team["id"], "name": world.team["name"], "url": world.address},
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
        return reply([_person(person) for person in self._workspace.world.people.values()])

    async def change_person(self, request: Request) -> Response:
        """Add a person, or change the one with the given `id`; the app gets team_join or user_change."""
        body, workspace = await read(request), self._workspace
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
        return reply(_person(person))

    async def places(self, request: Request) -> Response:
        world = self._workspace.world
        user = sight.person(self._workspace, request.query_params.get("user"))
        places: list[Json] = [
            {
                "id": place.id,
                "name": world.name_for(place, user.id),
                "kind": place.kind,
                "topic": place.topic,
                "is_private": place.is_private,
                "members": len(place.members),
                "member_ids": sorted(place.members),
                **({"user": world.other(place, user.id), "with_app": place.with_app} if place.kind == "dm" else {}),
            }
            for place in world.places_of(user.id)
        ]
        places.append({"id": world.app_id, "name": world.bot.name, "kind": "app_home"})
        return reply(places)

    async def change_place(self, request: Request) -> Response:
        """``{"place", "add"|"remove": user id, "is_archived": bool, "is_ext_shared": bool}``: membership, archiving,
        sharing with another organisation. ``{"user", "with": user id}`` and ``{"user", "name", …}``: a new place."""
        body, workspace = await read(request), self._workspace
        if "user" in body:
            opened = openings.open_place(workspace, sight.person(workspace, body["user"]), body)
            return reply({"id": opened.id, "name": opened.name, "member_ids": sorted(opened.members)})
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
        if "is_ext_shared" in body:
            place.is_ext_shared = bool(body["is_ext_shared"])
        return reply({"id": place.id, "name": place.name, "member_ids": sorted(place.members)})

    async def screen(self, request: Request) -> Response:
        query = request.query_params
        user = sight.person(self._workspace, query.get("user"))
        where = query.get("place")
        place = None
        if where and where != self._workspace.world.app_id:
            place = sight.place(self._workspace, user, where)
        return reply(sight.screen(self._workspace, user, place, whole(query.get("limit"), "limit")))

    async def act(self, request: Request) -> Response:
        return reply(await actions.act(self._workspace, await read(request)))

    async def options(self, request: Request) -> Response:
        return reply(await actions.options(self._workspace, await read(request)))

    async def reset(self, request: Request) -> Response:
        self._workspace.reset()
        return reply({"ok": True, **self._workspace.clock.state()})

    async def start_here(self, request: Request) -> Response:
        markdown = (await read(request)).get("markdown")
        if markdown is not None and not isinstance(markdown, str):
            raise CannotDo("'markdown' takes a text or null.")
        self._workspace.start_here = markdown
        self._workspace.stream.changed(None, "everything")
        return reply({"start_here": markdown})


def _person(person: Person) -> Json:
    keys = (
        "id", "name", "email", "handle", "title", "tz", "color", "initials", "is_bot", "is_admin", "is_owner",
        "is_restricted", "is_ultra_restricted", "is_stranger", "deleted", "team_id",
    )  # fmt: skip
    return {key: getattr(person, key) for key in keys}
