"""The summary of a channel that was full: what waits, and how to take it."""

from __future__ import annotations

import dataclasses

from bot.domain.lead import Priority
from bot.services.floods import Listed, Summary
from bot.views.flood_summary import render_summary
from bot.views.ids import ActionId
from tests.views.oracle import words
from tests.views.samples import NOW

ROW = Listed(
    handoff_id="h-1", version=3, name="M. L.", title="CFO", company="Nordlicht", priority=Priority.HOT, offered_at=NOW
)
SUMMARY = Summary(rows=(ROW,), waiting=4, decided=2, may_decide=True)


def buttons(summary: Summary) -> list[tuple[str, str]]:
    found = [block.get("accessory") for block in render_summary(summary).blocks]
    return [(one["action_id"], one["value"]) for one in found if one]


def test_a_listed_lead_is_accepted_from_its_line() -> None:
    assert buttons(SUMMARY) == [(ActionId.HANDOFF_ACCEPT, "h-1.3")]


def test_it_counts_what_it_does_not_show_and_what_is_decided() -> None:
    text = words(render_summary(SUMMARY))
    assert "4 further leads wait" in text
    assert "and 3 more" in text
    assert "2 decided already" in text
    assert "Home" in text


def test_where_nothing_is_decided_there_is_no_button() -> None:
    assert buttons(dataclasses.replace(SUMMARY, may_decide=False)) == []


def test_when_all_is_decided_it_says_so() -> None:
    done = Summary(rows=(), waiting=0, decided=5, may_decide=True)
    assert "Every further lead has been decided on" in words(render_summary(done))
