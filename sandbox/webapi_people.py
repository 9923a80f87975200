"""auth.*, users.*, team.*, bots.*, usergroups.*, apps.*: who is who, and the way in."""

from typing import Any

from sandbox import lookups, payloads
from sandbox.arguments import Arguments
from sandbox.errors import SlackError
from sandbox.webapi import method
from sandbox.workspace import Workspace

Json = dict[str, Any]


def _user(workspace: Workspace, user: str) -> Json:
    person = lookups.person(workspace, user)
    with_email = workspace.manifest.has_scope("users:read.email")
    return payloads.user_json(workspace.world, person, workspace.clock.now(), with_email=with_email)


@method("api.test")
def api_test(workspace: Workspace, args: Arguments) -> Json:
    if args.given("error"):
        raise SlackError(args.text("error"), args=args.values)
    return {"args": args.values}


@method("auth.test")
def auth_test(workspace: Workspace, args: Arguments) -> Json:
    world = workspace.world
    return {
        "url": f"{workspace.base_url}/",
        "team": world.team["name"],
        "user": world.bot.handle,
        "team_id": world.team["id"],
        "user_id": world.bot.id,
        "bot_id": world.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open")
def connections_open(workspace: Workspace, args: Arguments) -> Json:
    ticket = workspace.socket.ticket()
    base = workspace.base_url.replace("http://", "ws://", 1)
    return {"url": f"{base}/link/?ticket={ticket}&app_id={workspace.world.app_id}"}


@method("team.info")
def team_info(workspace: Workspace, args: Arguments) -> Json:
    team = workspace.world.team
    if args.given("team") and args.text("team") != team["id"]:
        raise SlackError("team_not_found")
    icon = {"image_default": True}
    return {"team": {**team, "email_domain": "example.com", "icon": icon, "url": f"{workspace.base_url}/"}}


@method("bots.info")
def bots_info(workspace: Workspace, args: Arguments) -> Json:
    world = workspace.world
    if args.text("bot") not in ("", world.bot_id):
        raise SlackError("bot_not_found")
    profile = payloads.bot_profile(world)
    return {"bot": {key: profile[key] for key in ("id", "deleted", "name", "updated", "app_id", "user_id")}}


@method("users.info")
def users_info(workspace: Workspace, args: Arguments) -> Json:
    return {"user": _user(workspace, args.text("user"))}


@method("users.list")
def users_list(workspace: Workspace, args: Arguments) -> Json:
    page, cursor = lookups.page(args, list(workspace.world.people), default=200, most=1000)
    return {
        "members": [_user(workspace, user) for user in page],
        "cache_ts": int(workspace.clock.now()),
        "response_metadata": {"next_cursor": cursor},
    }


@method("users.lookupByEmail")
def users_lookup_by_email(workspace: Workspace, args: Arguments) -> Json:
    email = args.text("email").lower()
    for person in workspace.world.people.values():
        if person.email and person.email.lower() == email and not person.deleted:
            return {"user": _user(workspace, person.id)}
    raise SlackError("users_not_found")


@method("users.profile.get")
def users_profile_get(workspace: Workspace, args: Arguments) -> Json:
    return {"profile": _user(workspace, args.text("user") or workspace.world.bot.id)["profile"]}


@method("users.getPresence")
def users_get_presence(workspace: Workspace, args: Arguments) -> Json:
    person = lookups.person(workspace, args.text("user") or workspace.world.bot.id)
    return {"presence": "away" if person.deleted else "active"}


@method("usergroups.list")
def usergroups_list(workspace: Workspace, args: Arguments) -> Json:
    return {"usergroups": []}


@method("emoji.list")
def emoji_list(workspace: Workspace, args: Arguments) -> Json:
    return {"emoji": {}, "cache_ts": str(int(workspace.clock.now()))}
