"""What people are told beside the cards."""

from __future__ import annotations

from bot.domain.lead import Priority
from bot.services.notices import Alert
from bot.views.ids import ActionId
from bot.views.notices import render_alert, render_reject_notice, render_touch_notice
from tests.views.oracle import action_ids, assert_slack_takes, words
from tests.views.samples import NOW, OWNER, make_reject_notice, make_touch_notice


def test_a_reject_notice_says_who_what_why_when_and_where_the_lead_is_now() -> None:
    notice = render_reject_notice(make_reject_notice())
    shown = words(notice)
    for part in (
        "*Dana Whitfield*, Northwind Freight was rejected by Jonas Brandt",
        "*Real, but later (15 January 2027)*",
        "After their budget",
        "Campaign Spring webinar",
        f"Rejected <!date^{int(NOW.timestamp())}^",
        "*Now:* Recycled until 15 January 2027.",
        "Lead score *82*",
    ):
        assert part in shown
    assert notice.text == (
        "Dana Whitfield, Northwind Freight was rejected by Jonas Brandt: Real, but later (15 January 2027)"
    )
    assert_slack_takes(notice)


def test_a_reject_notice_says_whether_it_counts_against_marketing() -> None:
    assert "Counts in the reject rate" in words(render_reject_notice(make_reject_notice()))
    spared = words(render_reject_notice(make_reject_notice(counts_against_marketing=False)))
    assert "Does not count against marketing" in spared
    assert "Counts in the reject rate" not in spared


def test_a_reject_notice_mentions_the_owner_in_a_channel_only() -> None:
    assert f"<@{OWNER}>" in words(render_reject_notice(make_reject_notice()))
    assert "<@" not in words(render_reject_notice(make_reject_notice(to_owner_slack_id=None)))


def test_a_reject_notice_without_campaign_says_which_system_sent_the_lead() -> None:
    assert "From hubspot" in words(render_reject_notice(make_reject_notice(campaign=None)))


def test_a_notice_decides_nothing() -> None:
    for notice in (render_reject_notice(make_reject_notice()), render_touch_notice(make_touch_notice())):
        assert action_ids(notice) == [ActionId.OPEN_CRM]
    for bare in (
        render_reject_notice(make_reject_notice(crm_url=None)),
        render_touch_notice(make_touch_notice(crm_url=None)),
    ):
        assert action_ids(bare) == []


def test_a_touch_notice_says_how_the_lead_came_back_and_that_it_is_hotter() -> None:
    notice = render_touch_notice(make_touch_notice())
    shown = words(notice)
    assert notice.text == "Dana Whitfield, Northwind Freight came back"
    assert "Website" in shown
    assert "Opened the pricing page twice" in shown
    assert "It was warm and is now *🔴 Hot*." in shown
    assert "<tel:+4930901820|" in shown
    assert_slack_takes(notice)


def test_a_touch_that_is_not_hotter_says_nothing_of_it() -> None:
    shown = words(render_touch_notice(make_touch_notice(raised_from=None, priority=Priority.WARM)))
    assert "It was" not in shown


def test_an_alert_says_what_and_what_to_do() -> None:
    notice = render_alert(Alert(title="I am not in a channel", text="Invite me to it.\nThen it goes on."))
    assert notice.text == "Lockstep needs you: I am not in a channel"
    assert "*I am not in a channel*\nInvite me to it.\nThen it goes on." in words(notice)
    assert_slack_takes(notice)
