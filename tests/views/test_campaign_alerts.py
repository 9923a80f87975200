"""What marketers and sales managers see of a campaign alert on its way, within Slack's limits whatever is in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.campaign_alert import AlertState, Asset
from bot.domain.campaign_alert_input import LONGEST_INPUT, MOST_ASSETS, MOST_INPUTS, Expected, write_questions
from bot.errors import NotFound
from bot.services.alert_news import About
from bot.services.campaign_alert_form import CAMPAIGNS
from bot.services.forms import Choice
from bot.views.alert_talk_ids import TalkAction
from bot.views.campaign_alert import asset_line, render_campaign_alert
from bot.views.campaign_alert_form import alert_form, preview_view, withdraw_form
from bot.views.campaign_alert_ids import AlertAction, AlertRef, alert_metadata, read_alert_metadata
from bot.views.campaign_notice import render_alert_notice
from tests.views.oracle import action_ids, assert_slack_takes, block_ids, words
from tests.views.samples_alert_talk import make_alert
from tests.views.samples_campaign_alerts import LEAD_TIME, make_form, make_notice, make_preview

LONG = "x" * LONGEST_INPUT


def test_the_fullest_alert_fits_into_a_message_and_its_forms() -> None:
    assets = tuple(Asset(label=LONG, url=f"https://example.com/{LONG[:2000]}") for _ in range(MOST_ASSETS))
    full = make_alert(
        campaign=LONG, owner=LONG, buyer_sees=LONG, audience=LONG, segment=LONG, offer=LONG, lead_looks_like=LONG,
        questions=tuple(Expected(text=LONG, answer=LONG) for _ in range(50)), assets=assets, withdrawn=LONG,
    )  # fmt: skip
    for state in AlertState:
        shown = replace(full, state=state)
        assert_slack_takes(render_campaign_alert(shown))
        assert_slack_takes(preview_view(make_preview(alert=shown, can_approve=True, missing=("Audience",))))
        for about in About:
            assert_slack_takes(render_alert_notice(make_notice(about=about, alert=shown, sent_back=LONG)))
    texts, left = write_questions([Expected(text="q" * 1400, answer="a" * 1400) for _ in range(50)])
    assert (len(texts), len(left)) == (MOST_INPUTS, 50 - MOST_INPUTS)
    form = make_form(
        campaigns=tuple(Choice(value=f"c{n}", label=f"{n} {LONG}") for n in range(CAMPAIGNS)), questions=tuple(texts),
        buyer_sees=LONG, audience=LONG, segment=LONG, lead_looks_like=LONG, assets=LONG, sent_back=LONG,
        offers=tuple(Choice(value=f"o{n}", label=LONG) for n in range(100)),
    )  # fmt: skip
    assert_slack_takes(alert_form(form))


def test_the_form_asks_for_everything_sales_needs_and_holds_what_was_typed() -> None:
    form = alert_form(make_form())
    assert {
        "campaign", "name", "key", "owner", "start_date", "start_time", "end_date", "end_time", "buyer_sees",
        "audience", "segment", "offer", "new_offer", "channels", "questions.0", "lead_looks_like", "assets", "volume",
        "cost", "currency",
    } == set(block_ids(form))  # fmt: skip
    assert "Times are those of Europe/Berlin" in words(form)
    again = [block["element"].get("initial_value") for block in form["blocks"] if block["type"] == "input"]
    assert {"Join our webinar.", "Q: Is it free?\nA: Yes.", "Page | https://example.com/spring"} <= set(again)


def test_without_agreed_offers_every_offer_is_new() -> None:
    form = alert_form(make_form(offers=(), offer=""))
    assert "offer" not in block_ids(form)
    assert "new_offer" in block_ids(form)


def test_what_may_stay_empty_says_so_and_what_sales_must_know_says_when_it_is_needed() -> None:
    def asked(**changes: Any) -> dict[str, tuple[bool, str]]:
        inputs = [block for block in alert_form(make_form(**changes))["blocks"] if block["type"] == "input"]
        return {
            one["block_id"]: (one.get("optional", False), one["hint"]["text"] if "hint" in one else "")
            for one in inputs
        }  # fmt: skip

    must = ("buyer_sees", "audience", "channels")
    draft = asked(state=AlertState.DRAFT)
    for field in must:
        assert draft[field][0] is True, field
        assert draft[field][1].startswith("Needed before sales is told."), field
    assert draft["offer"] == (True, "This one or a new one below is needed before sales is told.")
    assert draft["start_time"][1] == "Empty: it starts at 09:00."
    assert draft["end_time"][1] == "Empty: it ends at 18:00."
    told = asked(state=AlertState.SCHEDULED)
    assert [told[field][0] for field in must] == [False] * 3, "it is refused without them"
    assert draft["campaign"] == (True, "Or name a new one below: one of the two is needed.")
    assert draft["name"] == (True, "Needed where none is chosen above.")
    assert draft["owner"][0] is False
    first = asked(state=AlertState.DRAFT, campaigns=(), offers=(), offer="")
    assert first["name"][0] is False, "there is none to choose"
    assert first["new_offer"][1].startswith("Needed before sales is told.")
    assert asked(hidden_owner="Ida", owner=None)["owner"][0] is True, "empty keeps the owner the menu cannot show"


def test_a_draft_is_sent_from_its_preview_unless_something_is_missing() -> None:
    draft = make_alert(state=AlertState.DRAFT, talk=None)
    view = preview_view(make_preview(alert=draft, can_propose=True))
    assert view["submit"]["text"] == "Send for approval"
    assert preview_view(make_preview(alert=draft, can_propose=True, needs_approval=False))["submit"]["text"] == (
        "Tell sales"
    )
    lacking = preview_view(make_preview(alert=draft, missing=("Audience", "Sales channels")))
    assert "submit" not in lacking
    assert "fill in: Audience, Sales channels" in words(lacking)


def test_a_preview_of_what_is_not_saved_says_how_it_would_be_lost() -> None:
    """Slack's × closes all windows at once, the form beneath, too."""
    assert "Not saved yet: Close or ‹ goes back to your form; × drops it." in words(
        preview_view(make_preview(is_typed=True))
    )
    assert "Not saved yet" not in words(preview_view(make_preview(can_propose=True))), "Save has stored it"


