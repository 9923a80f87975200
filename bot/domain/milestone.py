"""A campaign's first SQL and first win: told once to both sides, with whom to thank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.lead import Stage


class What(StrEnum):
    SQL = "sql"
    WIN = "win"


REACHED_BY: dict[What, frozenset[Stage]] = {
    What.SQL: frozenset({Stage.SQL, Stage.OPPORTUNITY, Stage.WON}),
    What.WIN: frozenset({Stage.WON}),
}
"""The stages of a lead with which its campaign has reached it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """The first of its kind of a campaign; `rep_id` and `marketer_id` are whom it is owed to. `handoff_id` None: it was
    reached before anybody was told of such things. `corrected_at`: it turned out not to be one."""

    campaign_id: str
    what: What
    lead_id: str
    handoff_id: str | None
    rep_id: str | None
    marketer_id: str | None
    reached_at: datetime
    corrected_at: datetime | None = None


def reached(stage: Stage) -> tuple[What, ...]:
    """What a campaign has reached with a lead in this stage."""
    return tuple(what for what, stages in REACHED_BY.items() if stage in stages)
