"""`lockstep demo` ends when it is told to, whatever it is doing."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
async def test_the_demo_ends_at_once_and_leaves_nothing_running(told: signal.Signals, tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    demo = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", "--port", "0", cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert demo.stdout is not None
    async with asyncio.timeout(60):
        while b"Open  http://" not in await demo.stdout.readline():
            assert demo.returncode is None
    demo.send_signal(told)
    async with asyncio.timeout(30):
        rest = await demo.stdout.read()
        assert await demo.wait() == 0
    assert rest == b"Stopping.\n"
    assert os.listdir(tmp_path) == []
