"""What the sections of Home promise: campaigns and rejects for marketers, the numbers of the week for every role."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.services.home_week import Condition, Day, Everybody, Numbers, OfCampaigns, RepNumbers, Week
from bot.views.home import render_home
from bot.views.ids import ActionId
from bot.views.pictures import bar_chart, plainer, table
from tests.views.oracle import action_ids, assert_slack_takes, options_of, words
from tests.views.samples import (
    NOW,
    campaign_list,
    full_home,
    full_week,
    make_campaign,
    make_home,
    make_list,
    make_reject_row,
    needs_list,
    reject_list,
)

SINCE = NOW - timedelta(days=2)


def marketer(**changes: Any) -> dict[str, Any]:
    bare = {"is_rep": False, "needs_you": needs_list(), "mine": make_list(), "week": Week(since=SINCE)}
    return dict(render_home(make_home(**{**bare, **changes})))


def of_type(view: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [block for block in view["blocks"] if block["type"] == kind]


def test_a_campaign_says_what_became_of_its_leads() -> None:
    shown = words(marketer(campaigns=campaign_list(make_campaign()), rejects=reject_list()))
    assert "My campaigns · 1" in shown
    assert "*Forecast webinar*\n14\u00a0handed\u00a0over" in shown
    assert "4\u00a0rejected, most often: Company not a fit" in shown
    assert "Rejected lately" not in shown


def test_a_manager_of_marketing_reads_whose_a_campaign_is_and_which_is_nobodys() -> None:
    rows = campaign_list(make_campaign(owner="Sam Patel"), make_campaign(name="Trade fair", owner=""))
    shown = words(marketer(campaigns=rows, rejects=reject_list()))
    assert "Campaigns · 2" in shown
    assert "*Forecast webinar*, of Sam Patel" in shown
    assert "*Trade fair*, *without an owner*" in shown


def test_a_marketer_without_campaigns_reads_how_one_becomes_theirs() -> None:
    shown = words(marketer(campaigns=campaign_list(), rejects=reject_list()))
    assert "No campaign is yours yet" in shown
    assert "nothing waits for you" in shown


def test_a_reject_says_who_why_and_what_became_of_it_and_opens_its_details() -> None:
    view = marketer(campaigns=campaign_list(), rejects=reject_list(make_reject_row()))
    shown = words(view)
    assert "*Company not a fit*: Size, says Jonas Brandt" in shown
    assert "“Twelve people, no finance team.”" in shown
    assert "Forecast webinar · Back with marketing" in shown
    assert options_of(view, ActionId.HOME_MORE) == ["Details", "Open in CRM", "What was agreed"]


def test_why_leads_were_rejected_stands_as_a_picture_and_as_text() -> None:
    numbers = OfCampaigns(handed_over=9, accepted=3, rejected=5, waiting=1, reasons=(("Low intent", 3), ("Spam", 2)))
    view = marketer(campaigns=campaign_list(), rejects=reject_list(), week=Week(since=SINCE, campaigns=numbers))
    assert "Low intent: 3" in words(view)
    (chart,) = of_type(view, "data_visualization")
    assert [point["value"] for point in chart["chart"]["series"][0]["data"]] == [3, 2]


def test_one_reason_is_a_line_and_no_picture() -> None:
    numbers = OfCampaigns(handed_over=1, accepted=0, rejected=1, waiting=0, reasons=(("Low intent", 1),))
    view = marketer(campaigns=campaign_list(), week=Week(since=SINCE, campaigns=numbers))
    assert "Low intent: 1" in words(view)
    assert not of_type(view, "data_visualization")


def test_a_managers_people_stand_in_a_table_with_their_sum_as_text() -> None:
    reps = (
        RepNumbers(name="Inês Carvalho", numbers=Numbers(offered=4, accepted=3, median_seconds_to_accept=240.0)),
        RepNumbers(name="Jonas Brandt", numbers=Numbers(offered=2, rejected=1)),
    )
    view = marketer(team=make_list(), week=Week(since=SINCE, reps=reps))
    (rows,) = of_type(view, "table")
    assert [[cell["text"] for cell in row] for row in rows["rows"]][1:] == [
        ["Inês Carvalho", "4", "3", "0", "4 min"],
        ["Jonas Brandt", "2", "0", "1", "–"],
    ]
    assert "6 offered" in words(view)


def test_a_long_table_of_people_is_cut_and_their_sum_is_of_all() -> None:
    reps = tuple(RepNumbers(name=f"Rep {number:02}", numbers=Numbers(offered=1)) for number in range(30))
    view = marketer(team=make_list(), week=Week(since=SINCE, reps=reps))
    (rows,) = of_type(view, "table")
    assert len(rows["rows"]) == 1 + 20
    assert "30 offered" in words(view)
    assert "The first 20 of your 30 reps" in words(view)


def test_everybodys_week_is_a_chart_by_day() -> None:
    days = (Day(name="Mon", accepted=4, rejected=1), Day(name="Tue", accepted=2, rejected=0))
    week = Week(since=SINCE, everybody=Everybody(numbers=Numbers(offered=9, accepted=6, rejected=1), days=days))
    (chart,) = of_type(marketer(week=week), "data_visualization")
    assert chart["chart"]["axis_config"]["categories"] == ["Mon", "Tue"]
    assert [one["name"] for one in chart["chart"]["series"]] == ["Accepted", "Rejected"]


def test_the_week_says_since_when_and_as_of_when_it_is() -> None:
    """A Home left open over Sunday night says so itself."""
    week = Week(since=datetime(2026, 10, 4, 22, tzinfo=UTC), own=Numbers())
    assert "Since Monday, 5 October 2026 (Europe/Berlin), as of <!date^" in words(marketer(week=week))


def test_whoever_never_decides_on_a_lead_sees_no_empty_list_of_leads() -> None:
    headings = [
        block["text"]["text"] for block in marketer(campaigns=campaign_list())["blocks"] if "header" in block["type"]
    ]
    assert headings == ["My campaigns"]


def test_an_admin_reads_whether_lockstep_needs_somebody() -> None:
    well = Condition(given_up=0, unsent=0, overdue_s=0, sources=1)
    shown = words(marketer(week=Week(since=SINCE, condition=well)))
    assert "✅ Everything is said" in shown
    assert "1 source may send leads" in shown
    ill = Condition(given_up=1, unsent=7, overdue_s=600, sources=0)
    shown = words(marketer(week=Week(since=SINCE, condition=ill)))
    assert "1 message could not be said and waits for you" in shown
    assert "7 still to be said, the oldest for 10 min" in shown
    assert "No source may send leads" in shown
    assert ActionId.HOME_CHECK in action_ids(marketer(week=Week(since=SINCE, condition=well)))
    assert ActionId.HOME_CHECK not in action_ids(marketer())


def test_a_workspace_that_refuses_pictures_gets_home_without_them() -> None:
    view = render_home(full_home())
    assert len(of_type(view, "data_visualization")) == 2
    simple = plainer(view, "invalid_arguments")
    assert simple is not None
    assert not of_type(simple, "data_visualization")
    assert not of_type(simple, "table")
    assert simple["private_metadata"] == view["private_metadata"]
    assert plainer(view, "not_enabled") is None
    assert plainer(simple, "invalid_arguments") is None


@given(st.lists(st.text(max_size=30), min_size=1, max_size=30))
def test_a_chart_of_any_labels_is_one_slack_takes(labels: list[str]) -> None:
    chart = bar_chart("Leads", labels, {"A": list(range(len(labels)))}, x="x", y="y")
    assert_slack_takes({"type": "home", "blocks": [chart]})


@given(st.lists(st.lists(st.text(max_size=200), min_size=3, max_size=3), max_size=120))
def test_a_table_of_any_words_is_one_slack_takes(rows: list[list[str]]) -> None:
    assert_slack_takes({"type": "home", "blocks": [table(["A", "B", "C"], rows)]})


def test_a_home_with_every_role_stays_far_under_a_hundred_blocks() -> None:
    view = render_home(full_home(week=full_week(), of_all_teams=False))
    assert len(view["blocks"]) <= 85
    assert all(len(str(block.get("text", ""))) < 3000 for block in view["blocks"])
