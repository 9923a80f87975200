"""One log for everything, as JSON or as text, that cannot carry secrets or personal data.

A log line is an event's name and fields from a list: a field that is not on it is left out, and its name is noted
instead. Of an error the log keeps the type and where it came from, not its message, because messages quote what
people typed. Texts of libraries pass a filter for what looks like a token, an address or a number.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from types import TracebackType
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.errors import ConfigError, SchemaOutdated

FIELDS = frozenset(
    {
        "after_s", "again_in_s", "attempt", "attempts", "code", "correlation_id", "count", "deliveries", "error",
        "error_type", "event", "followers", "handoff_id", "host", "job", "kind", "lane", "lead_id", "level", "lookups",
        "method", "ms", "mode", "name", "others", "outbox", "person_id", "port", "post_id", "reference", "role",
        "row", "row_id", "seconds", "seq", "slack_id", "source", "status", "subject", "subject_id", "task", "team_id",
        "timer", "timer_id", "timestamp", "version", "wait_s", "what", "where",
    }
)  # fmt: skip
"""Fields that hold ids, numbers and words of ours. `name` is a thing's, never a person's."""

LONGEST = 500
_FRAMES = 30
_LIBRARIES = (
    "aiohttp",
    "alembic",
    "apscheduler",
    "asyncio",
    "httpx",
    "slack_bolt",
    "slack_sdk",
    "uvicorn",
    "websockets",
)
_SECRET = re.compile(
    r"xox[a-z](?:\.[a-z-]+)?-[A-Za-z0-9-]+|xapp-[A-Za-z0-9-]+|whsec_[A-Za-z0-9+/=]+|v[01][=,][A-Za-z0-9+/=]{20,}"
    r"|https?://hooks\.[^\s\"']+|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)|(?<=ticket=)[^&\s]+"
)
_PERSONAL = re.compile(r"[^\s\"'<>=]+@[^\s\"'<>]+\.[a-zA-Z]{2,}|\+?[0-9][0-9 ()/-]{7,}[0-9]")
_TELLING = (ConfigError, SchemaOutdated)
"""Errors whose sentences are about the installation and nobody's data."""


def configure(form: str, *, stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Everything is logged to `stream` (stderr) as `form`: `json` (a line an event) or `text`."""
    out = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        where_it_came_from,
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=out.isatty(), sort_keys=False)
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            only_known_fields,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, of_a_library, only_known_fields],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _LIBRARIES:
        # Below a warning these tell of every request, some with its content.
        logging.getLogger(name).setLevel(logging.WARNING)


def where_it_came_from(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """An exception becomes its type and its frames: `error`, and `where` as a list of places."""
    found = event.pop("exc_info", None)
    error = found[1] if isinstance(found, tuple) else sys.exc_info()[1] if found is True else found
    if not isinstance(error, BaseException):
        return event
    event.setdefault("error", _name(error))
    event["where"] = " < ".join(_chain(error))
    return event


def only_known_fields(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Fields that are not on the list are left out; `left_out` names them."""
    kept: EventDict = {}
    unknown: list[str] = []
    for field, value in event.items():
        if field in FIELDS or field.startswith("_"):
            kept[field] = redacted(value) if isinstance(value, str) and not field.startswith("_") else value
        else:
            unknown.append(field)
    if unknown:
        kept["left_out"] = sorted(unknown)
    return kept


def of_a_library(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The text of a library's own record, without what it may quote."""
    record = event.get("_record")
    if isinstance(record, logging.LogRecord):
        event["name"] = record.name
    event["event"] = _PERSONAL.sub("***", redacted(str(event.get("event", ""))))
    return event


def redacted(text: str) -> str:
    """The text, cut and printable, with stars for what looks like a token, a key, a password or a secret address."""
    readable = text.encode("utf-8", "replace").decode("utf-8")
    return _SECRET.sub("***", readable)[:LONGEST]


def _name(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if isinstance(error, _TELLING) else type(error).__name__


def _chain(error: BaseException) -> list[str]:
    """Where it was raised first, then who called, then the same for what it came from."""
    frames = _frames(error.__traceback__)
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        frames += [f"from {type(cause).__name__}", *_frames(cause.__traceback__)]
    return frames[:_FRAMES]


def _frames(trace: TracebackType | None) -> list[str]:
    places = [f"{frame.name} {_module(frame.filename)}:{frame.lineno}" for frame in traceback.extract_tb(trace)]
    return places[::-1]


def _module(filename: str) -> str:
    """The last two parts of a path: enough to find the place, nothing of the machine."""
    return "/".join(filename.replace("\\", "/").rsplit("/", 2)[-2:])
