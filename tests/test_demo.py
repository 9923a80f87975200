"""`lockstep demo` ends when it is told to, whatever it is doing."""

import asyncio
import os
import shlex
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
    assert b"Stopping.\nWhat was set up here is gone" in rest
    assert os.listdir(tmp_path) == []


async def test_a_command_of_another_terminal_is_about_the_demo_and_the_database_can_be_kept(tmp_path: Path) -> None:
    folder = tmp_path / "its folder"
    arguments = ("-m", "bot", "demo", "--empty", "--port", "0", "--keep", str(folder))
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    demo = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert demo.stdout is not None
    try:
        async with asyncio.timeout(60):
            while b"From another terminal:" not in (line := await demo.stdout.readline()):
                assert demo.returncode is None
        aimed = line.decode().partition(":")[2].strip()
        checked, said = await _shell(f"{aimed}; {shlex.quote(sys.executable)} -m bot check")
        assert checked == 1, said
        assert "signed in as" in said or "Brightwater" in said, said
    finally:
        demo.send_signal(signal.SIGINT)
    async with asyncio.timeout(30):
        rest = (await demo.stdout.read()).decode()
        assert await demo.wait() == 0
    assert f"The database is kept: {folder / 'lockstep.db'}." in rest
    exported, said = await _shell(f"{aimed}; {shlex.quote(sys.executable)} -m bot config export")
    assert exported == 0, said
    again = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, env=environment, stderr=asyncio.subprocess.PIPE
    )
    _, errors = await again.communicate()
    assert again.returncode == 2
    assert b"name another folder" in errors


async def _shell(line: str) -> tuple[int | None, str]:
    """The exit code of a line typed into a shell, and what it said."""
    done = await asyncio.create_subprocess_shell(
        line, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await done.communicate()
    return done.returncode, said.decode()
