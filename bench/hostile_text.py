"""A thousand hostile values in every field of every view: nothing pings, links or imitates.

    python -m bench hostile_text

The tests of `make test` try fifty of each; here the same tests try a thousand.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from pathlib import Path

TESTS = "tests/views/test_hostile_text.py"
ROOT = Path(__file__).parent.parent


async def hostile_text(name: str = "SQLite", database_url: str | None = None) -> None:
    """All of it, with figures; no database is asked. Raises AssertionError when something came of a value."""
    if database_url is not None:
        print(f"  {name}: views ask no database; see SQLite")
        return
    from tests.views.test_hostile_text import EVERY_FIELD, VIEWS  # noqa: PLC0415 - pytest rewrites its asserts

    started = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", TESTS]
    environment = {**os.environ, "HYPOTHESIS_PROFILE": "thousand"}
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said = (await process.communicate())[0].decode()
    passed = re.search(r"(\d+) passed", said)
    assert process.returncode == 0, said
    print(
        f"  {len(VIEWS)} views with 1000 generated values, {len(EVERY_FIELD)} with 1000 written ones in each field of"
        f" theirs: {passed[1] if passed else 0} tests passed in {time.monotonic() - started:.0f} s"
    )
