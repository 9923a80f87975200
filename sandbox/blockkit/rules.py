"""The words in which Block Kit's schema is written: small rules that combine into shapes.

A rule is called with the walk, a value and the value's path, and notes each problem it finds on the walk.
Rules hold no state; whatever is counted over a whole payload (ids, characters, charts) lives in the `Walk`.
The wording follows what Slack answers as far as it is known; the exact texts are not documented.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from sandbox.blockkit.problem import Path, Problem, pointer_of

Surface: TypeAlias = Literal["message", "modal", "home"]


@dataclass
class Walk:
    """One validation: the problems found so far, and what is counted over the whole payload."""

    surface: Surface
    problems: list[Problem] = field(default_factory=list)
    block_ids: set[str] = field(default_factory=set)
    action_ids: set[str] = field(default_factory=set)  # of the block being walked
    focused: int = 0
    charts: int = 0
    markdown_chars: int = 0
    table_chars: int = 0
    data_table_chars: int = 0
    has_input: bool = False

    def fail(self, path: Path, message: str, kind: str, expected: object = None) -> None:
        constraint: dict[str, object] = {"type": kind}
        if expected is not None:
            constraint["expected"] = expected
        self.problems.append(Problem(message, pointer_of(path), constraint))


Rule: TypeAlias = Callable[[Walk, object, Path], None]
Check: TypeAlias = Callable[[Walk, Mapping[str, object], Path], None]


def string(maximum: int | None = None, minimum: int = 0, pattern: str | None = None, what: str = "") -> Rule:
    """A string of `minimum` to `maximum` characters; with `pattern`, all of it must be a `what`."""
    compiled = re.compile(pattern) if pattern else None

    def check(walk: Walk, value: object, path: Path) -> None:
        if not isinstance(value, str):
            walk.fail(path, "must provide a string", "type", "string")
        elif maximum is not None and len(value) > maximum:
            walk.fail(path, f"must be less than {maximum + 1} characters", "max_length", maximum)
        elif len(value) < minimum:
            walk.fail(path, f"must be more than {minimum - 1} characters", "min_length", minimum)
        elif compiled is not None and not compiled.fullmatch(value):
            walk.fail(path, f"must be a valid {what}", "format", what)

    return check


def boolean(walk: Walk, value: object, path: Path) -> None:
    """true or false."""
    if not isinstance(value, bool):
        walk.fail(path, "must provide a boolean", "type", "boolean")


def integer(minimum: int | None = None, maximum: int | None = None) -> Rule:
    """A whole number (not a boolean) within the bounds, both included."""

    def check(walk: Walk, value: object, path: Path) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            walk.fail(path, "must provide an integer", "type", "integer")
        elif minimum is not None and value < minimum:
            walk.fail(path, f"must be greater than or equal to {minimum}", "minimum", minimum)
        elif maximum is not None and value > maximum:
            walk.fail(path, f"must be less than or equal to {maximum}", "maximum", maximum)

    return check


def number(above: float | None = None) -> Rule:
    """A finite JSON number; with `above`, strictly greater than it."""

    def check(walk: Walk, value: object, path: Path) -> None:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            walk.fail(path, "must provide a number", "type", "number")
        elif above is not None and value <= above:
            walk.fail(path, f"must be greater than {above:g}", "exclusive_minimum", above)

    return check


def one_of(*allowed: object) -> Rule:
    """One of a few fixed values."""

    def check(walk: Walk, value: object, path: Path) -> None:
        # `1 == True` in Python, not in JSON: the type must fit as well.
        if not any(value == one and type(value) is type(one) for one in allowed):
            walk.fail(path, "must be a valid enum value", "enum", list(allowed))

    return check


def array(of: Rule, minimum: int = 0, maximum: int | None = None) -> Rule:
    """A list of `minimum` to `maximum` items that each keep the rule `of`."""

    def check(walk: Walk, value: object, path: Path) -> None:
        if not isinstance(value, list):
            walk.fail(path, "must provide an array", "type", "array")
            return
        if maximum is not None and len(value) > maximum:
            walk.fail(path, f"no more than {maximum} items allowed", "max_items", maximum)
        if len(value) < minimum:
            walk.fail(path, f"no fewer than {minimum} items allowed", "min_items", minimum)
        for index, item in enumerate(value):
            of(walk, item, (path, index))

    return check


def shape(fields: Mapping[str, Rule], required: Sequence[str] = (), *checks: Check) -> Rule:
    """An object with only these fields. `checks` look at several fields, after each was checked alone."""
    rules = dict(fields)

    def check(walk: Walk, value: object, path: Path) -> None:
        if not isinstance(value, dict):
            walk.fail(path, "must provide an object", "type", "object")
            return
        for key, item in value.items():
            rule = rules.get(key)
            if rule is None:
                walk.fail(path, f"invalid additional property: {key}", "additional_property")
            else:
                rule(walk, item, (path, key))
        for key in required:
            if key not in value:
                walk.fail(path, f"missing required field: {key}", "required", key)
        for also in checks:
            also(walk, value, path)

    return check


def any_type(walk: Walk, value: object, path: Path) -> None:
    """Anything; for `type`, which `typed` has checked already."""


def typed(shapes: Mapping[str, Rule]) -> Rule:
    """An object whose `type` chooses one of the shapes; every other type is refused."""
    by_type = dict(shapes)
    expected = sorted(by_type)

    def check(walk: Walk, value: object, path: Path) -> None:
        if not isinstance(value, dict):
            walk.fail(path, "must provide an object", "type", "object")
            return
        kind = value.get("type")
        rule = by_type.get(kind) if isinstance(kind, str) else None
        if rule is not None:
            rule(walk, value, path)
        elif "type" not in value:
            walk.fail(path, "missing required field: type", "required", "type")
        else:
            walk.fail((path, "type"), f"unsupported type: {kind}", "enum", expected)

    return check


def exactly_one(*names: str) -> Check:
    """Exactly one of these fields is present."""

    def check(walk: Walk, value: Mapping[str, object], path: Path) -> None:
        if sum(name in value for name in names) != 1:
            listed = " or ".join(f"`{name}`" for name in names)
            walk.fail(path, f"must provide exactly one of {listed}", "exactly_one_of", list(names))

    return check


def at_least_one(*names: str) -> Check:
    """At least one of these fields is present."""

    def check(walk: Walk, value: Mapping[str, object], path: Path) -> None:
        if not any(name in value for name in names):
            listed = " or ".join(f"`{name}`" for name in names)
            walk.fail(path, f"must provide at least one of {listed}", "any_of", list(names))

    return check


def at_most(low: str, high: str) -> Check:
    """Where both are given, the number in `low` is not above the number in `high`."""

    def check(walk: Walk, value: Mapping[str, object], path: Path) -> None:
        first, second = value.get(low), value.get(high)
        if isinstance(first, (int, float)) and isinstance(second, (int, float)) and first > second:
            walk.fail((path, low), f"must be less than or equal to {high}", "maximum", second)

    return check
