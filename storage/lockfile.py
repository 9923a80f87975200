"""One `lockstep run` at a time on a SQLite file."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import StorageUnavailable
from storage.sqlite_connection import OURS_ALONE
from storage.urls import parse_url, sqlite_path


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
    lock = path.with_name(path.name + ".lock")
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, OURS_ALONE)
    except OSError as error:
        raise StorageUnavailable(f"{lock} cannot be opened: {error.strerror}.") from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
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
