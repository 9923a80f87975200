"""A CSV file of leads: read whole and checked before anything changes; each row becomes a hand-over or a sentence."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.errors import ConfigError
from bot.services.imports import ImportRow
from bot.services.lead_records import HandOver
from handlers.lead_payload import InvalidLead, LeadData, read_lead
from handlers.problems import FieldProblem

LARGEST_FILE = 20 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 200
LONGEST_CELL = 10_000
TIMESTAMP = "timestamp"
"""A column of when the row was true; without it, it is true at the time of the import."""

FIELDS = (*(name for name in LeadData.model_fields if name != "fields_"), TIMESTAMP)
_ALSO = {"e-mail": "email", "mail": "email", "full_name": "name", "job_title": "title", "organisation": "company",
         "organization": "company", "telephone": "phone", "id": "external_id", "lead_id": "external_id"}  # fmt: skip
_NUMBERS = {"score", "touches"}
_INSTANTS = {"engaged_at", TIMESTAMP}
_MAGIC = {
    b"PK\x03\x04": "is an Excel workbook or another archive, whatever its name says",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook, whatever its name says",
    b"%PDF": "is a PDF",
}
_SAVE_AS = "In your spreadsheet choose “Save as”, “CSV UTF-8”, and import that file."
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_HINT = re.compile(r"\A\"?sep=.\"?(\r?\n)", re.IGNORECASE)
_NAIVE = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A row that is no lead. `why` names the fields and how to mend them."""

    number: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTable:
    """`columns` maps each column to the field it fills; the others become further values."""

    columns: Mapping[str, str]
    rows: Sequence[ImportRow | Refused]

    @property
    def leads(self) -> list[ImportRow]:
        return [row for row in self.rows if isinstance(row, ImportRow)]


def read_lead_table(
    content: bytes, *, name: str, source: str, mapped: Mapping[str, str], offered: bool, actor: str, now: datetime
) -> LeadTable:
    """The leads in a file's bytes. `mapped`: column to field, beside the columns called as a field.

    Raises ConfigError with one sentence when the file as a whole cannot be read as it is meant.
    """
    header, lines = _read(_without_hint(_decoded(content, name)), name)
    columns = _columns(header, mapped, name)
    rows: list[ImportRow | Refused] = []
    for number, cells in lines:
        values = dict(zip(header, cells, strict=True))
        rows.append(_row(number, values, columns, source=source, offered=offered, actor=actor, now=now))
    if not rows:
        raise ConfigError(f"{name} holds no row below its header.")
    return LeadTable(columns=columns, rows=rows)


def _decoded(content: bytes, name: str) -> str:
    if len(content) > LARGEST_FILE:
        raise ConfigError(f"{name} has more than {LARGEST_FILE // 1024 // 1024} MiB. Split it.")
    for magic, what in _MAGIC.items():
        if content.startswith(magic):
            raise ConfigError(f"{name} {what}. {_SAVE_AS}")
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ConfigError(f"{name} is not UTF-8: line {line} cannot be read. {_SAVE_AS}") from None
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise ConfigError(f"{name} holds a NUL character in line {line}: it is no text file, or damaged.")
    if not text.strip():
        raise ConfigError(f"{name} is empty.")
    return text


def _without_hint(text: str) -> str:
    """Without the line `sep=;`, with which some spreadsheets begin; an empty one keeps the numbers of the others."""
    return _HINT.sub(r"\1", text, count=1)


def _read(text: str, name: str) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    lines: list[tuple[int, list[str]]] = []
    header: list[str] | None = None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = _header(cells, name)
                continue
            _check_cells(cells, header, reader.line_num, name)
            lines.append((reader.line_num, cells))
            if len(lines) > MOST_ROWS:
                raise ConfigError(f"{name} has more than {MOST_ROWS} rows. Split it.")
    except csv.Error as error:
        raise ConfigError(
            f"{name} cannot be read as CSV near line {reader.line_num}: {error}. Is a quote missing?"
        ) from None
    if header is None:
        raise ConfigError(f"{name} is empty.")
    return _without_empty_columns(header, lines, name)


def _header(cells: list[str], name: str) -> list[str]:
    header = [cell.strip() for cell in cells]
    if len(header) > MOST_COLUMNS:
        raise ConfigError(f"{name} has {len(header)} columns; at most {MOST_COLUMNS} are read.")
    folded = [column.casefold() for column in header if column]
    twice = sorted({column for column in header if column and folded.count(column.casefold()) > 1})
    if twice:
        raise ConfigError(f"{name} has more than one column called {_shown(twice[0])}. Rename or remove one.")
    return header


def _without_empty_columns(
    header: list[str], lines: list[tuple[int, list[str]]], name: str
) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """Columns without a name, which spreadsheets like to add, are left out where nothing stands in them."""
    for position, column in enumerate(header):
        if not column and any(cells[position].strip() for _, cells in lines):
            raise ConfigError(f"{name}: column {position + 1} has no name in the first line. Give it one.")
    kept = [position for position, column in enumerate(header) if column]
    return [header[position] for position in kept], (
        (number, [cells[position] for position in kept]) for number, cells in lines
    )


def _check_cells(cells: list[str], header: list[str], line: int, name: str) -> None:
    if len(cells) != len(header):
        raise ConfigError(
            f"{name}: line {line} has {len(cells)} cells, but the first line names {len(header)} columns. "
            "Put text that holds the separator in quotes."
        )
    for column, cell in zip(header, cells, strict=True):
        if len(cell) > LONGEST_CELL:
            raise ConfigError(
                f"{name}: line {line}, column {_shown(column)} has {len(cell)} characters; {LONGEST_CELL} fit. "
                "Is a quote missing?"
            )


