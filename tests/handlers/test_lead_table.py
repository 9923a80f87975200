"""A file of leads is read as it is meant, or refused in one sentence that says how to mend it."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ConfigError
from bot.services.imports import ImportRow
from handlers.lead_table import LONGEST_CELL, MOST_ROWS, LeadTable, Refused, read_lead_table

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
GOOD = "external_id,name,email,Employees\n1,Ada Lovelace,ada@example.com,120\n"


def read(content: str | bytes, **mapped: str) -> LeadTable:
    raw = content if isinstance(content, bytes) else content.encode()
    return read_lead_table(raw, name="leads.csv", source="fair", mapped=mapped, offered=True, actor="import:x", now=NOW)


def test_columns_called_as_a_field_fill_it_and_the_others_are_kept() -> None:
    [row] = read(GOOD).leads
    assert (row.command.external_id, row.command.name, row.command.email) == ("1", "Ada Lovelace", "ada@example.com")
    assert row.command.fields == {"Employees": "120"}
    assert (row.command.source, row.command.origin_kind, row.command.offered) == ("fair", "import", True)


@pytest.mark.parametrize(
    "content",
    [GOOD.encode("utf-8-sig"), GOOD.encode("utf-16"), GOOD.replace(",", ";").encode(), GOOD.replace(",", "\t").encode(),
     GOOD.replace("\n", "\r\n").encode(), b"\n" + GOOD.encode() + b"\n\n",
     b"sep=;\r\n" + GOOD.replace(",", ";").replace("\n", "\r\n").encode(), GOOD.replace("\n", ",\n").encode()],
    ids=["BOM", "UTF-16", "semicolons", "tabs", "Windows lines", "blank lines", "separator named", "empty column"],
)  # fmt: skip
def test_what_spreadsheets_write_is_read(content: bytes) -> None:
    [row] = read(content).leads
    assert row.command.name == "Ada Lovelace"


def test_a_row_is_mended_in_the_words_of_its_table() -> None:
    [row] = read("external_id,Since\n1,yesterday\n", Since="engaged_at").rows
    assert isinstance(row, Refused)
    assert row.why == 'Since: Must be a date like 2026-03-02 or a time like 2026-03-02T09:30:00Z, not "yesterday".'


def test_dates_and_numbers_are_read() -> None:
    text = "id,score,touches,since\n7,71.5,4,2018-02-01\n"
    [row] = read(text, since="engaged_at").leads
    assert (row.command.score, row.command.touches) == (71.5, 4)
    assert row.command.engaged_at == datetime(2018, 2, 1, tzinfo=UTC)


def test_an_empty_cell_says_nothing() -> None:
    [row] = read("external_id,name,email\n1,,\n").leads
    assert row.command.given == {"external_id"}


def test_a_row_that_is_no_lead_is_named_and_the_others_are_taken() -> None:
    table = read("external_id,email,score\n1,ada@example.com,5\n2,nobody,many\n,x@example.com,\n")
    first, second, third = table.rows
    assert isinstance(first, ImportRow)
    assert isinstance(second, Refused)
    assert "email: Is not an e-mail address" in second.why
    assert 'score: Must be a number like 42, not "many".' in second.why
    assert isinstance(third, Refused)
    assert "external_id: Is empty. Each row needs the id" in third.why


@pytest.mark.parametrize(
    ("content", "mapped", "said"),
    [
        ("", {}, "is empty"),
        ("external_id,name\n", {}, "no row below"),
        ("name,email\nAda,a@example.com\n", {}, "If none does, add a column external_id"),
        ("external_id,Name,name\n1,a,b\n", {}, 'more than one column called "Name"'),
        ("external_id,,name\n1,a,b\n", {}, "column 2 has no name"),
        ("external_id,name\n1,a,b\n", {}, "line 2 has 3 cells"),
        ("external_id,name\n1\n", {}, "line 2 has 1 cells"),
        ('external_id,name\n1,"Ada\n2,Bob\n', {}, "Is a quote missing"),
        (GOOD, {"mail": "email"}, "no such column"),
        (GOOD, {"name": "nickname"}, "Choose one of"),
        (GOOD, {"name": "email", "email": "email"}, "two columns are mapped to email"),
        (b"external_id,name\n1,J\xf6rg\n", {}, "is not UTF-8: line 2"),
        (b"external_id,name\n1,A\x00da\n", {}, "NUL character in line 2"),
        (b"PK\x03\x04rest of an xlsx", {}, "is an Excel workbook"),
        (b"\xd0\xcf\x11\xe0rest of an xls", {}, "old Excel workbook"),
        (f"external_id,name\n1,{'x' * (LONGEST_CELL + 1)}\n", {}, "line 2, column \"name\" has 10001 characters"),
        (f"external_id,name\n1,{'x' * 200_000}\n", {}, "cannot be read as CSV near line"),
        ("external_id\n" + "1\n" * (MOST_ROWS + 1), {}, "more than 50000 rows"),
        (",".join(f"c{n}" for n in range(201)) + "\n", {}, "201 columns"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(
    content: str | bytes, mapped: dict[str, str], said: str
) -> None:
    with pytest.raises(ConfigError) as raised:
        read(content, **mapped)
    assert said in str(raised.value)
    assert len(str(raised.value)) < 400


cells = st.text(max_size=12)


@settings(max_examples=300)
@given(st.lists(st.lists(cells, min_size=2, max_size=4), max_size=6), st.booleans())
def test_every_line_written_gets_a_verdict_or_the_file_a_sentence(rows: list[list[str]], keep_width: bool) -> None:
    written = io.StringIO()
    out = csv.writer(written)
    out.writerow(["external_id", "name"])
    rows = [row[:2] for row in rows] if keep_width else rows
    out.writerows(rows)
    try:
        table = read(written.getvalue().encode("utf-8", "surrogatepass"))
    except ConfigError:
        return
    assert len(table.rows) == sum(any(cell.strip() for cell in row) for row in rows)


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_no_bytes_whatever_raise_anything_else(raw: bytes) -> None:
    try:
        table: Any = read(raw)
    except ConfigError:
        return
    assert table.rows


def test_a_column_called_exactly_as_a_field_is_it_wherever_it_stands() -> None:
    [row] = read("id,external_id,mail,email\nA,1,other@example.com,ada@example.com\n").leads
    assert (row.command.external_id, row.command.email) == ("1", "ada@example.com")
    assert row.command.fields == {"id": "A", "mail": "other@example.com"}


@pytest.mark.parametrize(
    ("content", "mapped", "said"),
    [
        ("id,lead_id,name\n1,2,Ada\n", {}, 'both "id" and "lead_id" mean external_id'),
        ("external_id,x,Y\n1,2,3\n", {"Y": "fields.x"}, 'two columns would be kept as "fields.x"'),
        ("external_id,\x1b[31mred\n1,2\n", {"nothing": "name"}, "\\u001b[31mred"),
        (f"external_id,{','.join(f'c{n}' for n in range(150))}\n1{',x' * 150}\n", {"no": "name"}, "131 more"),
    ],
    ids=["two keys", "two further values", "control characters", "many columns"],
)  # fmt: skip
def test_what_a_header_leaves_open_is_asked(content: str, mapped: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read(content, **mapped)
    assert said in str(refused.value)


def test_a_row_corrected_only_in_its_time_is_another_row() -> None:
    first, second = (
        read(f"external_id,name,timestamp\n1,Ada,{day}\n").leads[0] for day in ("2026-03-01", "2026-03-02")
    )
    assert first.content != second.content
    assert first.command.sent_at != second.command.sent_at
    assert read(GOOD).leads[0].command.sent_at is None  # nobody says how old it is
