"""auth.*, users.*, team.*, bots.*, usergroups.*, apps.*: who is who, and the way in."""

from typing import Any

from sandbox import lookups, payloads
from sandbox.arguments import Arguments
from sandbox.company import UserGroup
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
        "url": world.address,
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
    return {"team": {**team, "email_domain": "example.com", "icon": icon, "url": workspace.world.address}}


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
    groups = [_user_group(workspace, group) for group in workspace.world.user_groups.values()]
    if not args.flag("include_disabled"):
        groups = [group for group in groups if not group["date_delete"]]
    for group in groups:
        if not args.flag("include_users"):
            del group["users"]
        if not args.flag("include_count"):
            del group["user_count"]
    return {"usergroups": groups}


@method("usergroups.users.list")
def usergroups_users_list(workspace: Workspace, args: Arguments) -> Json:
    group = workspace.world.user_groups.get(args.text("usergroup"))
    if group is None or (group.is_disabled and not args.flag("include_disabled")):
        raise SlackError("no_such_subteam")
    return {"users": list(group.members)}


def _user_group(workspace: Workspace, group: UserGroup) -> Json:
    world = workspace.world
    return {
        "id": group.id,
        "team_id": world.team["id"],
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": group.description,
        "handle": group.handle,
        "is_external": False,
        "date_create": int(world.started),
        "date_update": int(world.started),
        "date_delete": int(world.started) if group.is_disabled else 0,
        "auto_type": None,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": group.members[0] if group.members else "",
        "updated_by": group.members[0] if group.members else "",
        "deleted_by": None,
        "prefs": {"channels": [], "groups": []},
        "users": list(group.members),
        "user_count": len(group.members),
    }


@method("emoji.list")
def emoji_list(workspace: Workspace, args: Arguments) -> Json:
    return {"emoji": {}, "cache_ts": str(int(workspace.clock.now()))}
