"""What Slack sends, read once into frozen values. The only module that looks inside a payload of Slack's.

A payload is signed, so who clicked is true. What is in it came back from a client all the same: everything is
checked for its shape here, and for its meaning by the use case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.errors import LockstepError

Payload = Mapping[str, Any]

LONGEST_TEXT = 50_000
"""Characters of one answer or command: Slack's inputs end at 3,000, its messages at 40,000."""

MOST_CHOICES = 1000
"""Of one answer; Slack's menus of people know no limit of their own."""

_USER = re.compile(r"[UW][A-Z0-9]{1,30}")
_TEAM = re.compile(r"[TE][A-Z0-9]{1,30}")


class Unreadable(LockstepError):
    """Slack signed it, and still it has not the shape Slack documents."""

    def __init__(self, what: str) -> None:
        super().__init__("I cannot read what Slack sent me. Nothing was changed; please try again.")
        self.what = what


class Surface(StrEnum):
    """Where somebody clicked, which decides how they can be answered."""

    MESSAGE = "message"
    HOME = "home"
    FORM = "form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """One control used in a message, on Home or in a form.

    `value` is the button's value or the chosen option's, "" where there is none. `metadata` is the private
    metadata of the view it stands in. `channel` and `thread_ts` are those of a message.
    """

    by: str
    surface: Surface
    action_id: str
    value: str
    trigger_id: str
    response_url: str | None = None
    channel: str | None = None
    thread_ts: str | None = None
    view_id: str | None = None
    metadata: str = ""
    previous_view_id: str | None = None
    """The form under the one it stands in."""
    inputs: Mapping[str, Payload] = field(default_factory=dict)
    """What is typed and chosen in that form just now, by block."""

    def answer(self, block_id: str) -> str | None:
        return _answer_of_block(self.inputs.get(block_id))

    def chosen(self, block_id: str) -> tuple[str, ...]:
        return _choices_of_block(self.inputs.get(block_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A form sent off. `answers` holds one text a block, None where nothing was answered."""

    by: str
    callback_id: str
    view_id: str
    metadata: str
    answers: Mapping[str, str | None]
    view: Payload
    """The form as Slack shows it: where errors can stand."""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What was chosen where several things can be, a tuple a block."""
    previous_view_id: str | None = None
    """The form under this one."""
    root_view_id: str | None = None
    """The form under all others; this one itself, where there is none."""

    def answer(self, block_id: str) -> str | None:
        return self.answers.get(block_id)

    def chosen(self, block_id: str) -> tuple[str, ...]:
        return self.choices.get(block_id, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A slash command; `text` is what was typed after it, without outer space."""

    by: str
    command: str
    text: str
    trigger_id: str

    @property
    def click(self) -> Click:
        """The command as a click that can be answered by a form."""
        return Click(by=self.by, surface=Surface.HOME, action_id=self.command, value="", trigger_id=self.trigger_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened in Slack. `id` is the same when Slack delivers it again."""

    id: str
    kind: str
    content: Payload


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeOpened:
    by: str
    metadata: str
    """Private metadata of the Home they look at, "" when none was published yet."""


def team_of(payload: Payload) -> str | None:
    """The workspace a payload belongs to; None when it names none. Raises Unreadable."""
    team = payload.get("team")
    found = team.get("id") if isinstance(team, Mapping) else payload.get("team_id")
    if found is None:
        return None
    if not isinstance(found, str) or not _TEAM.fullmatch(found):
        raise Unreadable("team")
    return found


def click(payload: Payload) -> Click:
    """The first action of a block_actions payload; Slack sends one at a time. Raises Unreadable."""
    actions = payload.get("actions")
    action = actions[0] if isinstance(actions, list) and actions else None
    if not isinstance(action, Mapping):
        raise Unreadable("actions")
    view = _mapping(payload, "view")
    container = _mapping(payload, "container")
    message = _mapping(payload, "message")
    return Click(
        by=_user(payload),
        surface=_surface(view),
        action_id=_text(action, "action_id"),
        value=_answer(action) or "",
        trigger_id=_optional(payload, "trigger_id") or "",
        response_url=_optional(payload, "response_url"),
        channel=_optional(_mapping(payload, "channel"), "id") or _optional(container, "channel_id"),
        thread_ts=_optional(message, "thread_ts"),
        view_id=_optional(view, "id"),
        metadata=_optional(view, "private_metadata") or "",
        previous_view_id=_optional(view, "previous_view_id"),
        inputs=_mapping(_mapping(view, "state"), "values"),
    )


def shortcut(payload: Payload) -> Click:
    """A global shortcut, as a click that can be answered by a form only. Raises Unreadable."""
    return Click(
        by=_user(payload),
        surface=Surface.HOME,
        action_id=_text(payload, "callback_id"),
        value="",
        trigger_id=_optional(payload, "trigger_id") or "",
    )


def submission(payload: Payload) -> Submission:
    """A view_submission payload. Raises Unreadable."""
    view = _mapping(payload, "view")
    values = _mapping(_mapping(view, "state"), "values")
    _check_blocks(view)
    return Submission(
        by=_user(payload),
        callback_id=_text(view, "callback_id"),
        view_id=_text(view, "id"),
        metadata=_optional(view, "private_metadata") or "",
        view=view,
        answers={str(block_id): _answer_of_block(inputs) for block_id, inputs in values.items()},
        choices={str(block_id): _choices_of_block(inputs) for block_id, inputs in values.items()},
        previous_view_id=_optional(view, "previous_view_id"),
        root_view_id=_optional(view, "root_view_id"),
    )


def command(payload: Payload) -> Command:
    """A slash command. Raises Unreadable."""
    user_id = payload.get("user_id")
    if not isinstance(user_id, str) or not _USER.fullmatch(user_id):
        raise Unreadable("user_id")
    return Command(
        by=user_id,
        command=_text(payload, "command"),
        text=(_optional(payload, "text") or "").strip(),
        trigger_id=_optional(payload, "trigger_id") or "",
    )


def event(payload: Payload) -> Event:
    """An event_callback payload. Raises Unreadable."""
    content = _mapping(payload, "event")
    return Event(id=_text(payload, "event_id"), kind=_text(content, "type"), content=content)


def home_opened(content: Payload) -> HomeOpened | None:
    """The content of app_home_opened; None for its other tabs. Raises Unreadable."""
    if content.get("tab") not in (None, "home"):
        return None
    user_id = content.get("user")
    if not isinstance(user_id, str) or not _USER.fullmatch(user_id):
        raise Unreadable("user")
    return HomeOpened(by=user_id, metadata=_optional(_mapping(content, "view"), "private_metadata") or "")


def user_object(content: Payload) -> Payload:
    """The user object of user_change and team_join, with an id of the right shape. Raises Unreadable."""
    user = _mapping(content, "user")
    user_id = user.get("id")
    if not isinstance(user_id, str) or not _USER.fullmatch(user_id):
        raise Unreadable("user.id")
    if not isinstance(user.get("profile", {}), Mapping):
        raise Unreadable("user.profile")
    return user


def _check_blocks(view: Payload) -> None:
    """Errors are put at the form's inputs: each block is a thing, and names itself and its kind."""
    blocks = view.get("blocks")
    if not isinstance(blocks, list):
        raise Unreadable("view.blocks")
    for block in blocks:
        if not isinstance(block, Mapping) or not all(isinstance(block.get(name), str) for name in ("type", "block_id")):
            raise Unreadable("view.blocks")


def _user(payload: Payload) -> str:
    user_id = _mapping(payload, "user").get("id")
    if not isinstance(user_id, str) or not _USER.fullmatch(user_id):
        raise Unreadable("user")
    return user_id


def _surface(view: Payload) -> Surface:
    if not view:
        return Surface.MESSAGE
    return Surface.HOME if view.get("type") == "home" else Surface.FORM


def _answer_of_block(inputs: object) -> str | None:
    if not isinstance(inputs, Mapping) or not inputs:
        return None
    element = next(iter(inputs.values()))
    return _answer(element) if isinstance(element, Mapping) else None


def _answer(element: Payload) -> str | None:
    """What an element holds, whatever its type calls it."""
    option = element.get("selected_option")
    if isinstance(option, Mapping):
        return _optional(option, "value")
    for name in ("value", "selected_date", "selected_time", "selected_user", "selected_conversation"):
        if element.get(name) is not None:
            return _optional(element, name)
    return None


def _choices_of_block(inputs: object) -> tuple[str, ...]:
    """What is chosen in an element that takes several: ids of people, or values of options. Raises Unreadable."""
    element = next(iter(inputs.values())) if isinstance(inputs, Mapping) and inputs else None
    if not isinstance(element, Mapping):
        return ()
    names = ("selected_users", "selected_options", "selected_conversations")
    chosen = next((element[name] for name in names if element.get(name) is not None), None)
    if chosen is None:
        return ()
    if not isinstance(chosen, list) or len(chosen) > MOST_CHOICES:
        raise Unreadable("choices")
    return tuple(_text(one if isinstance(one, Mapping) else {"value": one}, "value") for one in chosen)


def _mapping(payload: Payload, name: str) -> Payload:
    found = payload.get(name)
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise Unreadable(name)
    return found


def _text(payload: Payload, name: str) -> str:
    found = _optional(payload, name)
    if not found:
        raise Unreadable(name)
    return found


def _optional(payload: Payload, name: str) -> str | None:
    """A text, whole and storable, or None. Raises Unreadable for anything else."""
    found = payload.get(name)
    if found is None:
        return None
    if not isinstance(found, str) or len(found) > LONGEST_TEXT or "\x00" in found:
        raise Unreadable(name)
    try:
        found.encode("utf-8")
    except UnicodeEncodeError:
        raise Unreadable(name) from None
    return found
