"""Failures nobody foresaw: a reference for people, and for the log where it happened, without what it was about."""

from __future__ import annotations

import secrets
import traceback
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)
FRAMES = 4


def note(what: str, error: BaseException, **about: object) -> str:
    """Log the failure under a new reference and return it.

    The text of the error stays out of the log: it may quote a lead. Type and place are what mends a bug.
    """
    reference = secrets.token_hex(4)
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    log.error(what, reference=reference, error=type(error).__name__, where=where, **about)
    return reference
