"""What the validator finds: one `Problem` a broken rule, in the two shapes in which Slack reports it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

# A JSON pointer under construction: (parent, key). Cheap to extend on the way down, and written out only
# when a rule is broken, so that a valid payload never pays for a string.
Path: TypeAlias = "tuple[Path, str | int] | None"


def pointer_of(path: Path) -> str:
    """The JSON pointer (RFC 6901) of a path; "" for the root."""
    parts: list[str] = []
    while path is not None:
        path, key = path
        parts.append(str(key).replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{part}" for part in reversed(parts))


@dataclass(frozen=True)
class Problem:
    """One broken rule.

    `pointer` starts at what was validated: "/0/text" for an array of blocks, "/blocks/0/text" for a view.
    `constraint` names the rule as data, for example {"type": "max_length", "expected": 75}.
    """

    message: str
    pointer: str
    constraint: Mapping[str, object] = field(default_factory=dict)

    def classic(self, root: str = "") -> str:
        """The sentence `chat.*` and `views.*` give; `root` is "/blocks" or "/view", the argument's place."""
        return f"{self.message} [json-pointer:{root}{self.pointer}]"

    def structured(self) -> dict[str, object]:
        """The object that `blocks.validate` lists in `errors`."""
        return {
            "code": "failed_constraint",
            "message": self.message,
            "pointer": self.pointer,
            "constraint": dict(self.constraint),
        }
