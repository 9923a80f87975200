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
    handoff_id="h-1", version=3, name="M. L.", title="CFO", company="Nordlicht", priority=Priority.HOT, offered_at=NOW,
    may_decide=True,
)  # fmt: skip
SUMMARY = Summary(rows=(ROW,), waiting=4, decided=2)


def buttons(summary: Summary) -> list[tuple[str, str]]:
    rows = [block["elements"] for block in render_summary(summary).blocks if block["type"] == "actions"]
    return [(one["action_id"], one["value"]) for row in rows for one in row]


def test_a_listed_lead_is_decided_from_its_line() -> None:
    assert buttons(SUMMARY) == [(ActionId.HANDOFF_ACCEPT, "h-1.3"), (ActionId.HANDOFF_REJECT, "h-1.3")]


def test_in_a_channel_that_is_pool_and_mirror_each_line_has_what_can_be_done_there() -> None:
    told = dataclasses.replace(ROW, handoff_id="h-2", may_decide=False)
    both = dataclasses.replace(SUMMARY, rows=(ROW, told))
    assert {value for _, value in buttons(both)} == {"h-1.3"}
    text = words(render_summary(both))
    assert "Home" in text
    assert "The others were offered to people" in text


def test_it_counts_what_it_does_not_show_and_what_is_decided() -> None:
    text = words(render_summary(SUMMARY))
    assert "4 further leads wait" in text
    assert "and 3 more" in text
    assert "2 decided already" in text
    assert "Home" in text


def test_where_nothing_is_decided_there_is_no_button() -> None:
    assert buttons(dataclasses.replace(SUMMARY, rows=(dataclasses.replace(ROW, may_decide=False),))) == []


def test_when_all_is_decided_it_says_so() -> None:
    done = Summary(rows=(), waiting=0, decided=5)
    assert "Every further lead has been decided on" in words(render_summary(done))
