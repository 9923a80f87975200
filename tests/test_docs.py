"""What the documents say is there is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.agreement import DEFAULT_TERMS

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)(?:\s+\"[^\"]*\")?\)|<img[^>]*\ssrc=\"(?P<image>[^\"]+)\"")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
MAKE = re.compile(r"(?:`|^\s*\$?\s*)make ([a-z][a-z-]*)", re.MULTILINE)
SOURCE = re.compile(r"`((?:bot|handlers|jobs|storage|sandbox|tests|bench|docs|\.ci)/[\w./-]*\w)`")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _links(page: Path) -> Iterator[str]:
    for found in LINK.finditer(FENCE.sub("", page.read_text(encoding="utf-8"))):
        yield found["target"] or found["image"]


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+\s+(.+?)\s*$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    broken = []
    for link in _links(page):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in _anchors(target)):
            broken.append(link)
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_make_target_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(MAKE.findall(page.read_text(encoding="utf-8"))) <= targets


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_file_named_exists(page: Path) -> None:
    named = SOURCE.findall(page.read_text(encoding="utf-8"))
    assert not [name for name in named if not (ROOT / name).exists()]


def test_every_decision_is_in_the_list() -> None:
    pages = {path.name for path in (ROOT / "docs/decisions").glob("[0-9]*.md")}
    assert pages == set(_links(ROOT / "docs/decisions/README.md"))


def test_every_library_has_its_reason() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    dependencies = project.partition("\ndependencies = [")[2].partition("\n]")[0]
    names = re.findall(r"\"([a-z0-9-]+)", dependencies)
    reasons = (ROOT / "docs/decisions/0002-libraries.md").read_text(encoding="utf-8")
    assert names
    assert not [name for name in names if name not in reasons]


def test_every_setting_is_documented() -> None:
    code = "".join((ROOT / name).read_text(encoding="utf-8") for name in ["bot/settings.py", "bot/__main__.py"])
    read = set(re.findall(r"\"((?:LOCKSTEP|SLACK)_[A-Z_]+)\"", code))
    documented = set(re.findall(r"^\| `([A-Z_]+)` ", (ROOT / "docs/settings.md").read_text(encoding="utf-8"), re.M))
    assert read == documented


def test_every_term_of_the_agreement_is_described() -> None:
    page = (ROOT / "docs/agreement.md").read_text(encoding="utf-8")
    for reason in DEFAULT_TERMS.reasons:
        (row,) = [line for line in page.splitlines() if f"**{reason.label}** `{reason.code}`" in line]
        assert reason.question.partition("?")[0] in row
        assert ("must be answered" in row) == reason.required
        assert row.endswith("| yes |" if reason.counts_against_marketing else "| no |")
    for criterion in DEFAULT_TERMS.criteria:
        assert f"| {criterion.label} |" in page
    for priority, minutes in DEFAULT_TERMS.accept_minutes.items():
        window = f"{minutes // 60} hours" if minutes >= 60 else f"{minutes} minutes"
        assert f"| {priority.value} | {window} |" in page
    assert DEFAULT_TERMS.undo_seconds == 300
    assert "five minutes after an accept" in page
