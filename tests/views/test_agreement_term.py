"""Any term of the agreement is one tap away wherever it is used, at the section it is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.domain.agreement_data import Section
from bot.views.agreement_ref import CURRENT, TermRef, read_term_value
from bot.views.at_risk import render_at_risk
from bot.views.disputes import render_case
from bot.views.handoff_card import render_card
from bot.views.ids import ActionId, More, read_more_value
from bot.views.outcome_form import outcome_form
from bot.views.reject_answers import answer_blocks
from bot.views.reject_form import reject_form
from bot.views.reminder import render_accept_reminder
from tests.views.oracle import assert_slack_takes
from tests.views.samples import HANDOFF, OTHER, accepted_card, make_card, make_reject_form
from tests.views.samples_clock import make_at_risk, make_at_risk_row, make_reminder
from tests.views.samples_marketing import make_answer, make_case
from tests.views.samples_outcomes import make_outcome_form


def elements(shown: Any) -> Iterator[dict[str, Any]]:
    for block in shown["blocks"] if isinstance(shown, dict) else shown.blocks:
        yield from block.get("elements", ())
        yield from [block["accessory"]] if "accessory" in block else []


def terms(shown: Any) -> list[TermRef]:
    """Where the buttons to the agreement lead."""
    return [read_term_value(one["value"]) for one in elements(shown) if one.get("action_id") == ActionId.AGREEMENT_TERM]


def more(shown: Any) -> list[More]:
    """What the three dots offer."""
    return [
        read_more_value(option["value"])[0]
        for one in elements(shown)
        if one.get("type") == "overflow"
        for option in one["options"]
    ]


def test_a_card_has_it_before_and_after_accept() -> None:
    assert More.TERMS in more(render_card(make_card()))
    accepted = render_card(accepted_card(is_pool=True))
    assert More.TERMS in more(accepted)
    assert_slack_takes(accepted)
    assert More.TERMS not in more(render_card(make_card(practice=True)))


def test_the_form_to_reject_opens_the_reasons_of_the_version_the_lead_runs_under() -> None:
    for chosen in (None, "bad_timing"):
        assert terms(reject_form(make_reject_form(), chosen=chosen)) == [
            TermRef(agreement_id=OTHER, section=Section.REASONS)
        ]


@pytest.mark.parametrize(
    ("kind", "section"),
    [
        (None, Section.FOLLOW_UP),
        ("attempt", Section.FOLLOW_UP),
        ("disqualified", Section.REASONS),
        ("lost", Section.REASONS),
        ("won", Section.REASONS),
    ],
)
def test_the_form_of_outcomes_opens_what_its_choice_is_about(kind: str | None, section: Section) -> None:
    assert terms(outcome_form(make_outcome_form(), kind=kind)) == [TermRef(agreement_id=OTHER, section=section)]


def test_the_version_in_force_has_a_word_of_its_own() -> None:
    assert read_term_value(f"{CURRENT}.ladder").version_id is None
    assert read_term_value(f"{HANDOFF}.ladder").version_id == HANDOFF


def test_reminders_have_the_windows_and_what_is_at_risk_the_ladder() -> None:
    assert More.TERMS in more(render_accept_reminder(make_reminder()))
    assert More.LADDER in more(render_at_risk(make_at_risk(make_at_risk_row())))


def test_a_reject_to_answer_has_its_window_and_a_dispute_how_it_is_settled() -> None:
    blocks = {"blocks": answer_blocks(make_answer())}
    assert terms(blocks) == [TermRef(agreement_id=CURRENT, section=Section.WINDOWS)]
    assert terms(render_case(make_case())) == [TermRef(agreement_id=CURRENT, section=Section.DISAGREEMENTS)]
