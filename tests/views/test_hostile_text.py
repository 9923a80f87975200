"""P7: no text that is not ours pings, links, formats or breaks anything, in any field of any view."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.errors import AlreadyDecided, NotAllowed
from bot.services.cards import CardState
from bot.services.notices import Alert
from bot.views.at_risk import render_at_risk
from bot.views.away_form import away_form
from bot.views.brief import brief_page, render_brief
from bot.views.check import check_view
from bot.views.details import details_view
from bot.views.flood_summary import render_summary
from bot.views.handoff_card import render_card
from bot.views.handoff_forms import reassign_form, release_form, withdraw_form
from bot.views.home import render_home
from bot.views.hours_form import hours_form
from bot.views.menu import render_help, render_menu, render_unknown_word
from bot.views.notices import render_alert, render_reject_notice, render_touch_notice
from bot.views.practice import render_welcome
from bot.views.reassign_all_form import reassign_all_form
from bot.views.reject_form import reject_form
from bot.views.reminder import render_accept_reminder
from bot.views.replies import message_view, refusal_view, render_refusal, render_reply
from bot.views.settings_form import settings_form
from bot.views.snooze_form import snooze_form
from tests.views import (
    samples,
    samples_agreement,
    samples_alert_talk,
    samples_campaign_alerts,
    samples_check,
    samples_clock,
    samples_digests,
    samples_marketing,
    samples_note_answers,
    samples_notes,
    samples_outcomes,
    samples_people,
    samples_roster,
    samples_schedules,
    samples_search,
)
from tests.views.oracle import Shown, assert_harmless, assert_slack_takes, words

EXAMPLES = settings.default.max_examples if settings.default.max_examples >= 1000 else 50
FIFTY = settings(max_examples=EXAMPLES)
"""`python -m bench hostile_text` tries a thousand."""

VIEWS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], Shown]]] = {
    "card": (samples.hostile_cards(), render_card),
    "details": (samples.hostile_details, details_view),
    "reassign": (samples.hostile_reassign_forms, reassign_form),
    "withdraw": (samples.hostile_note_forms, withdraw_form),
    "release": (samples.hostile_note_forms, release_form),
    "home": (samples.hostile_homes(), render_home),
    "menu": (samples.hostile_homes(), render_menu),
    "help": (samples.hostile_homes(), render_help),
    "reject notice": (samples.hostile_reject_notices(), render_reject_notice),
    "touch notice": (samples.hostile_touch_notices(), render_touch_notice),
    "alert": (samples.hostile_alerts, render_alert),
    "flood summary": (samples.hostile_summaries, render_summary),
    "brief": (samples.hostile_briefs, render_brief),
    "all of a brief": (samples.hostile_brief_pages, brief_page),
    "settings": (samples.hostile_settings_forms, settings_form),
    "practice card": (samples_people.hostile_practice_cards, render_card),
    **samples_outcomes.VIEWS,
    **samples_agreement.VIEWS,
    **samples_roster.VIEWS,
    **samples_marketing.VIEWS,
    **samples_search.VIEWS,
    **samples_alert_talk.VIEWS,
    **samples_campaign_alerts.VIEWS,
    **samples_note_answers.VIEWS,
    **samples_notes.VIEWS,
    **samples_digests.VIEWS,
    **samples_schedules.VIEWS,
    "welcome": (samples_people.hostile_welcomes, render_welcome),
    "reassign all": (samples_people.hostile_reassign_all_forms, reassign_all_form),
    "away": (samples_people.hostile_away_forms, away_form),
    "home of who manages": (
        st.builds(
            samples.make_home,
            people=samples_people.hostile_people,
            stands_in_for=samples_people.hostile_stands_in,
            of_all_teams=st.none() | st.booleans(),
            may_practise=st.booleans(),
        ),
        render_home,
    ),
    "check": (samples_check.hostile_findings, check_view),
    "card with a due time": (
        st.builds(samples.make_card, due=samples_clock.hostile_dues, can_snooze=st.booleans(), is_pool=st.booleans()),
        render_card,
    ),
    "details of what took how long": (
        st.builds(samples.make_details, card=st.builds(samples.accepted_card, took=samples_clock.hostile_took)),
        details_view,
    ),
    "hours": (samples_clock.hostile_hours_forms, hours_form),
    "snooze": (samples_clock.hostile_snooze_forms, snooze_form),
    "home by the clock": (
        st.builds(
            samples.make_home,
            parked=samples_clock.hostile_parked,
            at_risk=st.integers(0, 3),
            hours=samples.hostile,
            needs_you=st.builds(
                lambda due: samples.needs_list(samples.make_row(1, due=due)), due=samples_clock.hostile_dues
            ),
        ),
        render_home,
    ),
    "reminder": (samples_clock.hostile_reminders, render_accept_reminder),
    "at risk": (samples_clock.hostile_at_risk, render_at_risk),
    "unknown word": (samples.hostile, render_unknown_word),
    "reply": (samples.hostile, render_reply),
    "window": (samples.hostile, message_view),
    "refusal": (samples.hostile, lambda text: render_refusal(NotAllowed(text))),
    "late click": (
        samples.hostile,
        lambda text: refusal_view(AlreadyDecided(text, status="accepted", by=text, at=samples.NOW)),
    ),
}


@pytest.mark.parametrize("name", VIEWS)
@FIFTY
@given(data=st.data())
def test_hostile_text_does_nothing_and_slack_takes_the_view(name: str, data: st.DataObject) -> None:
    values, render = VIEWS[name]
    shown = render(data.draw(values))
    assert_harmless(shown)
    assert_slack_takes(shown)


@settings(max_examples=100)
@given(
    form=samples.hostile_reject_forms(),
    code=st.sampled_from([None, "unknown", *samples.CODES]),
)
def test_a_reject_form_takes_hostile_text_whatever_is_chosen(form: Any, code: str | None) -> None:
    view = reject_form(form, chosen=code)
    assert_harmless(view)
    assert_slack_takes(view)


@FIFTY
@given(card=samples.hostile_cards())
def test_no_text_of_a_lead_adds_a_line_to_a_card(card: Any) -> None:
    """Each line of ours begins as we wrote it: a line break in a value would let it imitate one."""
    for line in words(render_card(card)).split("\n"):
        assert not line.startswith("*Accepted by Jonas Brandt*")


def test_a_forged_line_is_shown_as_the_text_it_is() -> None:
    lead = samples.make_lead(summary="Please call.\n*Accepted by Jonas Brandt* <!channel>")
    shown = words(render_card(samples.make_card(lead=lead)))
    assert "Please call. ∗Accepted by Jonas Brandt∗ &lt;!channel&gt;" in shown


# Values of one kind take turns: each field of the kind sees the thousand values.
EVERY_FIELD: dict[str, tuple[Callable[[Any], Shown], list[Any]]] = {
    "card": (
        render_card,
        [
            samples.make_card(is_pool=True, pool_name="x", came_back=1),
            samples.make_card(is_mirror=True),
            samples.accepted_card(lead=samples.make_lead(phone_e164=None), standing=samples_outcomes.won()),
            *(samples.ended_card(state) for state in CardState if state not in (CardState.OFFERED, CardState.ACCEPTED)),
            samples.ended_card(CardState.WITHDRAWN, reassigned="x"),
            samples.ended_card(CardState.TRANSFERRED, reassigned="x"),
            samples_people.practice_card(),
        ],
    ),
    "details": (details_view, [samples.make_details()]),
    "reject form": (
        lambda both: reject_form(both[0], chosen=samples.CODES[len(both[1]) % len(samples.CODES)]),
        [(samples.make_reject_form(), "")],
    ),
    "reassign form": (reassign_form, [samples.make_reassign_form()]),
    "note form": (withdraw_form, [samples.make_note_form()]),
    "Home": (
        render_home,
        [
            samples.make_home(team=samples.make_list(samples.make_row(3, offered_to="x"))),
            samples.make_home(on_roster=False),
            samples.make_home(
                people=samples_people.full_people(),
                stands_in_for=(samples_people.make_stands_in(),),
                of_all_teams=False,
            ),
        ],
    ),
    "reject notice": (render_reject_notice, [samples.make_reject_notice()]),
    "touch notice": (
        render_touch_notice,
        [samples.make_touch_notice()],
    ),
    "welcome": (render_welcome, [samples_people.make_welcome()]),
    "reassign all": (reassign_all_form, [samples_people.make_reassign_all_form()]),
    "away": (away_form, [samples_people.make_away_form()]),
    "alert": (render_alert, [Alert(title="x", text="x")]),
    "brief": (render_brief, [samples.make_brief(refused_by="x"), samples.shared_brief()]),
    "all of a brief": (brief_page, [samples.make_brief_page()]),
    "settings": (lambda form: settings_form(form, form.tz), [samples.make_settings_form()]),
}


@pytest.mark.parametrize("name", EVERY_FIELD)
def test_a_thousand_hostile_values_in_every_text_field_do_nothing(name: str) -> None:
    render, values = EVERY_FIELD[name]
    for text, value in zip(samples.HOSTILE, cycle(values), strict=False):
        shown = render(samples.with_text(value, text))
        assert_harmless(shown)
        assert_slack_takes(shown)


def _examples_of(values: st.SearchStrategy[Any]) -> list[Any]:
    """Ten values, the same at every run."""
    found: list[Any] = []

    @settings(max_examples=10, derandomize=True, database=None, phases=[Phase.generate])
    @given(value=values)
    def collect(value: Any) -> None:
        found.append(value)

    collect()
    return found


# Of people, teams and channels in forms: ids, keys and marks, which no stranger writes.
IDS = {
    "seen", "key", "members", "pool_channel", "mirror_channel", "manager", "deputy", "in_teams", "shares",
    "fallback_channel", "marketing_channel", "admin",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(VIEWS) - set(EVERY_FIELD)))
def test_a_thousand_hostile_values_do_nothing_in_any_other_view_either(name: str) -> None:
    strategy, render = VIEWS[name]
    ids = set(IDS) if name in {*samples_roster.VIEWS, "hours"} else set()
    ids |= samples_agreement.IDS if name in samples_agreement.VIEWS else set()
    ids |= samples_alert_talk.IDS if name in samples_alert_talk.VIEWS else set()
    ids |= samples_digests.IDS if name in samples_digests.VIEWS else set()
    ids |= samples_schedules.IDS if name in samples_schedules.VIEWS else set()
    ids |= samples_campaign_alerts.IDS if name in samples_campaign_alerts.VIEWS else set()
    ids |= samples_notes.IDS if name in samples_notes.VIEWS else set()
    ids |= samples_note_answers.IDS if name in samples_note_answers.VIEWS else set()
    ids |= samples_search.IDS if name in samples_search.VIEWS else set()
    for text, value in zip(samples.HOSTILE, cycle(_examples_of(strategy)), strict=False):
        shown = render(samples.with_text(value, text, ids))
        assert_harmless(shown)
        assert_slack_takes(shown)
