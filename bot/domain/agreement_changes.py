"""What two versions of the agreement differ in, line by line, and which sections nobody has worked on yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.agreement_data import SECTIONS, Data, data_of
from bot.domain.agreement_document import DEFAULT_DOCUMENT, Document

_Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of difference. `field` is the path in the agreement's file, its section first. `before` None: it is
    new; `after` None: it is gone. Texts are what people wrote into the agreement."""

    section: str
    field: str
    before: str | None
    after: str | None

    @property
    def line(self) -> str:
        """`~ windows.accept.hot: 15 min → 10 min`, `+ …`, `- …`."""
        if self.before is None:
            return f"+ {self.field}: {self.after}"
        if self.after is None:
            return f"- {self.field}: {self.before}"
        return f"~ {self.field}: {self.before or 'nothing'} → {self.after or 'nothing'}"


def changes(old: Document, new: Document) -> tuple[Change, ...]:
    """What makes `new` of `old`, in the order of the sections; empty only when both say the same."""
    before, after = data_of(old), data_of(new)
    return tuple(
        Change(section=section, field=".".join(path), before=was, after=now)
        for section in SECTIONS
        for path, was, now in _differences(before[section], after[section], (section,))
    )


def still_default(document: Document) -> tuple[str, ...]:
    """The keys of the sections in which `document` says what the shipped agreement says, in order."""
    data, shipped = data_of(document), data_of(DEFAULT_DOCUMENT)
    return tuple(section for section in SECTIONS if data[section] == shipped[section])


def _differences(before: object, after: object, path: _Path) -> Iterator[tuple[_Path, str | None, str | None]]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in after.items():
            if key in before:
                yield from _differences(before[key], value, (*path, key))
            else:
                yield (*path, key), None, _spoken(value) or "nothing"
        for key, value in before.items():
            if key not in after:
                yield (*path, key), _spoken(value) or "nothing", None
    elif isinstance(before, list) and isinstance(after, list):
        yield from _lists(before, after, path)
    else:
        yield path, _spoken(before), _spoken(after)


def _lists(before: list[object], after: list[object], path: _Path) -> Iterator[tuple[_Path, str | None, str | None]]:
    """Tables by what they are known by, values by themselves; then the order of what both have."""
    old, new = _named(before), _named(after)
    for name, item in new.items():
        if name not in old:
            yield path, None, _spoken(item)
        elif isinstance(item, dict):
            yield from _differences(old[name], item, (*path, name))
    for name, item in old.items():
        if name not in new:
            yield path, _spoken(item), None
    order, was = [name for name in new if name in old], [name for name in old if name in new]
    if order != was:
        yield (*path, "in this order"), ", ".join(was), ", ".join(order)


def _named(items: list[object]) -> dict[str, object]:
    """The items of a list by code, label, name, e-mail or, of values, themselves. Equal names are told apart by number:
    the agreement has none, but nothing may get lost."""
    found: dict[str, object] = {}
    for item in items:
        name = _name(item) if isinstance(item, dict) else str(item)
        copies = sum(1 for each in found if each == name or each.startswith(f"{name} #"))
        found[f"{name} #{copies + 1}" if copies else name] = item
    return found


def _name(item: Data) -> str:
    return next((str(item[key]) for key in ("code", "label", "name", "email", "field") if item.get(key)), "")


def _spoken(value: object) -> str:
    """A value, a list or a table on one line; what is empty is left out."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(filter(None, map(_spoken, value)))
    if isinstance(value, dict):
        first = _name(value)
        said = {key: _spoken(each) for key, each in value.items() if each != first}
        rest = "; ".join(f"{key} {text}" for key, text in said.items() if text)
        return f"{first} ({rest})" if first and rest else first or rest
    return str(value)
