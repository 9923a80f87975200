"""Who reads a field note, in words."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.person import Side

_SIDES = {Side.SALES: "sales", Side.MARKETING: "marketing", Side.LEADERSHIP: "leadership"}
EVERYBODY = "everybody on the roster"


def readers(read_by: Sequence[Side], *, managers_only: bool) -> str:
    """`sales, marketing, and whoever answers it`: the people of these sides, or managers alone; and always those who
    are asked for an answer, whatever their side."""
    if managers_only:
        return "managers, and whoever answers it"
    if set(read_by) >= set(Side):
        return EVERYBODY
    named = [name for side, name in _SIDES.items() if side in read_by]
    named += ["people of other teams"] if Side.OTHER in read_by else []
    return ", ".join([*named, "and whoever answers it"]) if named else "whoever answers it"
