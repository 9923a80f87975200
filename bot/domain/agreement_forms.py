"""The agreement's sections as forms: each term a text people can write, and what it says as data.

Lists are lines; a line with several parts has `|` between them. What a form did not change stays exactly as it was,
whatever its text would read as.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from bot.domain.agreement_data import Data, Section
from bot.domain.agreement_texts import (
    PARTS_OF_DEFINITION,
    pairs_reader,
    read_criteria,
    read_decimal,
    read_definition,
    read_lines,
    read_names,
    read_number,
    read_reasons,
    read_segments,
    read_sources,
    two_parts,
    write_criteria,
    write_definition,
    write_lines,
    write_pairs,
    write_reasons,
    write_segments,
    write_sources,
)
from bot.errors import FormError

LONGEST = 3000
"""Characters of one answer that Slack's inputs take."""
NOT_HERE = "agreement"
"""The field of a mistake that belongs to no field of the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One input. `path` is where its value is in the section's data; `write` and `read` turn it to text and back.

    `read` raises ValueError with a sentence for what it cannot make sense of at all; the rest is the reader's.
    """

    path: tuple[str, ...]
    label: str
    hint: str = ""
    multiline: bool = False
    write: Callable[[Any], str] = str
    read: Callable[[str], Any] = str.strip

    @property
    def key(self) -> str:
        """The name of its input and of its mistakes: `accept`, `marketing.offer`."""
        return ".".join(self.path)


def shown(section: Section, data: Data) -> tuple[tuple[FormField, str], ...]:
    """The fields of the section's form, each with what `data` says."""
    return tuple((field, field.write(_at(data, field.path))) for field in FORMS[section])


def read(section: Section, before: Data, answers: Mapping[str, str]) -> Data:
    """The section's data after a form that showed `before` was answered; fields without an answer stay.

    Raises FormError by field for what is not written as the form asks.
    """
    data, mistakes = dict(before), {}
    for field, text in shown(section, before):
        answer = answers.get(field.key)
        if answer is None or _same(answer, text, by_line=field.multiline):
            continue
        try:
            data = _put(data, field.path, field.read(answer))
        except ValueError as error:
            mistakes[field.key] = str(error)
    if mistakes:
        raise FormError(mistakes)
    return data


def at_fields(section: Section, lines: str) -> FormError:
    """The mistakes of `read_document`, a line each, at the fields of the section's form."""
    found: dict[str, list[str]] = {}
    for line in lines.splitlines():
        where, _, sentence = line.partition(": ")
        path = where.removeprefix(f"{section.value}.").replace(" ", ".")
        keys = [field.key for field in FORMS[section] if path == field.key or path.startswith(f"{field.key}.")]
        key = max(keys, key=len, default=NOT_HERE)
        rest = path.removeprefix(key).strip(".")
        said = f"{sentence[:1].upper()}{sentence[1:]}" if key != NOT_HERE else line
        found.setdefault(key, []).append(_with_place(rest, said))
    return FormError({key: " ".join(sentences) for key, sentences in found.items()})


def _with_place(rest: str, sentence: str) -> str:
    """The sentence with the line it is about, where the field has several."""
    number, _, name = rest.partition(".")
    if number.isdecimal():
        what = f", {name.replace('.', ' ')}" if name else ""
        return f"Line {number}{what}: {sentence}"
    return f"{rest.replace('_', ' ')}: {sentence}" if rest else sentence


def _same(answer: str, text: str, *, by_line: bool) -> bool:
    """Whether the answer is the text that was shown, as far as Slack and our own cleaning leave it. Where a line is an
    entry of its own, two lines are something else than one."""
    one, other = _plain(answer), _plain(text[:LONGEST])
    return one == other if by_line else [*chain(*one)] == [*chain(*other)]


def _plain(text: str) -> list[list[str]]:
    """The words of each line that has any."""
    visible = "".join(one if unicodedata.category(one)[0] != "C" or one.isspace() else "" for one in text)
    return [words for line in unicodedata.normalize("NFC", visible).splitlines() if (words := line.split())]


def _at(data: Data, path: tuple[str, ...]) -> Any:
    found: Any = data
    for name in path:
        found = found.get(name, [] if name in ("sales", "marketing") else "")
    return found


def _put(data: Data, path: tuple[str, ...], value: Any) -> Data:
    first, *rest = path
    return {**data, first: _put(data.get(first, {}), tuple(rest), value) if rest else value}


def _text(path: str, label: str, hint: str = "", *, multiline: bool = True) -> FormField:
    return FormField(path=tuple(path.split(".")), label=label, hint=hint, multiline=multiline)


def _short(path: str, label: str, hint: str = "") -> FormField:
    return _text(path, label, hint, multiline=False)


def _count(path: str, label: str, hint: str = "") -> FormField:
    return FormField(path=tuple(path.split(".")), label=label, hint=hint, read=read_number)


def _many(path: str, label: str, hint: str = "") -> FormField:
    return FormField(
        path=tuple(path.split(".")), label=label, hint=hint, multiline=True, write=write_lines, read=read_lines
    )


def _few(path: str, label: str, hint: str = "") -> FormField:
    return FormField(
        path=tuple(path.split(".")), label=label, hint=hint, multiline=True, write=write_lines, read=read_names
    )


def _windows(path: str, label: str, hint: str = "hot = 15 min; warm and cold on lines of their own.") -> FormField:
    return FormField(
        path=tuple(path.split(".")),
        label=label,
        hint=hint,
        multiline=True,
        write=write_pairs,
        read=pairs_reader(str.strip),
    )


