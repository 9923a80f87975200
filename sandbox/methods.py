"""Slack's Web API methods as the sandbox needs them: who may call what, how often, with which arguments.

Facts of the method pages on docs.slack.dev (August 2026), one row a method, so that a rule that turns out
wrong on a real workspace is mended in one place. `ERRORS` names what a method may answer beside
`COMMON_ERRORS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Tier: TypeAlias = Literal[1, 2, 3, 4, "special"]
ChannelKind: TypeAlias = Literal["channel", "group", "im", "mpim"]

# Calls a minute that each tier promises (docs: "N+ per minute"); the special ones allow several hundred, and
# chat.postMessage one a second and channel beside that.
CALLS_PER_MINUTE: Mapping[Tier, int] = {1: 1, 2: 20, 3: 50, 4: 100, "special": 600}

# method, tier, documented verb, token types ("none": needs no token), bot scopes of which one is enough,
# required arguments. "!": POST only, really. "+json", "-json": takes, or does not take, a JSON body although
# the verb suggests otherwise. "*:read": the scope of the conversation's kind (channels, groups, im, mpim).
_TABLE = """
api.test                       4       POST      none    -                   -
auth.test                      special POST      bot,app -                   -
auth.revoke                    3       GET       bot     -                   -
apps.connections.open          3       POST!     app     connections:write   -
apps.event.authorizations.list 4       POST      app     authorizations:read event_context
apps.manifest.validate         3       POST      config  -                   manifest
blocks.validate                4       POST      none    -                   -
bookmarks.add                  2       POST      bot     bookmarks:write     channel_id,title,type
bots.info                      3       GET       bot     users:read          -
canvases.create                2       POST      bot     canvases:write      -
chat.postMessage               special POST      bot     chat:write          channel
chat.postEphemeral             4       POST      bot     chat:write          channel,user
chat.update                    3       POST      bot     chat:write          channel,ts
chat.delete                    3       POST      bot     chat:write          channel,ts
chat.meMessage                 3       POST      bot     chat:write          channel,text
chat.scheduleMessage           3       POST      bot     chat:write          channel,post_at
chat.deleteScheduledMessage    3       POST      bot     chat:write          channel,scheduled_message_id
chat.scheduledMessages.list    3       POST      bot     -                   -
chat.getPermalink              special GET       bot     -                   channel,message_ts
chat.unfurl                    3       POST      bot     links:write         -
chat.startStream               2       POST      bot     chat:write          channel
chat.appendStream              4       POST      bot     chat:write          channel,ts
chat.stopStream                2       POST      bot     chat:write          channel,ts
conversations.create           2       POST      bot     *:write             name
conversations.history          3       GET+json  bot     *:history           channel
conversations.replies          3       GET       bot     *:history           channel,ts
conversations.info             3       GET       bot     *:read              channel
conversations.list             2       GET       bot     *:read              -
conversations.members          4       GET       bot     *:read              channel
conversations.open             3       POST      bot     *:write             -
conversations.join             3       POST      bot     channels:join       channel
conversations.invite           3       POST      bot     *:write             channel,users
conversations.mark             3       POST      bot     *:write             channel,ts
users.info                     4       GET       bot     users:read          user
users.list                     2       GET       bot     users:read          -
users.lookupByEmail            3       GET       bot     users:read.email    email
users.conversations            3       GET       bot     *:read              -
users.getPresence              3       GET       bot     users:read          -
users.profile.get              4       GET       bot     users.profile:read  -
usergroups.list                2       GET       bot     usergroups:read     -
usergroups.users.list          2       GET       bot     usergroups:read     usergroup
team.info                      3       GET+json  bot     team:read           -
views.open                     4       POST      bot     -                   view
views.push                     4       POST      bot     -                   view
views.update                   4       POST      bot     -                   view
views.publish                  4       POST      bot     -                   user_id,view
emoji.list                     2       GET       bot     emoji:read          -
files.getUploadURLExternal     4       POST-json bot     files:write         filename,length
files.completeUploadExternal   4       POST      bot     files:write         files
files.info                     4       GET       bot     files:read          file
files.list                     3       GET       bot     files:read          -
oauth.v2.access                special POST      none    -                   -
pins.add                       2       POST      bot     pins:write          channel
reactions.add                  3       POST      bot     reactions:write     channel,name,timestamp
reactions.get                  3       GET       bot     reactions:read      -
reactions.remove               2       POST      bot     reactions:write     name
"""

_POST = (
    "channel_not_found invalid_blocks invalid_blocks_format is_archived markdown_text_conflict "
    "message_limit_exceeded no_text not_in_channel restricted_action too_many_attachments "
)
_METADATA = "invalid_metadata_format invalid_metadata_schema metadata_too_large "
_STREAM = (
    "channel_not_found channel_type_not_supported invalid_blocks invalid_chunks is_archived "
    "msg_blocks_too_long msg_blocks_too_many no_text not_in_channel rate_limited " + _METADATA
)
_STREAMING = _STREAM + "message_not_found message_not_in_streaming_state message_not_owned_by_app "
_VIEW = "duplicate_external_id view_too_large "
_TRIGGER = _VIEW + "exchanged_trigger_id expired_trigger_id invalid_trigger_id "
_TIMESTAMPS = "invalid_cursor invalid_ts_latest invalid_ts_oldest "

# What every method may answer before its own rules are asked.
_COMMON = (
    "access_denied account_inactive fatal_error internal_error invalid_arguments invalid_auth "
    "invalid_form_data invalid_json invalid_post_type json_not_object method_deprecated missing_argument "
    "missing_post_type missing_scope no_permission not_allowed_token_type not_authed ratelimited "
    "request_timeout service_unavailable team_added_to_org token_expired token_revoked unknown_method"
)
COMMON_ERRORS = frozenset(_COMMON.split())

ERRORS: Mapping[str, frozenset[str]] = {
    method: frozenset(errors.split())
    for method, errors in {
        "apps.connections.open": "forbidden_team insecure_request",
        "apps.manifest.validate": "app_not_eligible invalid_app invalid_app_id invalid_manifest",
        "auth.revoke": "not_bearer_token",
        "blocks.validate": "invalid_blocks invalid_message invalid_view",
        "bookmarks.add": "channel_not_found invalid_link too_many_bookmarks",
        "bots.info": "bot_not_found",
        "canvases.create": "canvas_creation_failed canvas_disabled_user_team restricted_action",
        "chat.appendStream": _STREAMING + "stopped_by_user",
        "chat.delete": "cant_delete_message channel_not_found message_not_found",
        "chat.deleteScheduledMessage": "bad_token channel_not_found invalid_scheduled_message_id",
        "chat.getPermalink": "channel_not_found message_not_found",
        "chat.meMessage": "channel_not_found is_archived msg_too_long no_text not_in_channel rate_limited",
        "chat.postEphemeral": _POST + "cannot_reply_to_message invalid_attachments messages_tab_disabled msg_too_long "
        "user_not_in_channel",
        "chat.postMessage": _POST
        + _METADATA
        + "cannot_reply_to_message messages_tab_disabled msg_blocks_too_long rate_limited",
        "chat.scheduleMessage": _POST
        + _METADATA
        + "invalid_time msg_too_long rate_limited restricted_too_many time_in_past time_too_far",
        "chat.scheduledMessages.list": "invalid_channel invalid_cursor",
        "chat.startStream": _STREAM + "missing_recipient_team_id missing_recipient_user_id user_not_found",
        "chat.stopStream": _STREAMING + "cannot_reply_to_message",
        "chat.unfurl": "cannot_find_message cannot_unfurl_url invalid_unfurls_format missing_unfurls",
        "chat.update": _METADATA
        + "block_mismatch cant_update_message channel_not_found edit_window_closed invalid_attachments "
        "invalid_blocks invalid_blocks_format is_inactive markdown_text_conflict message_limit_exceeded "
        "message_not_found msg_too_long no_text streaming_state_conflict too_many_attachments update_failed",
        "conversations.create": "cannot_create_channel invalid_name invalid_name_maxlength "
        "invalid_name_required "
        "invalid_name_specials name_taken restricted_action",
        "conversations.history": "channel_not_found not_in_channel " + _TIMESTAMPS,
        "conversations.info": "channel_not_found",
        "conversations.invite": "already_in_channel cant_invite cant_invite_self channel_not_found "
        "is_archived "
        "method_not_supported_for_channel_type not_in_channel user_not_found",
        "conversations.join": "channel_not_found is_archived method_not_supported_for_channel_type",
        "conversations.list": "invalid_cursor invalid_limit invalid_types",
        "conversations.mark": "channel_not_found invalid_timestamp not_in_channel",
        "conversations.members": "channel_not_found fetch_members_failed invalid_cursor invalid_limit",
        "conversations.open": "channel_not_found invalid_user_combination "
        "method_not_supported_for_channel_type "
        "not_enough_users too_many_users user_disabled user_not_found user_not_visible "
        "users_list_not_supplied",
        "conversations.replies": "channel_not_found thread_not_found " + _TIMESTAMPS,
        "files.completeUploadExternal": "channel_not_found channels_limit_exceeded file_not_found "
        "file_update_failed invalid_blocks not_in_channel",
        "files.getUploadURLExternal": "alt_txt_too_large file_upload_size_restricted file_uploads_disabled",
        "files.info": "file_deleted file_not_found not_visible",
        "files.list": "unknown_type user_not_found",
        "oauth.v2.access": "bad_client_secret invalid_client_id invalid_code invalid_grant_type",
        "pins.add": "already_pinned channel_not_found message_not_found not_in_channel too_many_pins",
        "reactions.add": "already_reacted bad_timestamp channel_not_found invalid_name is_archived "
        "message_not_found no_item_specified not_reactable too_many_emoji too_many_reactions",
        "reactions.get": "bad_timestamp channel_not_found message_not_found no_item_specified",
        "reactions.remove": "bad_timestamp channel_not_found invalid_name message_not_found "
        "no_item_specified "
        "no_reaction",
        "team.info": "team_not_found",
        "usergroups.list": "invalid_cursor plan_upgrade_required",
        "usergroups.users.list": "no_such_subteam plan_upgrade_required",
        "users.conversations": "invalid_cursor invalid_limit invalid_types",
        "users.info": "user_not_found user_not_visible",
        "users.list": "invalid_cursor limit_required",
        "users.lookupByEmail": "users_not_found",
        "users.profile.get": "user_not_found",
        "views.open": _TRIGGER,
        "views.publish": _VIEW + "hash_conflict not_enabled",
        "views.push": _TRIGGER + "not_found push_limit_reached",
        "views.update": _VIEW + "hash_conflict not_found",
    }.items()
}

_KINDS: tuple[tuple[ChannelKind, str], ...] = (
    ("channel", "channels"),
    ("group", "groups"),
    ("im", "im"),
    ("mpim", "mpim"),
)


@dataclass(frozen=True)
class Method:
    """One method: its limits and its rights.

    `scopes`: a bot token needs one of them; empty means none. `by_kind`: the scope each kind of conversation
    asks for, where that depends on the conversation; `scopes` are then all of these. `token_types`: "bot",
    "app", "config"; empty means that no token is needed. `verbs` is what the method's page says; Slack takes
    GET and POST for nearly all methods, except where `post_only`.
    """

    name: str
    tier: Tier
    scopes: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    errors: frozenset[str] = frozenset()
    verbs: tuple[str, ...] = ("POST",)
    token_types: tuple[str, ...] = ("bot",)
    by_kind: Mapping[ChannelKind, str] | None = None
    json_body: bool = True
    post_only: bool = False

    def allows(self, granted: frozenset[str] | set[str], kind: ChannelKind | None = None) -> bool:
        """Whether a bot with these scopes may call it (about a conversation of that kind, when given)."""
        if kind is not None and self.by_kind is not None:
            return self.by_kind[kind] in granted
        return not self.scopes or any(scope in granted for scope in self.scopes)

    def needed(self, kind: ChannelKind | None = None) -> str:
        """The `needed` of a missing_scope answer: one scope where the kind is known, else all that would "
        "do."""
        if kind is not None and self.by_kind is not None:
            return self.by_kind[kind]
        return ",".join(self.scopes)

    def missing(self, given: Mapping[str, object]) -> list[str]:
        """The required arguments that the call leaves out, in the order of the method's page."""
        return [name for name in self.required if given.get(name) in (None, "")]


