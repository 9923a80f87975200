"""What the controls and forms of answers to field notes are called and carry. Whatever comes back is untrusted."""

from __future__ import annotations

from enum import StrEnum

from bot.errors import NotFound
from bot.views.ids import read_brief_page_value, read_lead_value

_UNREADABLE = "I cannot read this button any more. Field notes to answer are on my Home tab."
MOST = 20
"""Themes a button names at most."""


class AnswerAction(StrEnum):
    THEME = "theme.open"
    """A theme in its window; carries `theme_value`, as the next two."""
    THEME_BACK = "theme.back"
    THEME_ON = "theme.on"
    SEEN = "theme.seen"
    """What is listed on Home is read; carries `themes_value`."""
    ANSWER = "theme.answer"
    """Opens the form to answer a theme, or to correct its answer; carries the theme's id."""
    REQUESTS = "requests.open"
    """Missing content in a window, most asked for first; carries a page, as the next two."""
    REQUESTS_BACK = "requests.back"
    REQUESTS_ON = "requests.on"


class AnswerCallback(StrEnum):
    SUBMIT = "theme.answer.submit"
    THEME_VIEW = "theme.view"
    REQUESTS_VIEW = "requests.view"


class AnswerBlock(StrEnum):
    HOW = "how"
    TEXT = "answer"
    LINK = "answer_link"


def theme_value(theme_id: str, page: int = 0) -> str:
    """The value of a button that shows a page of a theme, counted from 0: `ID.PAGE`."""
    return f"{theme_id}.{page}"


def read_theme_value(text: str) -> tuple[str, int]:
    """Raises NotFound for anything `theme_value` never made."""
    return read_brief_page_value(text)


def themes_value(theme_ids: list[str]) -> str:
    return ",".join(theme_ids[:MOST])


def read_themes_value(text: str) -> list[str]:
    """Raises NotFound for anything `themes_value` never made."""
    ids = [read_lead_value(one) for one in text.split(",")]
    if len(ids) > MOST:
        raise NotFound(_UNREADABLE)
    return ids


def answer_metadata(theme_id: str, seen: str) -> str:
    """What the form carries: the theme, and a mark of the answer it showed."""
    return f"{theme_id}.{seen}"


def read_answer_metadata(text: str) -> tuple[str, str]:
    theme_id, _, seen = text.partition(".")
    return read_lead_value(theme_id), seen[:64]
