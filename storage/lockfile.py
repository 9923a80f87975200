"""One `lockstep run` at a time on a SQLite file."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import StorageUnavailable
from storage.sqlite_connection import OURS_ALONE
from storage.urls import parse_url, sqlite_path

PROBED_S = 0.2
"""Whoever asks `is_running` holds the lock for a moment: who is refused by it tries once more."""


def is_running(url: str) -> bool | None:
    """Whether a `lockstep run` uses the SQLite file of `url` just now, on whichever side of a container; None for
    PostgreSQL, which has no such lock, and where it cannot be seen."""
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    try:
        handle = os.open(_lock_of(sqlite_path(parsed)), os.O_RDONLY)
    except FileNotFoundError:
        return False
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


@contextmanager
def only_one_running(url: str) -> Iterator[None]:
    """No other `lockstep run` uses the SQLite file of `url` meanwhile; on PostgreSQL several may run.

    The lock goes with the process, however it ends. Raises StorageUnavailable when another one runs.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite":
        yield
        return
    path = sqlite_path(parsed)
    lock = _lock_of(path)
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, OURS_ALONE)
    except OSError as error:
        raise StorageUnavailable(f"{lock} cannot be opened: {error.strerror}.") from None
    try:
        try:
            _lock(handle)
        except BlockingIOError:
            process = os.read(handle, 32).decode(errors="replace").strip()
            who = f" (process {process})" if process.isdigit() else ""
            raise StorageUnavailable(
                f"Another `lockstep run`{who} uses {path} already. Stop it first; to run several at once, use "
                "PostgreSQL."
            ) from None
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        time.sleep(PROBED_S)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _lock_of(path: Path) -> Path:
    return path.with_name(path.name + ".lock")
