"""The house keeps its shape: imports go downward, rules are pure, modules are short and say what they do."""

from __future__ import annotations

import ast
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ["bot", "handlers", "jobs", "sandbox", "storage"]
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))

MOST_LINES = 320
# About 300. A module longer than that holds more than one concept.
# Written once, never changed: nobody has to find their way in it again.
MIGRATIONS = ROOT / "storage/migrations/versions"

WORDS_FOR_NOTHING = {"common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_imports_go_downward_only() -> None:
    program = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", sorted((ROOT / "bot/domain").glob("*.py")), ids=_name)
def test_a_rule_needs_nothing_but_the_standard_library(path: Path) -> None:
    allowed = {*sys.stdlib_module_names, "bot"}
    foreign = {name for name in _imports(path) if name.partition(".")[0] not in allowed}
    assert not foreign
    outside = {name for name in _imports(path) if name.startswith("bot") and not name.startswith("bot.domain")}
    assert outside <= {"bot.errors"}


@pytest.mark.parametrize("path", sorted((ROOT / "bot/domain").glob("*.py")), ids=_name)
def test_a_rule_waits_for_nothing(path: Path) -> None:
    waiting = (ast.AsyncFunctionDef, ast.Await)
    assert not [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, waiting)]


@pytest.mark.parametrize("path", sorted((ROOT / "bot/services").glob("*.py")), ids=_name)
def test_a_use_case_is_a_plain_function(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [node.name for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef)]


def test_modules_are_short() -> None:
    modules = [path for path in MODULES if path.parent != MIGRATIONS]
    lengths = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    too_long = {name: length for name, length in lengths.items() if length > MOST_LINES}
    assert not too_long, "split by concept"


def test_no_module_is_named_for_nothing() -> None:
    assert not [_name(path) for path in MODULES if WORDS_FOR_NOTHING & {*path.stem.split("_"), *path.parent.parts}]


def test_only_who_starts_programs_reads_the_environment() -> None:
    readers = {
        _name(path)
        for path in MODULES
        if not _name(path).startswith("sandbox/")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }
    # The second hands PATH and the like on to the programs that the demo starts.
    assert readers <= {"bot/__main__.py", "bot/demo/programs.py"}


def test_no_lock_names_an_address() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        assert "://" not in lock.read_text(encoding="utf-8"), lock.name


def test_the_wheel_holds_everything_the_packages_need(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(
        ["git", "ls-files", *PACKAGES], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    if not tracked:
        pytest.skip("not a git work tree")
    assert not [name for name in tracked if (ROOT / name).exists() and name not in packed]
