"""The brief and Settings, as their readers see them."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from bot.domain.budget import OF_SUBJECT, TABLE, How, Kind
from bot.domain.post import Subject
from bot.services.brief_content import PAGE, BriefSection
from bot.views import ids
from bot.views.brief import brief_page, render_brief
from bot.views.settings_form import KIND_BLOCKS, settings_form
from tests.views.oracle import action_ids, assert_slack_takes, block_ids, options_of, words
from tests.views.samples import (
    make_brief,
    make_brief_line,
    make_brief_page,
    make_settings_form,
    shared_brief,
)  # fmt: skip


def one_of(kind: Kind, count: int = 1, **changes: object) -> tuple[BriefSection, ...]:
    return (BriefSection(kind=kind, count=count, lines=(make_brief_line(**changes),)),)


def test_a_brief_greets_names_what_happened_and_says_what_waits() -> None:
    message = render_brief(make_brief(sections=one_of(Kind.OTHER_REJECT, 24)))
    shown = words(message)
    assert message.text == "Your brief: Other rejects, and leads withdrawn 24"
    for part in (
        "*Good morning, Jonas.* Your brief of 6 October 2026",
        "*Other rejects, and leads withdrawn* · 24",
        "*Dana Whitfield*, Northwind Freight: Good lead, wrong owner (Inês Carvalho)",
        "Offered to Inês Carvalho",
        "and 23 more",
        "2 leads for your decision",
        "5 leads in all teams",
        "1 lead that nobody could be offered",
        "Show all 24",
    ):
        assert part in shown
    assert_slack_takes(message)


def test_a_parked_lead_is_in_every_brief_of_a_manager_until_it_is_assigned() -> None:
    assert "1 lead parked, to be assigned" in words(render_brief(make_brief(parked=1)))
    assert "parked" not in words(render_brief(make_brief(parked=0)))


def test_who_did_it_is_said_where_there_is_room() -> None:
    line = ", by Jonas Brandt"
    assert line not in words(render_brief(make_brief(sections=one_of(Kind.REJECT))))
    assert line in words(brief_page(make_brief_page(sections=one_of(Kind.REJECT))))


def test_a_brief_that_shows_everything_has_no_more_to_show() -> None:
    message = render_brief(make_brief(sections=one_of(Kind.CAME_BACK), waiting=0, team_waiting=None, unrouted=None))
    assert action_ids(message) == ["home.settings"]
    assert "Waiting" not in words(message)


@pytest.mark.parametrize("kind", [kind for kind, rule in TABLE.items() if How.BRIEF in rule.choices])
def test_every_kind_of_a_brief_has_a_title_and_a_line(kind: Kind) -> None:
    shown = words(render_brief(make_brief(sections=one_of(kind, title="A title", text="A text"))))
    assert TABLE[kind].label in shown
    assert ("Dana Whitfield" in shown) != (kind is Kind.UPKEEP)


def test_in_a_channel_there_are_companies_and_counts_and_no_settings() -> None:
    message = render_brief(shared_brief())
    assert "Northwind Freight, Ateliers Marchand" in words(message)
    assert action_ids(message) == ["brief.all"]
    assert "Good morning" not in words(message)


def test_a_page_of_everything_says_where_one_is_and_turns_both_ways() -> None:
    view = brief_page(make_brief_page())
    assert action_ids(view) == ["brief.page.back", "brief.page.on"]
    assert f"{PAGE + 1} to {PAGE + 4} of {3 * PAGE}" in words(view)
    assert view["title"]["text"] == "Brief of 6 Oct"
    assert action_ids(brief_page(make_brief_page(page=0))) == ["brief.page.on"]
    assert action_ids(brief_page(make_brief_page(page=2))) == ["brief.page.back"]
    value = next(one["value"] for block in view["blocks"] for one in block.get("elements", ()) if "value" in one)
    assert ids.read_brief_page_value(value)[1] == 0


def test_settings_show_what_was_chosen_and_ask_only_what_may_be_told() -> None:
    view = settings_form(make_settings_form())
    told = [
        "told_reject", "told_hotter", "told_milestone", "told_note_answered", "told_campaign", "told_question",
    ]  # fmt: skip
    assert block_ids(view) == ["brief_at", "brief_place", "brief_channel", *told, "in_brief"]
    assert options_of(view, "answer")[0] == "When my day starts (09:00)"
    assert view["blocks"][1]["element"]["initial_option"]["value"] == "07:10"
    assert_slack_takes(view)
    rep = settings_form(make_settings_form(kinds={Kind.HOTTER: How.LIVE, Kind.MERGED: How.MUTED}, brief_at=None))
    assert block_ids(rep) == ["brief_at", "brief_place", "brief_channel", "told_hotter", "in_brief"]
    assert "initial_options" not in rep["blocks"][-3]["element"], "muted"
    bare = settings_form(make_settings_form(kinds={}))
    assert block_ids(bare) == ["brief_at", "brief_place", "brief_channel"]


def test_settings_say_what_came_of_send_me_my_brief_now() -> None:
    assert "3 things wait for your next brief." in words(settings_form(make_settings_form()))
    said = words(settings_form(replace(make_settings_form(), waiting=0), "It is on its way."))
    assert "*It is on its way.*" in said


def test_any_hour_can_be_shown_as_the_chosen_one() -> None:
    for at in (time(0), time(23, 59), None):
        assert_slack_takes(settings_form(make_settings_form(brief_at=at)))


def test_kinds_with_three_choices_have_a_menu_and_the_others_a_box() -> None:
    three = {kind for kind, rule in TABLE.items() if len(rule.choices) == 3}
    assert set(KIND_BLOCKS) == three
    assert {block.value for block in KIND_BLOCKS.values()} == {f"told_{kind.value}" for kind in three}


def test_every_kind_is_in_the_budget_and_every_subject_has_a_kind() -> None:
    assert set(TABLE) == set(Kind)
    assert all(rule.default in rule.choices for rule in TABLE.values())
    assert set(OF_SUBJECT) == set(Subject)
    chosen = {kind for kind, rule in TABLE.items() if How.BRIEF in rule.choices}
    # A lead whose clock cannot run is an escalation that can wait for the morning, as a review of the agreement can.
    assert set(OF_SUBJECT[Subject.BRIEF]) == chosen | {Kind.ESCALATION, Kind.AGREEMENT}