def _method(row: str) -> Method:
    name, tier, verb, tokens, scopes, required = row.split()
    by_kind: dict[ChannelKind, str] | None = None
    if scopes.startswith("*:"):
        by_kind = {kind: scopes.replace("*", prefix) for kind, prefix in _KINDS}
        if scopes == "*:write":
            by_kind["channel"] = "channels:manage"  # a bot's word for what users grant as channels:write
    documented = "GET" if verb.startswith("GET") else "POST"
    return Method(
        name=name,
        tier=_TIERS[tier],
        scopes=tuple(by_kind.values()) if by_kind else _names(scopes),
        required=_names(required),
        errors=ERRORS.get(name, frozenset()),
        verbs=("GET", "POST") if documented == "GET" else ("POST",),
        token_types=() if tokens == "none" else _names(tokens),
        by_kind=by_kind,
        json_body=verb.endswith("+json") or (documented == "POST" and not verb.endswith("-json")),
        post_only="!" in verb,
    )


def _names(cell: str) -> tuple[str, ...]:
    return () if cell == "-" else tuple(cell.split(","))


_TIERS: Mapping[str, Tier] = {"1": 1, "2": 2, "3": 3, "4": 4, "special": "special"}

METHODS: Mapping[str, Method] = {
    method.name: method for method in (_method(row) for row in _TABLE.strip().splitlines())
}