def test_whoever_approves_reads_that_it_would_be_late() -> None:
    late = replace(LEAD_TIME, late=timedelta(hours=7))
    asked = render_alert_notice(make_notice(lead_time=late))
    assert "told now, sales hears of it 7 h of working time later than the 24 h agreed" in words(asked)
    assert action_ids(asked) == [AlertAction.APPROVE, AlertAction.SEND_BACK, TalkAction.DETAILS], "to read it whole"
    done = render_alert_notice(
        make_notice(alert=make_alert(state=AlertState.SCHEDULED), may_approve=False, approved_by="Anna", lead_time=late)
    )
    assert "Approved by Anna" in words(done)
    assert "Sales heard of it 7 h of working time later than agreed" in words(done)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (39, "39 h of working time later"),
        (40, "5 working days of 8 h later"),
        (119, "14 working days of 8 h later"),
        (120, "3 weeks of 40 working hours later"),
        (14_407, "360 weeks of 40 working hours later"),
    ],
)
def test_a_long_delay_is_said_in_days_or_weeks(hours: int, said: str) -> None:
    late = replace(LEAD_TIME, late=timedelta(hours=hours))
    assert said in words(render_alert_notice(make_notice(lead_time=late)))


def test_whoever_has_an_alert_sent_back_reads_by_whom() -> None:
    draft = make_alert(state=AlertState.DRAFT, talk=None)
    notice = make_notice(about=About.SENT_BACK, alert=draft, sent_back="Say who speaks.", sent_back_by="Anna Keller")
    assert "was sent back to you by Anna Keller" in words(render_alert_notice(notice))
    form = make_form(state=AlertState.DRAFT, sent_back="Say who speaks.", sent_back_by="Anna Keller")
    assert "Sent back to you by Anna Keller" in words(alert_form(form))


def test_the_reminder_of_the_eve_holds_at_every_later_moment() -> None:
    """It stands in the channel under the day before: it says no more that the campaign starts, nor that it has."""

    def read(state: AlertState) -> str:
        return words(render_alert_notice(make_notice(about=About.EVE, alert=make_alert(state=state, talk=None))))

    assert "Reminder: the campaign" in read(AlertState.SCHEDULED)
    assert "*Starts* <!date" in read(AlertState.SCHEDULED)
    for state, stands in ((AlertState.LIVE, "*Live* since <!date"), (AlertState.ENDED, "*Ended* <!date")):
        said = read(state)
        assert "Reminder on the eve of the campaign" in said
        assert stands in said
        assert "has started" not in said
        assert "starts" not in said
    assert "withdrawn" in read(AlertState.WITHDRAWN)


def test_a_message_says_in_a_line_what_was_changed_and_when() -> None:
    assert "changed <!date" in words(render_campaign_alert(make_alert(changed=("starts_at", "offer"))))
    assert ": the start, the offer" in words(render_campaign_alert(make_alert(changed=("starts_at", "offer"))))


def test_one_that_was_withdrawn_says_why_and_nothing_else() -> None:
    said = words(render_campaign_alert(make_alert(state=AlertState.WITHDRAWN, withdrawn="The speaker is ill.")))
    assert "*Withdrawn*: it does not take place." in said
    assert "The speaker is ill." in said
    assert "lane costs" not in said


def test_a_channel_that_was_taken_out_says_so() -> None:
    assert "Not for this channel any more" in words(render_campaign_alert(make_alert(here=False)))


def test_sales_must_be_told_why_only_where_it_knows_of_it() -> None:
    for state, optional in ((AlertState.DRAFT, True), (AlertState.LIVE, None)):
        form = withdraw_form(make_preview(alert=make_alert(state=state)))
        assert form["blocks"][1].get("optional") is optional


@pytest.mark.parametrize(
    ("url", "is_link"),
    [
        ("https://example.com/a", True),
        ("http://example.com", False),
        ("https://a@b.example", False),
        ("no link", False),
    ],
)
def test_a_link_says_where_it_leads(url: str, is_link: bool) -> None:
    line = asset_line(Asset(label="https://bank.example", url=url))
    assert ("<https://example.com/a|Open on example" in line) is is_link
    assert "<https://bank" not in line


@pytest.mark.parametrize("text", ["", "x", "[]", '{"alert": 1}', '{"alert": "a", "version": true, "tz": "UTC"}'])
def test_metadata_that_is_not_ours_is_refused(text: str) -> None:
    with pytest.raises(NotFound):
        read_alert_metadata(text)


def test_metadata_is_read_as_it_was_written() -> None:
    ref = AlertRef(alert_id="a1", version=3, tz="Europe/Berlin", over_preview=True)
    assert read_alert_metadata(alert_metadata(ref)) == ref
