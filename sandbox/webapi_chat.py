"""chat.*: posting, changing, deleting."""

import uuid
from typing import Any

from sandbox import lookups, payloads
from sandbox.arguments import Arguments
from sandbox.blockkit import Problem, fill_ids, validate_blocks
from sandbox.errors import SlackError
from sandbox.webapi import method
from sandbox.workspace import Workspace
from sandbox.world import Place

Json = dict[str, Any]
MAX_TEXT = 40_000
MAX_UPDATE_TEXT = 4_000
MAX_MARKDOWN = 12_000


@method("chat.postMessage")
def post_message(workspace: Workspace, args: Arguments) -> Json:
    place = lookups.place_to_post(workspace, args.text("channel"))
    content, warning = content_of(args)
    if wait := workspace.limits.take_post(place.id, workspace.clock.now()):
        raise SlackError("ratelimited", retry_after=wait)
    thread_ts = args.text("thread_ts")
    if thread_ts:
        parent = place.messages.get(thread_ts)
        if parent is None or parent.deleted:
            raise SlackError("cannot_reply_to_message")
        content["thread_ts"] = parent.json.get("thread_ts", thread_ts)
        if args.flag("reply_broadcast"):
            content["subtype"] = "thread_broadcast"
    json = post_as_bot(workspace, place, content)
    answer: Json = {"channel": place.id, "ts": json["ts"], "message": json}
    if warning:
        answer |= {"warning": warning, "response_metadata": {"warnings": [warning]}}
    return answer


@method("chat.postEphemeral")
def post_ephemeral(workspace: Workspace, args: Arguments) -> Json:
    place = lookups.place_to_post(workspace, args.text("channel"))
    if workspace.world.bot.id not in place.members:
        raise SlackError("not_in_channel")
    user = args.text("user")
    if user not in place.members or user not in workspace.world.people:
        raise SlackError("user_not_in_channel")
    content, _ = content_of(args)
    if args.given("thread_ts"):
        content["thread_ts"] = args.text("thread_ts")
    ts = workspace.world.timestamps.next(workspace.clock.now())
    workspace.put(place, bot_message(workspace, content, ts), visible_to=user)
    return {"message_ts": ts}


@method("chat.update")
def update(workspace: Workspace, args: Arguments) -> Json:
    place = lookups.visible_place(workspace, args.text("channel"))
    if place.is_archived:
        raise SlackError("is_inactive")
    message = lookups.message(place, args.text("ts"))
    if message.json.get("bot_id") != workspace.world.bot_id:
        raise SlackError("cant_update_message")
    if len(args.text("text")) > MAX_UPDATE_TEXT:
        raise SlackError("msg_too_long")
    before = message.json
    has_blocks = args.values.get("blocks") not in (None, "")
    if not has_blocks and args.values.get("attachments") not in (None, "") and not args.given("text"):
        content: Json = {"attachments": args.json("attachments", "invalid_attachments")}
    else:
        content, _ = content_of(args, updating=True)
    after = {key: value for key, value in before.items() if key not in ("blocks", "text", "edited")}
    after["text"] = content.get("text") or (before.get("text", "") if not args.given("text") else "")
    if has_blocks or args.given("markdown_text"):
        # `blocks: []` takes them away.
        if content.get("blocks"):
            after["blocks"] = content["blocks"]
    elif not args.given("text") and "blocks" in before:
        after["blocks"] = before["blocks"]
    else:
        after["edited"] = {"user": workspace.world.bot.id, "ts": args.text("ts")}
    after |= {key: content[key] for key in ("attachments", "metadata") if key in content}
    workspace.replace(place, message, after)
    emit_changed(workspace, place, after, before)
    return {"channel": place.id, "ts": message.ts, "text": after["text"], "message": after}


@method("chat.delete")
def delete(workspace: Workspace, args: Arguments) -> Json:
    place = lookups.visible_place(workspace, args.text("channel"))
    message = lookups.message(place, args.text("ts"))
    if message.json.get("bot_id") != workspace.world.bot_id:
        raise SlackError("cant_delete_message")
    workspace.remove(place, message)
    emit_deleted(workspace, place, message.json)
    return {"channel": place.id, "ts": message.ts}


