"""Values of an agreement's file, read one by one; mistakes are collected as sentences that name the field."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from bot.domain.agreement_data import Data
from bot.domain.lead import normalise_email
from bot.domain.windows import read_minutes, spoken_minutes

LONGEST_TEXT = 2000
MOST_ITEMS = 100
LONGEST_KEY = 75

Word = TypeVar("Word", bound=StrEnum)


class Values:
    """Every reader answers a value of its type, also when what is written is a mistake: then the mistake is kept."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []

    def say(self, field: str, sentence: str) -> None:
        self.mistakes.append(" ".join(f"{field}: {sentence}.".split()))

    def known(self, data: Mapping[str, Any], names: Collection[str], where: str) -> None:
        """What is not one of `names` is a mistake."""
        for name in data:
            if name not in names:
                field = f"{where}.{name}" if where else name
                self.say(field, f"there is no such term here; there are {', '.join(names)}")

    def table(self, data: Data, key: str, names: Collection[str] | None, where: str = "") -> Data:
        """The table `key`, empty where there is none; of its keys only `names` are known (None: any)."""
        value = data.get(key, {})
        field = where or key
        if not isinstance(value, Mapping):
            self.say(field, f"must be a table, [{field}]")
            return {}
        if names is not None:
            self.known(value, names, field)
        return dict(value)

    def rows(self, data: Data, key: str, where: str, names: Collection[str]) -> list[tuple[Data, str]]:
        """The tables of a list, each with where it stands: by number, from 1."""
        value = data.get(key, [])
        field = f"{where}.{key}"
        if not isinstance(value, list) or len(value) > MOST_ITEMS:
            self.say(field, f"must be a list of at most {MOST_ITEMS} tables, [[{field}]]")
            return []
        found = []
        for number, row in enumerate(value, 1):
            there = f"{field} {number}"
            if isinstance(row, Mapping):
                self.known(row, names, there)
                found.append((dict(row), there))
            else:
                self.say(there, f"must be a table, [[{field}]]")
        return found

    def text(self, data: Data, key: str, where: str, *, required: bool = False, longest: int = LONGEST_TEXT) -> str:
        value = data.get(key, "")
        field = f"{where}.{key}"
        if not isinstance(value, str):
            self.say(field, "must be text, in quotes")
            return ""
        if required and not value.strip():
            self.say(field, "is missing; write it down")
        if len(value) > longest:
            self.say(field, f"is {len(value)} characters long; keep it under {longest}")
        return value

    def texts(self, data: Data, key: str, where: str) -> tuple[str, ...]:
        """A list of texts, none empty, none twice."""
        value = data.get(key, [])
        field = f"{where}.{key}"
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.say(field, 'must be a list of texts, ["…", "…"]')
            return ()
        if len(value) > MOST_ITEMS:
            self.say(field, f"has {len(value)} entries; keep it to {MOST_ITEMS}")
        for each in value:
            if not each.strip():
                self.say(field, "has an empty entry; take it out")
            if len(each) > LONGEST_TEXT:
                self.say(field, f"has an entry of {len(each)} characters; keep it under {LONGEST_TEXT}")
        self.once(list(value), field, "entry")
        return tuple(value)

    def once(self, names: Sequence[str], field: str, what: str) -> None:
        """A name that is there twice is a mistake."""
        for name in dict.fromkeys(names):
            if name and names.count(name) > 1:
                self.say(field, f"“{name}” is there {names.count(name)} times; each {what} can be there once")

    def number(self, data: Data, key: str, where: str, least: int, most: int) -> int:
        value = data.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.say(f"{where}.{key}", f"must be a whole number from {least} to {most}")
        return least

    def minutes(self, data: Data, key: str, where: str, most: int) -> int:
        value = data.get(key)
        minutes = read_minutes(value) if isinstance(value, (str, int)) else None
        if minutes is not None and 1 <= minutes <= most:
            return minutes
        shown = "nothing" if value is None else f"“{value}”"
        how = f"write working time such as 15 min, 4 h or 1 h 30 min, at most {spoken_minutes(most)}"
        self.say(f"{where}.{key}", f"{shown} is no window; {how}")
        return 1

    def flag(self, data: Data, key: str, where: str, *, default: bool) -> bool:
        value = data.get(key, default)
        if isinstance(value, bool):
            return value
        self.say(f"{where}.{key}", "must be true or false")
        return default

    def one_of(self, data: Data, key: str, where: str, words: type[Word], default: Word) -> Word:
        value = data.get(key)
        found = next((word for word in words if word.value == value), None)
        if found is None:
            shown = "is missing" if value is None else f"“{value}” is not known"
            self.say(f"{where}.{key}", f"{shown}; write one of {', '.join(word.value for word in words)}")
        return found or default

    def email(self, data: Data, key: str, where: str, *, required: bool = False) -> str:
        text = self.text(data, key, where, required=required)
        normal = normalise_email(text)
        if text.strip() and normal is None:
            self.say(f"{where}.{key}", f"“{text}” is no e-mail address; write the one on the roster")
        return normal or ""

    def scores(self, data: Data, key: str, where: str) -> dict[str, int | float]:
        """Numbers by source."""
        table = self.table(data, key, None, f"{where}.{key}")
        found: dict[str, int | float] = {}
        for source, value in table.items():
            if len(source) > LONGEST_KEY:
                self.say(f"{where}.{key}", f"a source of {len(source)} characters; none has more than {LONGEST_KEY}")
            if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e9:
                found[source] = value
            else:
                self.say(f"{where}.{key}.{source}", f"“{value}” is no score; write a number")
        return found

    def domains(self, data: Data, key: str, where: str) -> tuple[str, ...]:
        """Domains of addresses, without @."""
        found = self.texts(data, key, where)
        for each in found:
            if each.strip() and ("@" in each or "." not in each.strip(".") or each != each.strip(" .")):
                self.say(f"{where}.{key}", f"“{each}” is no domain; write what follows the @, such as example.org")
        return found

    def is_number(self, text: str, field: str) -> None:
        try:
            good = Decimal(text).is_finite()
        except InvalidOperation:
            good = False
        if not good:
            self.say(field, f"“{text}” is no number; write one to compare with")