def _columns(header: list[str], mapped: Mapping[str, str], name: str) -> dict[str, str]:
    by_name = {column.casefold(): column for column in header}
    columns: dict[str, str] = {}
    for column, field in mapped.items():
        if column.casefold() not in by_name:
            raise ConfigError(f"--map {_shown(column)}: {name} has no such column; it has {_some(header)}.")
        if field not in FIELDS and not field.startswith("fields."):
            raise ConfigError(
                f"--map {_shown(column)}={field[:60]}: there is no such field. "
                f"Choose one of {', '.join(FIELDS)} or fields.NAME."
            )
        if field in columns.values():
            raise ConfigError(f"--map: two columns are mapped to {field}. Choose one.")
        columns[by_name[column.casefold()]] = field
    # What is called exactly as a field is it; other names for it count where nothing is.
    for also in (False, True):
        _by_name(header, columns, name, also=also)
    _check_further(header, columns, name)
    if "external_id" not in columns.values():
        raise ConfigError(
            f"{name} has no column external_id, by which a lead is known again. If a column holds your system's id of "
            "each lead, name it: --map COLUMN=external_id. If none does, add a column external_id with a value for each"
            " row that no other row and no other file of this source has, such as fair-2026-1, and keep it."
        )
    return columns


def _by_name(header: list[str], columns: dict[str, str], name: str, *, also: bool) -> None:
    """Adds the columns that are called as a field, or `also` as something that means one. Raises ConfigError when two
    mean the same."""
    taken = set(columns.values())
    for column in header:
        folded = column.casefold().replace(" ", "_")
        field = _ALSO.get(folded) if also else folded
        if column in columns or field not in FIELDS or field in taken:
            continue
        other = next((one for one, filled in columns.items() if filled == field), None)
        if other is not None:
            raise ConfigError(
                f"{name}: both {_shown(other)} and {_shown(column)} mean {field}. Say which one it is: "
                f"--map {_shown(column)}={field}"
            )
        columns[column] = field


def _check_further(header: list[str], columns: Mapping[str, str], name: str) -> None:
    """Raises ConfigError when two columns would be kept under the same further name."""
    names = [columns.get(column, f"fields.{column}") for column in header]
    twice = next((field for field in names if field.startswith("fields.") and names.count(field) > 1), None)
    if twice is not None:
        raise ConfigError(f"{name}: two columns would be kept as {_shown(twice)}. Map one of them to another name.")


def _row(
    number: int, values: Mapping[str, str], columns: Mapping[str, str], *, source: str, offered: bool, actor: str,
    now: datetime,
) -> ImportRow | Refused:  # fmt: skip
    data: dict[str, Any] = {}
    further: dict[str, str] = {}
    said_at: str | None = None
    for column, cell in values.items():
        text = cell.strip()
        if not text:
            continue  # an empty cell says nothing
        field = columns.get(column, f"fields.{column}")
        if field.startswith("fields."):
            further[field.removeprefix("fields.")] = text
        elif field == TIMESTAMP:
            said_at = _instant(text)
        else:
            data[field] = _number(text) if field in _NUMBERS else _instant(text) if field in _INSTANTS else text
    said = {"timestamp": said_at or now.isoformat(), "data": data | ({"fields": further} if further else {})}
    try:
        command = read_lead({"type": "lead.ready", **said}, source=source, delivery_id=None, now=now)
    except InvalidLead as error:
        return Refused(number=number, why=" ".join(_sentence(one, columns, values) for one in error.errors))
    whole = [sorted(data.items()), sorted(further.items()), *([said_at] if said_at else [])]
    content = json.dumps(whole, default=str)
    if said_at is None:
        command = replace(command, sent_at=None)  # it may be as old as the file
    return ImportRow(number=number, content=content, command=_of_import(command, offered=offered, actor=actor))


def _of_import(command: HandOver, *, offered: bool, actor: str) -> HandOver:
    return replace(command, offered=offered, actor=actor, origin_kind="import")


def _sentence(problem: FieldProblem, columns: Mapping[str, str], values: Mapping[str, str]) -> str:
    """What is wrong, by the name of the column, and as somebody mends it who has a table before them."""
    field = problem.field.removeprefix("data.")
    column = next((column for column, filled in columns.items() if filled == field), field)
    cell = values.get(column, "").strip()
    if field in _NUMBERS and not isinstance(_number(cell), (int, float)):
        return f"{column}: Must be a number like 42, not {_shown(cell)}."
    if field in _INSTANTS and problem.detail.startswith("Must be"):
        return f"{column}: Must be a date like 2026-03-02 or a time like 2026-03-02T09:30:00Z, not {_shown(cell)}."
    if field == "external_id" and not cell:
        return f"{column}: Is empty. Each row needs the id of its lead in your system, by which it is known again."
    return f"{column}: {problem.detail}"


def _number(text: str) -> object:
    """A number where it is one; else the text, which is then refused by name."""
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _instant(text: str) -> str:
    """A date is its midnight, and a time without zone is meant, in UTC."""
    if _DATE.fullmatch(text):
        return f"{text}T00:00:00Z"
    return f"{text}Z" if _NAIVE.fullmatch(text) else text


def _some(names: Sequence[str]) -> str:
    """The first names, as text that a terminal can be trusted with."""
    return ", ".join(map(_shown, names[:20])) + (f" and {len(names) - 20} more" if len(names) > 20 else "")


def _shown(text: str) -> str:
    return json.dumps(text[:60], ensure_ascii=False)