@method("chat.getPermalink")
def get_permalink(workspace: Workspace, args: Arguments) -> Json:
    place = lookups.visible_place(workspace, args.text("channel"))
    message = lookups.message(place, args.text("message_ts"))
    link = f"{workspace.world.address}archives/{place.id}/p{message.ts.replace('.', '')}"
    if "thread_ts" in message.json and message.json["thread_ts"] != message.ts:
        link += f"?thread_ts={message.json['thread_ts']}&cid={place.id}"
    return {"channel": place.id, "permalink": link}


def content_of(args: Arguments, *, updating: bool = False) -> tuple[Json, str | None]:
    """The checked content of a message (text, blocks, attachments, metadata), and Slack's warning if any."""
    text, warning = args.text("text"), None
    blocks = args.json("blocks", "invalid_blocks_format")
    attachments = args.json("attachments", "invalid_attachments")
    markdown = args.text("markdown_text")
    content: Json = {}
    if markdown:
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        if len(markdown) > MAX_MARKDOWN:
            raise SlackError("msg_too_long")
        blocks = [{"type": "markdown", "text": markdown}]
    if blocks is not None:
        if not isinstance(blocks, list):
            raise SlackError("invalid_blocks_format")
        if problems := validate_blocks(blocks, "message"):
            raise invalid_blocks(problems)
        content["blocks"] = fill_ids(blocks)
    if attachments is not None:
        if not isinstance(attachments, list):
            raise SlackError("invalid_attachments")
        if len(attachments) > 100:
            raise SlackError("too_many_attachments")
        content["attachments"] = attachments
    if not (text or blocks or attachments) and not (updating and blocks is not None):
        raise SlackError("no_text")
    if len(text) > MAX_TEXT:
        text, warning = text[:MAX_TEXT], "message_truncated"
    content["text"] = text
    metadata = args.json("metadata", "invalid_metadata_format")
    if metadata is not None:
        if (
            not isinstance(metadata, dict)
            or not isinstance(metadata.get("event_type"), str)
            or not isinstance(metadata.get("event_payload"), dict)
        ):
            raise SlackError("invalid_metadata_format")
        content["metadata"] = {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"]}
    return content, warning


def invalid_blocks(problems: list[Problem], root: str = "/blocks") -> SlackError:
    """The refusal of blocks that break rules."""
    sentences = [problem.classic(root) for problem in problems]
    messages = [f"[ERROR] {sentence}" for sentence in sentences]
    return SlackError("invalid_blocks", errors=sentences, response_metadata={"messages": messages})


def bot_message(workspace: Workspace, content: Json, ts: str) -> Json:
    """A message of the app in Slack's shape."""
    world = workspace.world
    json: Json = {
        "type": "message",
        "user": world.bot.id,
        "ts": ts,
        "bot_id": world.bot_id,
        "app_id": world.app_id,
        "team": world.team["id"],
        "bot_profile": payloads.bot_profile(world),
        **content,
    }
    if not json.get("blocks"):
        json.pop("blocks", None)
    return json


def post_as_bot(workspace: Workspace, place: Place, content: Json) -> Json:
    """Put a message of the app in a place, and deliver its `message` event."""
    ts = workspace.world.timestamps.next(workspace.clock.now())
    json = bot_message(workspace, content, ts)
    workspace.put(place, json)
    workspace.emit_message(place, payloads.without_metadata(json))
    return json


def person_message(workspace: Workspace, user: str, text: str, blocks: list[Json], thread_ts: str | None) -> Json:
    """A message of a person in Slack's shape; `text` is escaped already."""
    world = workspace.world
    json: Json = {
        "type": "message",
        "user": user,
        "ts": world.timestamps.next(workspace.clock.now()),
        "client_msg_id": str(uuid.uuid4()),
        "text": text,
        "team": world.team["id"],
        "blocks": blocks,
    }
    if thread_ts:
        json["thread_ts"] = thread_ts
    return json


def emit_changed(workspace: Workspace, place: Place, after: Json, before: Json) -> None:
    ts = workspace.world.timestamps.next(workspace.clock.now())
    event = {
        "subtype": "message_changed",
        "hidden": True,
        "ts": ts,
        "message": payloads.without_metadata(after),
        "previous_message": payloads.without_metadata(before),
    }
    workspace.emit_message(place, event)


def emit_deleted(workspace: Workspace, place: Place, before: Json) -> None:
    ts = workspace.world.timestamps.next(workspace.clock.now())
    event = {
        "subtype": "message_deleted",
        "hidden": True,
        "ts": ts,
        "deleted_ts": before["ts"],
        "previous_message": payloads.without_metadata(before),
    }
    workspace.emit_message(place, event)
