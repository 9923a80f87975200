"""Terms of the agreement as texts people write in a form, and back: lists are lines, parts of a line stand between `|`.

A reader raises ValueError with a sentence for what it cannot make sense of; what it reads is checked by the reader of
the whole agreement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.agreement_data import Data

_BAR = re.compile(r"(?<!\\)\|")


def read_number(text: str) -> int | str:
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 10 else text


def read_decimal(text: str) -> int | float | str:
    text = text.strip()
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() and "." not in text else number


def read_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def write_lines(items: list[str]) -> str:
    return "\n".join(_one_line(item) for item in items)


def read_names(text: str) -> list[str]:
    return [name.strip() for line in read_lines(text) for name in line.split(",") if name.strip()]


def pairs_reader(read_value: Callable[[str], Any]) -> Callable[[str], dict[str, Any]]:
    def read_pairs(text: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for line in read_lines(text):
            name, sign, value = line.partition("=")
            if not sign or not name.strip() or not value.strip():
                raise ValueError(f"“{line}” cannot be read: write NAME = VALUE on each line.")
            if name.strip() in found:
                raise ValueError(f"{name.strip()} is there twice: write it once.")
            found[name.strip()] = read_value(value)
        return found

    return read_pairs


def write_pairs(pairs: Mapping[str, Any]) -> str:
    return "\n".join(f"{name} = {value}" for name, value in pairs.items())


def write_sources(sources: Mapping[str, Any]) -> str:
    return "\n".join(
        _row(source, which.replace("_", " "), f"{priority} = {window}")
        for source, own in sources.items()
        for which, windows in own.items()
        for priority, window in windows.items()
    )


def read_sources(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line in read_lines(text):
        parts = _parts(line)
        priority, sign, window = parts[2].partition("=") if len(parts) == 3 else ("", "", "")
        if not sign or parts[1].casefold() not in ("accept", "first contact"):
            raise ValueError(
                f"“{line}” cannot be read: write SOURCE | accept | hot = 1 h, or SOURCE | first contact | …"
            )
        own = found.setdefault(parts[0], {"accept": {}, "first_contact": {}})
        own[parts[1].casefold().replace(" ", "_")][priority.strip()] = window.strip()
    return found


def write_criteria(rows: list[Data]) -> str:
    return "\n".join(_row(row["label"], row["field"], row["operator"], str(row.get("value", ""))) for row in rows)


def read_criteria(text: str) -> list[Data]:
    found = []
    for line in read_lines(text):
        parts = _parts(line)
        if not 3 <= len(parts) <= 4:
            raise ValueError(f"“{line}” cannot be read: write LABEL | FIELD | OPERATOR | VALUE.")
        found.append({"label": parts[0], **_condition(parts[1:])})
    return found


def write_segments(rows: list[Data]) -> str:
    return "\n".join(
        _row(row["name"], one["field"], one["operator"], str(one.get("value", "")))
        for row in rows
        for one in row["conditions"]
    )


def read_segments(text: str) -> list[Data]:
    found: dict[str, list[Data]] = {}
    for line in read_lines(text):
        parts = _parts(line)
        if not 3 <= len(parts) <= 4:
            raise ValueError(f"“{line}” cannot be read: write SEGMENT | FIELD | OPERATOR | VALUE.")
        found.setdefault(parts[0], []).append(_condition(parts[1:]))
    return [{"name": name, "conditions": conditions} for name, conditions in found.items()]


def _condition(parts: list[str]) -> Data:
    field, operator, *value = parts
    return {"field": field, "operator": operator} | ({"value": value[0]} if value and value[0] else {})


_COUNTS, _COUNTS_NOT, _UNREACHED = "counts", "does not count", "when not reached"


def write_reasons(rows: list[Data]) -> str:
    def line(row: Data) -> str:
        must = "*" if row.get("required") else ""
        asks = f"{row['ask']}{must}: {row['question']}" if row.get("ask") else "-"
        counts = _COUNTS if row.get("counts_against_marketing", True) else _COUNTS_NOT
        return _row(row["code"], row["label"], row["then"], asks, counts, _UNREACHED if row.get("unreached") else "")

    return "\n".join(map(line, rows))


def read_reasons(text: str) -> list[Data]:
    return [_reason(line) for line in read_lines(text)]


def _reason(line: str) -> Data:
    parts = _parts(line)
    how = "write CODE | LABEL | THEN | ASK: QUESTION | counts, with - for the fourth where nothing is asked"
    if not 5 <= len(parts) <= 6:
        raise ValueError(f"“{line}” cannot be read: {how}.")
    row: Data = {"code": parts[0], "label": parts[1], "then": parts[2]}
    if parts[3] not in ("-", ""):
        ask, colon, question = parts[3].partition(":")
        if not colon:
            raise ValueError(
                f"“{parts[3]}” asks nothing: write for example text: Which one? or text*: if it must be answered."
            )
        row |= {"ask": ask.strip().rstrip("* "), "question": question.strip(), "required": ask.strip().endswith("*")}
    if parts[4].casefold() not in (_COUNTS, _COUNTS_NOT):
        raise ValueError(f"“{parts[4]}” is neither “{_COUNTS}” nor “{_COUNTS_NOT}” (against marketing), in “{line}”.")
    row["counts_against_marketing"] = parts[4].casefold() == _COUNTS
    if len(parts) == 6 and parts[5]:
        if parts[5].casefold() != _UNREACHED:
            raise ValueError(f"“{parts[5]}” is not “{_UNREACHED}”, in “{line}”.")
        row["unreached"] = True
    return row


def two_parts(
    first: str, second: str, sentence: str
) -> tuple[Callable[[list[Data]], str], Callable[[str], list[Data]]]:
    def write(rows: list[Data]) -> str:
        return "\n".join(_row(row[first], row[second]) for row in rows or [])

    def read_rows(text: str) -> list[Data]:
        found = []
        for line in read_lines(text):
            parts = _parts(line)
            if not 1 <= len(parts) <= 2:
                raise ValueError(f"“{line}” cannot be read: {sentence}.")
            found.append({first: parts[0], second: parts[1] if len(parts) == 2 else ""})
        return found

    return write, read_rows


PARTS_OF_DEFINITION = {
    "created_by": "Who creates it",
    "kept_in": "Where it is kept",
    "owned_by": "Who owns it",
    "time_frame": "By when",
}


def write_definition(definition: Data) -> str:
    rest = [
        f"{label}: {_one_line(definition[part])}" for part, label in PARTS_OF_DEFINITION.items() if definition.get(part)
    ]
    return "\n".join([definition["words"], *rest])


def read_definition(text: str) -> Data:
    found, words = dict.fromkeys(PARTS_OF_DEFINITION, ""), []
    labels = {label.casefold(): part for part, label in PARTS_OF_DEFINITION.items()}
    for line in text.splitlines():
        label, colon, value = line.partition(":")
        part = labels.get(label.strip().casefold()) if colon else None
        if part is None:
            words.append(line)
        else:
            found[part] = value.strip()
    return {"words": "\n".join(words).strip(), **found}


def _row(*parts: str) -> str:
    """The parts of a line, without the empty ones at its end."""
    said = [_one_line(part).replace("|", "\\|") for part in parts]
    while said and not said[-1]:
        said.pop()
    return " | ".join(said)


def _parts(line: str) -> list[str]:
    return [part.replace("\\|", "|").strip() for part in _BAR.split(line)]


def _one_line(text: str) -> str:
    return " ".join(text.split())
