"""The command line: what has to be mended is a sentence and exit code 2; nothing shows a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def lockstep(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("SLACK_", "LOCKSTEP_"))}
    root = str(Path(__file__).parent.parent)
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env={**kept, "PYTHONPATH": root, **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_start_without_settings_names_them(tmp_path: Path) -> None:
    done = lockstep(tmp_path, "run")
    assert done.returncode == 2
    assert "SLACK_BOT_TOKEN" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_start_without_a_database_says_the_command(tmp_path: Path) -> None:
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1-2-abc", "SLACK_APP_TOKEN": "xapp-1-A1-abc"}
    done = lockstep(tmp_path, "run", **tokens)
    assert done.returncode == 2
    assert "lockstep migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_migrate_makes_the_database_and_may_be_repeated(tmp_path: Path) -> None:
    for _ in range(2):
        done = lockstep(tmp_path, "migrate", LOCKSTEP_DATABASE_URL="sqlite:///here.db")
        assert done.returncode == 0, done.stderr
        assert "up to date" in done.stdout
    assert (tmp_path / "here.db").exists()


@pytest.mark.parametrize("arguments", [["nonsense"], ["run", "--fast"], ["config", "apply"]])
def test_a_command_that_is_none_is_explained(tmp_path: Path, arguments: list[str]) -> None:
    done = lockstep(tmp_path, *arguments)
    assert done.returncode == 2
    assert "Usage" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_says_its_version(tmp_path: Path) -> None:
    assert lockstep(tmp_path, "version").stdout.startswith("lockstep ")


def test_the_sandbox_takes_its_own_options(tmp_path: Path) -> None:
    done = lockstep(tmp_path, "sandbox", "--help")
    assert done.returncode == 0
    assert "--request-url" in done.stdout


def test_check_without_anything_says_what_to_set_and_ends_with_one(tmp_path: Path) -> None:
    done = lockstep(tmp_path, "check")
    assert done.returncode == 1
    assert "fix   SLACK_BOT_TOKEN is not set" in done.stdout
    assert "lockstep migrate" in done.stdout
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_check_speaks_json_to_programs(tmp_path: Path) -> None:
    done = lockstep(tmp_path, "check", "--json")
    assert done.returncode == 1
    document = json.loads(done.stdout)
    assert document["ok"] is False
    assert {finding["area"] for finding in document["findings"]} == {"settings", "database"}
