"""The terms of an agreement, as they are stored."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.domain.agreement import DEFAULT_TERMS, Terms
from bot.domain.ladder import Ladder, Rung
from bot.domain.lead import Priority
from bot.domain.matching import Condition, Operator
from bot.domain.qualification import ANY_SOURCE, Qualification, Segment
from bot.domain.windows import MarketingWindows, SourceWindows
from storage.terms import terms_from_text, terms_to_json

LATER_TERMS = {
    "qualification", "first_contact_minutes", "by_source", "follow_up_minutes", "attempts", "recycles_at_most",
    "marketing", "settle_minutes", "ladder", "disqualify_reasons", "win_reasons", "loss_reasons",
}  # fmt: skip

ALL_CHANGED = replace(
    DEFAULT_TERMS,
    accept_minutes={Priority.HOT: 5, Priority.WARM: 60, Priority.COLD: 480},
    qualification=Qualification(
        minimum_score={ANY_SOURCE: 40, "webinar": 70.5},
        required_fields=("email", "fields.team_size"),
        excluded_domains=("example.org",),
        excluded_countries=("Atlantis",),
        segments=(Segment(name="Iberia", conditions=(Condition(field="country", operator=Operator.IS, value="PT"),)),),
    ),
    first_contact_minutes={Priority.HOT: 5, Priority.WARM: 60, Priority.COLD: 480},
    by_source={"webinar": SourceWindows(accept={Priority.COLD: 2400}, first_contact={Priority.HOT: 10})},
    follow_up_minutes=240,
    attempts=5,
    recycles_at_most=1,
    marketing=MarketingWindows(offer={Priority.HOT: 1, Priority.WARM: 2, Priority.COLD: 3}, answer_reject=60),
    settle_minutes=60,
    ladder=Ladder(remind_percent=40, rungs=(Rung.POOL, Rung.ARBITER)),
    disqualify_reasons=DEFAULT_TERMS.disqualify_reasons[:2],
    win_reasons=DEFAULT_TERMS.win_reasons[:1],
    loss_reasons=(),
)


def again(terms: Terms) -> Terms:
    return terms_from_text(json.dumps(terms_to_json(terms)))


def test_terms_are_read_back_as_they_were_written() -> None:
    assert again(DEFAULT_TERMS) == DEFAULT_TERMS
    assert again(ALL_CHANGED) == ALL_CHANGED


def test_what_was_written_before_there_were_these_terms_still_reads() -> None:
    old = {name: value for name, value in terms_to_json(DEFAULT_TERMS).items() if name not in LATER_TERMS}
    for reason in old["reasons"]:
        del reason["unreached"]
    assert set(old) == {"criteria", "criteria_needed", "accept_minutes", "reasons", "undo_seconds"}
    old["accept_minutes"]["hot"] = 5
    terms = terms_from_text(json.dumps(old))
    assert terms.accept_minutes[Priority.HOT] == 5
    assert replace(terms, accept_minutes=DEFAULT_TERMS.accept_minutes) == DEFAULT_TERMS
