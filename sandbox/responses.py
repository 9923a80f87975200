"""Answers to a payload: the message in a slash command's ack, and posts to a response_url."""

import secrets
from typing import Any

from sandbox import webapi_chat
from sandbox.arguments import Arguments
from sandbox.errors import SlackError
from sandbox.workspace import Workspace
from sandbox.world import Message, Place, ResponseUrl

Json = dict[str, Any]
USES = 5
LIFETIME_S = 30 * 60


def new_url(
    workspace: Workspace, user: str, place: Place, *, source: Message | None = None, command: bool = False
) -> str:
    """A response_url for a payload that `user` caused in `place`, by a message or a command."""
    key = secrets.token_urlsafe(18)
    now = workspace.clock.now()
    source_ts = source.ts if source else None
    urls = workspace.world.response_urls
    urls[key] = ResponseUrl(user, place.id, now, source_ts, command)
    if len(urls) > 20_000:
        del urls[next(iter(urls))]
    kind = "commands" if command else "actions"
    return f"{workspace.base_url}/{kind}/{workspace.world.team['id']}/{int(now)}/{key}"


def post(workspace: Workspace, key: str, body: Json) -> None:
    """Do what a post to a response_url asks for; raises SlackError with the reason if it may not."""
    url = workspace.world.response_urls.get(key)
    if url is None or workspace.clock.now() - url.created > LIFETIME_S:
        raise SlackError("expired_url")
    if url.uses >= USES:
        raise SlackError("used_url")
    answer(workspace, url, body)
    url.uses += 1


def answer(workspace: Workspace, url: ResponseUrl, body: Json) -> None:
    """Post, replace or delete as `body` says. Nothing happens when it raises SlackError."""
    place = workspace.world.places[url.place]
    args = Arguments(dict(body))
    source = _source(place, url)
    replacing = source is not None and args.flag("replace_original")
    deleting = source is not None and args.flag("delete_original")
    has_content = any(args.values.get(key) not in (None, "", []) for key in ("text", "blocks", "attachments"))
    if has_content or not deleting:
        content, _ = webapi_chat.content_of(args)
        if args.given("thread_ts"):
            content["thread_ts"] = args.text("thread_ts")
        if replacing and source is not None:
            after = webapi_chat.bot_message(workspace, content, source.ts)
            for key in ("thread_ts", "metadata", "reply_count", "reply_users", "reply_users_count", "latest_reply"):
                if key in source.json and key not in after:
                    after[key] = source.json[key]
            before = source.json
            workspace.replace(place, source, after)
            if source.visible_to is None:
                webapi_chat.emit_changed(workspace, place, after, before)
            return
        _publish(workspace, url, place, content, public=args.text("response_type") == "in_channel")
    if deleting and source is not None:
        workspace.remove(place, source)
        if source.visible_to is None:
            webapi_chat.emit_deleted(workspace, place, source.json)


def _publish(workspace: Workspace, url: ResponseUrl, place: Place, content: Json, *, public: bool) -> None:
    if public:
        if workspace.limits.take_post(place.id, workspace.clock.now()):
            raise SlackError("ratelimited", retry_after=1)
        webapi_chat.post_as_bot(workspace, place, content)
        return
    ts = workspace.world.timestamps.next(workspace.clock.now())
    workspace.put(place, webapi_chat.bot_message(workspace, content, ts), visible_to=url.user)


def _source(place: Place, url: ResponseUrl) -> Message | None:
    """The message the payload came from, while it stands."""
    if url.source_ts is None:
        return None
    message = place.messages.get(url.source_ts) or place.ephemerals.get(url.source_ts)
    return message if message is not None and not message.deleted else None
