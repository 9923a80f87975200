"""What the controls and forms of answers to field notes are called and carry. Whatever comes back is untrusted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.errors import NotFound
from bot.views.ids import read_brief_page_value, read_lead_value
from bot.views.note_ids import read_page

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
    HOW = "theme.answer.how"
    """What becomes of missing content, chosen in the form: what else it asks for hangs on that."""
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


def requests_metadata(page: int) -> str:
    """What the window of requests carries, and a theme's over it: the page of requests, counted from 0."""
    return f"{AnswerCallback.REQUESTS_VIEW}.{page}"


def read_requests_metadata(text: str) -> int | None:
    """The page of the window of requests, of which a theme's may lie over it; None for any other window."""
    window, _, page = text.rpartition(".")
    return read_page(page) if window == AnswerCallback.REQUESTS_VIEW else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRef:
    """What the form carries: the theme, a mark of the answer it showed, the page of the window of requests that lies
    under it (None where there is none), and whether notes waited then."""

    theme_id: str
    seen: str
    requests_page: int | None = None
    waits: bool = False


def answer_metadata(ref: AnswerRef) -> str:
    page = "" if ref.requests_page is None else ref.requests_page
    return f"{ref.theme_id}.{ref.seen}.{page}.{'waits' if ref.waits else ''}"


def read_answer_metadata(text: str) -> AnswerRef:
    """Raises NotFound for anything `answer_metadata` never made."""
    theme_id, seen, page, waits = f"{text}...".split(".")[:4]
    return AnswerRef(
        theme_id=read_lead_value(theme_id),
        seen=seen[:64],
        requests_page=read_page(page) if page else None,
        waits=waits == "waits",
    )
