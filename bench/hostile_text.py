"""A thousand hostile values in every field of every view: nothing pings, links or imitates.

    python -m bench hostile_text

The tests of `make test` try fifty of each; here the same tests try a thousand.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

TESTS = "tests/views/test_hostile_text.py"
PATIENCE = "faulthandler_timeout=3600"
ROOT = Path(__file__).parent.parent


async def hostile_text(name: str = "SQLite", database_url: str | None = None) -> None:
    """All of it, with figures; no database is asked. Raises AssertionError when something came of a value."""
    if database_url is not None:
        print(f"  {name}: views ask no database; see SQLite")
        return
    from tests.views.test_hostile_text import EVERY_FIELD, VIEWS  # noqa: PLC0415 - pytest rewrites its asserts

    started = time.monotonic()
    # A test that takes minutes is stuck in `make test`, and is not here.
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", "-o", PATIENCE, TESTS]
    environment = {**os.environ, "HYPOTHESIS_PROFILE": "thousand"}
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment)
    failed = await process.wait()
    assert not failed, "a hostile value did something; pytest says which, above"
    print(
        f"  {len(VIEWS)} views with 1000 generated values, {len(EVERY_FIELD)} with 1000 written ones in each field of"
        f" theirs: harmless, in {time.monotonic() - started:.0f} s"
    )
