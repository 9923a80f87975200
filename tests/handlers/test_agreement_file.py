from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.domain.agreement_changes import changes
from bot.domain.agreement_data import SECTIONS, data_of
from bot.domain.agreement_document import DEFAULT_DOCUMENT, PointOfContact
from bot.domain.lead import Priority
from bot.domain.matching import Condition, Operator
from bot.domain.person import Side
from bot.domain.qualification import Qualification, Segment
from bot.domain.windows import SourceWindows
from bot.errors import ConfigError
from handlers.agreement_file import read_agreement_file, write_agreement_file

CHANGED = replace(
    DEFAULT_DOCUMENT,
    terms=replace(
        DEFAULT_DOCUMENT.terms,
        by_source={"fair 2026": SourceWindows(accept={Priority.HOT: 90})},
        qualification=Qualification(
            minimum_score={"*": 40},
            segments=(Segment(name="Iberia", conditions=(Condition(field="country", operator=Operator.PRESENT),)),),
        ),
        criteria=(),
    ),
    contacts={Side.SALES: (PointOfContact(email="ana@example.com", about='Anything "odd"'),)},
    engagement=("Say it with # and \\ and “quotes”.",),
    review_on=date(2027, 1, 4),
    arbiter="ada@example.com",
)


@pytest.mark.parametrize("document", [DEFAULT_DOCUMENT, CHANGED], ids=["shipped", "changed"])
def test_the_file_says_everything_and_reads_back_the_same(document: object) -> None:
    text = write_agreement_file(document)  # type: ignore[arg-type]
    assert tomllib.loads(text) == data_of(document)  # type: ignore[arg-type]
    assert read_agreement_file(text) == document


def test_every_section_is_explained_in_lines_that_fit() -> None:
    text = write_agreement_file(DEFAULT_DOCUMENT)
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert all(any(title in line for line in comments) for title in SECTIONS.values())
    assert max(map(len, comments)) <= 120


def test_a_line_changed_by_hand_is_the_only_difference() -> None:
    text = write_agreement_file(DEFAULT_DOCUMENT).replace('hot = "15 min"', 'hot = "10 min"', 1)
    (change,) = changes(DEFAULT_DOCUMENT, read_agreement_file(text))
    assert change.line == "~ windows.accept.hot: 15 min → 10 min"


def test_what_is_no_toml_is_said_with_its_line() -> None:
    with pytest.raises(ConfigError, match=r"not valid TOML: .*line 2"):
        read_agreement_file("# ours\nhot = 15 min\n")


def test_the_documented_file_is_version_0() -> None:
    file = Path(__file__).parents[2] / "docs" / "agreement.toml"
    assert file.read_text(encoding="utf-8") == write_agreement_file(DEFAULT_DOCUMENT)