def _reasons(path: str, label: str) -> FormField:
    hint = "A line each: code | label | what follows | date, text, … : question (* when it must be answered) | counts"
    return FormField(path=(path,), label=label, hint=hint, multiline=True, write=write_reasons, read=read_reasons)


_CONTACT = two_parts("email", "about", "write E-MAIL | WHAT FOR")
_WIN = two_parts("code", "label", "write CODE | LABEL")


def _defined(path: str, label: str) -> FormField:
    return FormField(
        path=(path,),
        label=label,
        hint="What it is; then lines with " + ", ".join(f"{one}:" for one in PARTS_OF_DEFINITION.values()),
        multiline=True,
        write=write_definition,
        read=read_definition,
    )


FORMS: Mapping[Section, tuple[FormField, ...]] = {
    Section.DEFINITIONS: (
        _defined("prospect", "Prospect"),
        _defined("lead", "Lead"),
        _defined("mql", "MQL"),
        _defined("sal", "SAL"),
        _defined("sql", "SQL"),
        _defined("contact", "Contact"),
        _defined("opportunity", "Opportunity"),
    ),
    Section.MQL: (
        FormField(
            path=("minimum_score",),
            label="Minimum score by source",
            hint="webinar = 50 on each line; * = 20 for every other source. Empty: no score is asked for.",
            multiline=True,
            write=write_pairs,
            read=pairs_reader(read_decimal),
        ),
        _few("required_fields", "Required fields", "Such as email, company, country, phone, fields.KEY."),
        _few("excluded_domains", "Excluded domains", "What follows the @, such as example.org."),
        _few("excluded_countries", "Excluded countries", "As the sources write them, such as DE."),
        FormField(
            path=("segments",),
            label="Market segments",
            hint="SEGMENT | FIELD | OPERATOR | VALUE, a line for each condition. With segments, a lead must be in one.",
            multiline=True,
            write=write_segments,
            read=read_segments,
        ),
        FormField(
            path=("criteria",),
            label="Criteria shown on the card",
            hint="LABEL | FIELD | OPERATOR | VALUE, a line each. They are shown as why a lead qualified.",
            multiline=True,
            write=write_criteria,
            read=read_criteria,
        ),
        _count("criteria_needed", "How many of them a lead must meet"),
    ),
    Section.WINDOWS: (
        _windows("accept", "Sales: accept or reject", "Working time: hot = 15 min, a line for hot, warm and cold."),
        _windows("first_contact", "Sales: first attempt after Accept"),
        FormField(
            path=("source",),
            label="Sources with windows of their own",
            hint="SOURCE | accept | hot = 1 h, or SOURCE | first contact | hot = 2 h, a line each.",
            multiline=True,
            write=write_sources,
            read=read_sources,
        ),
        _windows("marketing.offer", "Marketing: from engagement to the offer"),
        _short("marketing.answer_reject", "Marketing: answer a reject", "Working time, such as 16 h."),
        _short("marketing.answer_note", "Marketing: answer a field note"),
        _short("marketing.alert", "Marketing: alert before a campaign starts"),
    ),
    Section.LADDER: (
        _count("remind_percent", "Remind at … percent of the window"),
        _count("at_risk_percent", "At risk at … percent"),
        _short("second_reminder_from", "Remind twice in windows from", "Shorter windows remind once."),
        _few("expired", "Who gets a lead whose window ran out", "next_rep, pool, managers_manager, arbiter, in order."),
    ),
    Section.FOLLOW_UP: (
        _count("attempts", "Attempts before a lead counts as not reached"),
        _short("ask_again", "Ask again after an attempt", "Working time, such as 8 h."),
        _count("recycles_at_most", "How often a lead comes back by itself"),
        _count("undo_seconds", "Seconds in which Accept can be undone"),
    ),
    Section.OFFERS: (_many("agreed", "Offers campaigns make", "One offer a line, as buyers read it."),),
    Section.REASONS: (
        _reasons("reject", "To reject"),
        _reasons("disqualify", "To disqualify"),
        FormField(
            path=("win",), label="Won", hint="CODE | LABEL, a line each.", multiline=True, write=_WIN[0], read=_WIN[1]
        ),
        _reasons("loss", "Lost"),
    ),
    Section.CONTACTS: tuple(
        FormField(
            path=(side,),
            label=f"Of {side}",
            hint="E-MAIL | WHAT FOR, a line each; people of the roster.",
            multiline=True,
            write=_CONTACT[0],
            read=_CONTACT[1],
        )
        for side in ("sales", "marketing")
    ),
    Section.RULES: (
        _many("engagement", "Rules of engagement", "A sentence a line."),
        _many("consequences", "What follows when a side does not keep to it", "A sentence a line."),
    ),
    Section.DISAGREEMENTS: (
        _text("how", "How disagreements are settled"),
        _short("settle", "How long the two managers have", "Working time, such as 16 h; then the arbiter decides."),
        _short("arbiter", "Arbiter", "An e-mail of the roster; empty: whoever has the role."),
    ),
    Section.REVIEW: (
        _short("on", "Review on", "A day as YYYY-MM-DD; empty: as many days after it came into force as below."),
        _count("every_days", "Review every … days"),
        _many("ends", "What would end it", "A sentence a line."),
    ),
}
"""The forms by section; every term of the agreement is in one of them."""
