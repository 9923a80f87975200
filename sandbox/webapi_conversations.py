"""conversations.* and users.conversations: places, their members and their history."""

from typing import Any

from sandbox import lookups, payloads
from sandbox.arguments import Arguments
from sandbox.errors import SlackError
from sandbox.webapi import method
from sandbox.workspace import Workspace
from sandbox.world import Place

Json = dict[str, Any]
TYPES = frozenset({"public_channel", "private_channel", "mpim", "im"})
HISTORY_MOST = 999


def _type(place: Place) -> str:
    return "im" if place.kind == "dm" else "private_channel" if place.is_private else "public_channel"


def _listed(workspace: Workspace, args: Arguments, *, member: str | None) -> Json:
    types = {kind.strip() for kind in (args.text("types") or "public_channel").split(",")}
    if not types <= TYPES:
        raise SlackError("invalid_types")
    manifest, bot = workspace.manifest, workspace.world.bot.id
    scope_of = {"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read"}
    for kind in types - {"mpim"}:
        if not manifest.has_scope(scope_of[kind]):
            provided = ",".join(sorted(manifest.scopes or ()))
            raise SlackError("missing_scope", needed=scope_of[kind], provided=provided)
    places = [
        place
        for place in workspace.world.places.values()
        if _type(place) in types
        and (bot in place.members or (member is None and not place.is_private))
        and (member is None or member in place.members)
        and (place.kind != "dm" or place.opened)
        and not (place.is_archived and args.flag("exclude_archived"))
    ]
    page, cursor = lookups.page(args, places, default=100, most=1000)
    return {
        "channels": [payloads.channel_json(workspace.world, place) for place in page],
        "response_metadata": {"next_cursor": cursor},
    }


@method("conversations.list")
def conversations_list(workspace: Workspace, args: Arguments) -> Json:
    return _listed(workspace, args, member=None)


@method("users.conversations")
def users_conversations(workspace: Workspace, args: Arguments) -> Json:
    return _listed(workspace, args, member=args.text("user") or workspace.world.bot.id)


@method("conversations.info")
def conversations_info(workspace: Workspace, args: Arguments) -> Json:
    place = lookups.visible_place(workspace, args.text("channel"))
    return {"channel": payloads.channel_json(workspace.world, place, full=args.flag("include_num_members"))}


@method("conversations.members")
def conversations_members(workspace: Workspace, args: Arguments) -> Json:
    place = lookups.visible_place(workspace, args.text("channel"))
    page, cursor = lookups.page(args, sorted(place.members), default=100, most=1000)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


@method("conversations.open")
def conversations_open(workspace: Workspace, args: Arguments) -> Json:
    world = workspace.world
    if args.given("channel"):
        place = lookups.visible_place(workspace, args.text("channel"))
        if place.kind != "dm":
            raise SlackError("method_not_supported_for_channel_type")
    else:
        users = [user.strip() for user in args.text("users").split(",") if user.strip()]
        if not users:
            raise SlackError("users_list_not_supplied")
        if len(users) > 1:
            # The sandbox has no group direct messages.
            raise SlackError("too_many_users")
        person = lookups.person(workspace, users[0])
        if person.deleted:
            raise SlackError("user_disabled")
        if users[0] not in world.dms:
            raise SlackError("invalid_user_combination")
        place = world.dms[users[0]]
    was_open, place.opened = place.opened, True
    if not was_open:
        workspace.places_changed(place.members)
    channel = payloads.channel_json(world, place) if args.flag("return_im") else {"id": place.id}
    return {"channel": channel, **({"no_op": True, "already_open": True} if was_open else {})}


@method("conversations.join")
def conversations_join(workspace: Workspace, args: Arguments) -> Json:
    place = lookups.visible_place(workspace, args.text("channel"))
    if place.is_archived:
        raise SlackError("is_archived")
    if place.kind == "dm" or place.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    bot = workspace.world.bot.id
    if bot in place.members:
        return {
            "channel": payloads.channel_json(workspace.world, place),
            "warning": "already_in_channel",
            "response_metadata": {"warnings": ["already_in_channel"]},
        }
    workspace.join(place, bot)
    return {"channel": payloads.channel_json(workspace.world, place)}


def _window(workspace: Workspace, place: Place, args: Arguments) -> list[Json]:
    """The messages between `oldest` and `latest` that history may show, oldest first."""
    bounds = {}
    for name, default in (("oldest", 0.0), ("latest", float("inf"))):
        try:
            bounds[name] = float(args.text(name)) if args.given(name) else default
        except ValueError:
            raise SlackError(f"invalid_ts_{name}") from None
    inclusive = args.flag("inclusive")
    hidden = workspace.faults.hidden_since(place.id)
    keep_metadata = args.flag("include_all_metadata")
    out = []
    for message in place.messages.values():
        at = float(message.ts)
        inside = bounds["oldest"] < at < bounds["latest"]
        on_edge = inclusive and at in (bounds["oldest"], bounds["latest"])
        if message.deleted or not (inside or on_edge) or (hidden is not None and at >= hidden):
            continue
        out.append(message.json if keep_metadata else payloads.without_metadata(message.json))
    return out


@method("conversations.history")
def conversations_history(workspace: Workspace, args: Arguments) -> Json:
    place = lookups.joined_place(workspace, args.text("channel"))
    top = [
        json
        for json in _window(workspace, place, args)
        if json.get("thread_ts", json["ts"]) == json["ts"] or json.get("subtype") == "thread_broadcast"
    ]
    page, cursor = lookups.page(args, top[::-1], default=100, most=HISTORY_MOST)
    answer: Json = {"messages": page, "has_more": bool(cursor), "pin_count": 0}
    if cursor:
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


@method("conversations.replies")
def conversations_replies(workspace: Workspace, args: Arguments) -> Json:
    place = lookups.joined_place(workspace, args.text("channel"))
    asked = place.messages.get(args.text("ts"))
    if asked is None or asked.deleted:
        raise SlackError("thread_not_found")
    root = asked.json.get("thread_ts", asked.ts)
    thread = [json for json in _window(workspace, place, args) if root in (json["ts"], json.get("thread_ts"))]
    page, cursor = lookups.page(args, thread, default=1000, most=1000)
    answer: Json = {"messages": page, "has_more": bool(cursor)}
    if cursor:
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer
