"""What Home promises to a rep, a manager, somebody who is away and a stranger."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings

from bot.services.home_leaks import LeakList
from bot.services.home_rows import PAGE, HomeLists
from bot.services.home_week import Numbers, Week
from bot.views.home import render_home
from bot.views.ids import (
    ActionId,
    More,
    more_value,
    page_value,
    read_handoff_value,
    read_lead_value,
    read_pages,
)
from sandbox.blockkit import interactive_elements
from tests.views.oracle import action_ids, assert_slack_takes, options_of, words
from tests.views.samples import (
    HOSTILE,
    NOW,
    accepted_list,
    full_home,
    hostile_homes,
    make_home,
    make_list,
    make_row,
    make_unrouted,
    mine_row,
    needs_list,
    with_text,
)
from tests.views.samples_clock import make_parked


def headings(view: dict[str, Any]) -> list[str]:
    return [block["text"]["text"] for block in view["blocks"] if block["type"] == "header"]


def elements(view: dict[str, Any], action_id: str) -> list[dict[str, Any]]:
    return [one for _, one in interactive_elements(view["blocks"]) if one["action_id"] == action_id]


def test_home_begins_with_what_needs_a_decision() -> None:
    assert headings(render_home(make_home())) == ["Needs you · 1", "My leads · 1", "This week"]


def test_the_greeting_counts_what_is_parked_and_what_leaks() -> None:
    alone = make_home(
        is_rep=False,
        needs_you=needs_list(),
        mine=make_list(),
        team=make_list(),
        parked=make_parked(),
        leaks=LeakList(rows=(make_row(4),), total=1),
    )
    shown = words(render_home(alone))
    assert "Jonas, 1 lead is parked. 1 accepted lead leaks." in shown
    assert "othing waits for you" not in shown
    assert "1 lead has nobody to decide on it" in shown
    busy = words(render_home(replace(alone, team=make_list(make_row(3)), of_all_teams=False)))
    assert "nothing waits for you; 1 waits with your people. 1 lead is parked. 1 accepted lead leaks." in busy


def test_a_waiting_lead_can_be_decided_on_right_there() -> None:
    view = render_home(make_home(needs_you=needs_list(make_row(7, version=4)), mine=make_list()))
    for action_id in (ActionId.HANDOFF_ACCEPT, ActionId.HANDOFF_REJECT):
        (button,) = elements(view, action_id)
        ref = read_handoff_value(button["value"])
        assert (ref.handoff_id[-1], ref.version) == ("7", 4)
    assert options_of(view, ActionId.HOME_MORE) == ["Details", "Open in CRM", "What was agreed"]


def test_a_lead_in_a_pool_says_that_the_first_to_accept_gets_it() -> None:
    row = make_row(1, name="D. W.", pool_name="the pool of Europe")
    shown = words(render_home(make_home(needs_you=needs_list(row))))
    assert "In the pool of Europe: the first to accept gets it" in shown


def test_my_leads_can_be_called_mailed_and_released_but_not_decided_on() -> None:
    view = render_home(make_home(needs_you=needs_list(), mine=make_list(mine_row(2))))
    assert "<tel:+4930901820|" in words(view)
    assert "<mailto:dana@northwind.example|" in words(view)
    assert options_of(view, ActionId.HOME_MORE) == ["Details", "Open in CRM", "Release", "What was agreed"]
    assert not {ActionId.HANDOFF_ACCEPT, ActionId.HANDOFF_REJECT, ActionId.HANDOFF_UNDO} & set(action_ids(view))


def test_undo_stands_at_the_lead_it_undoes() -> None:
    mine = make_list(mine_row(2), mine_row(3, can_undo=True))
    (undo,) = elements(render_home(make_home(mine=mine)), ActionId.HANDOFF_UNDO)
    assert read_handoff_value(undo["value"]).handoff_id.endswith("3")


def test_a_manager_sees_the_teams_waiting_leads_with_whom_they_are() -> None:
    team = make_list(make_row(3, offered_to="Inês Carvalho"), make_row(4, pool_name="the fallback pool"))
    view = render_home(make_home(needs_you=needs_list(), mine=make_list(), team=team))
    assert "With Inês Carvalho" in words(view)
    assert "In the fallback pool" in words(view)
    options = elements(view, ActionId.HOME_MORE)[0]["options"]
    assert [one["text"]["text"] for one in options] == [
        "Details",
        "Open in CRM",
        "Reassign",
        "Withdraw",
        "What was agreed",
    ]
    assert options[2]["value"] == more_value(More.REASSIGN, team.rows[0].handoff_id)


def test_a_manager_reassigns_accepted_leads_and_reads_who_is_not_there() -> None:
    accepted = accepted_list(
        make_row(3, owner="Inês Carvalho", absence="deactivated in Slack"),
        make_row(4, owner="Jonas Brandt"),
        left_behind=1,
    )
    view = render_home(make_home(needs_you=needs_list(), mine=make_list(), team=make_list(), accepted=accepted))
    assert "1 is with somebody who is not there." in words(view)
    assert "With Inês Carvalho, *deactivated in Slack*, accepted" in words(view)
    assert "With Jonas Brandt, accepted" in words(view)
    options = elements(view, ActionId.HOME_MORE)[0]["options"]
    assert [one["text"]["text"] for one in options] == [
        "Details",
        "Open in CRM",
        "Log outcome",
        "Reassign",
        "What was agreed",
    ]


def test_a_manager_assigns_leads_that_have_nowhere_to_go_among_what_needs_them() -> None:
    needs = needs_list(make_unrouted(5), make_row(6))
    view = render_home(make_home(is_rep=False, needs_you=needs, mine=make_list(), team=make_list()))
    assert headings(view)[:2] == ["Needs you · 2", "Waiting in sales"]
    assert "Nowhere to go" in words(view)
    (assign,) = elements(view, ActionId.LEAD_ASSIGN)
    assert read_lead_value(assign["value"]).endswith("5")


def test_a_manager_with_people_of_their_own_sees_theirs_first_and_all_on_request() -> None:
    home = make_home(is_rep=False, needs_you=needs_list(), mine=make_list(), team=make_list(make_row(3)))
    own = render_home(replace(home, of_all_teams=False))
    assert "Waiting with my people · 1" in headings(own)
    (switch,) = elements(own, ActionId.HOME_PAGE_ON)
    assert (switch["text"]["text"], switch["value"]) == ("All teams", page_value(HomeLists.EVERYBODY, 1))
    every = render_home(replace(home, of_all_teams=True))
    assert "Waiting in all teams · 1" in headings(every)
    (back,) = elements(every, ActionId.HOME_PAGE_BACK)
    assert (back["text"]["text"], back["value"]) == ("Only my people", page_value(HomeLists.EVERYBODY, 0))
    assert read_pages(every["private_metadata"])[HomeLists.EVERYBODY] == 1
    assert not elements(render_home(home), ActionId.HOME_PAGE_ON)


def test_a_managers_greeting_counts_what_waits_below_it() -> None:
    team = make_list(make_row(3), total=12)
    home = make_home(first_name="Anna", is_rep=False, needs_you=needs_list(), mine=make_list(), team=team)
    assert "*Anna, nothing waits for you; 12 wait in sales.*" in words(render_home(home))
    assert "1 waits with your people" in words(
        render_home(replace(home, of_all_teams=False, team=make_list(make_row(3))))
    )


def test_a_rep_does_not_see_the_teams_leads() -> None:
    assert not [heading for heading in headings(render_home(make_home())) if heading.startswith("Waiting")]


def test_a_manager_who_takes_no_leads_sees_no_empty_list_of_their_own_leads() -> None:
    home = make_home(is_rep=False, needs_you=needs_list(), mine=make_list(), team=make_list())
    assert headings(render_home(home))[:2] == ["Needs you", "Waiting in sales"]


def test_empty_lists_say_what_will_stand_there() -> None:
    shown = words(render_home(make_home(needs_you=needs_list(), mine=make_list(), team=make_list())))
    assert "nothing waits for you" in shown
    assert "New leads stand here" in shown
    assert "What you accept stands here" in shown
    assert "Every lead has been decided on" in shown


def test_whoever_is_there_can_say_that_they_are_away() -> None:
    view = render_home(make_home())
    assert "I am away…" in options_of(view, ActionId.HOME_MENU)
    assert ActionId.HOME_BACK not in action_ids(view)


def test_whoever_is_away_reads_until_when_and_can_come_back() -> None:
    back = NOW + timedelta(days=2)
    view = render_home(make_home(is_away=True, away_until=back))
    assert f"<!date^{int(back.timestamp())}^" in words(view)
    assert ActionId.HOME_BACK in action_ids(view)
    assert "I am away…" not in options_of(view, ActionId.HOME_MENU)
    assert "until you say you are back" in words(render_home(make_home(is_away=True)))


def test_a_stranger_reads_whom_to_ask_and_finds_nothing_to_press() -> None:
    view = render_home(make_home(on_roster=False, whom_to_ask="Please ask Sofia Lind to add you."))
    assert "not on my roster yet" in words(view)
    assert "Please ask Sofia Lind to add you." in words(view)
    assert "ask your Lockstep admin" in words(render_home(make_home(on_roster=False)))
    assert action_ids(view) == []
    assert "Northwind" not in words(view)


def test_a_guest_reads_that_guests_cannot_act() -> None:
    view = render_home(make_home(on_roster=False, is_guest=True, whom_to_ask="Please ask Sofia Lind to add you."))
    assert "Guests, and people from outside this workspace, cannot use Lockstep" in words(view)
    assert "roster" not in words(view)
    assert action_ids(view) == []


def test_this_weeks_numbers_are_my_own() -> None:
    shown = words(render_home(make_home()))
    assert "Offered to you\n*5*" in shown
    assert "Accepted\n*3*" in shown
    assert "Rejected\n*1*" in shown
    assert "Median time to accept\n*2 min*" in shown
    none = Week(since=NOW, own=Numbers())
    assert "Median time to accept\n*–*" in words(render_home(make_home(week=none)))


def test_one_page_has_no_paging() -> None:
    ids = action_ids(render_home(make_home()))
    assert not {ActionId.HOME_PAGE_BACK, ActionId.HOME_PAGE_ON} & set(ids)


def test_pages_turn_one_list_each_and_say_what_they_show() -> None:
    view = render_home(full_home())
    middle = f"{PAGE + 1} to {2 * PAGE} of {3 * PAGE}"
    assert headings(view)[:6] == [
        f"Needs you · {middle}",
        f"My leads · {middle}",
        f"Campaigns · {middle}",
        f"Rejected lately · {middle}",
        f"Waiting in sales · {middle}",
        "Accepted in sales",
    ]
    lists = [which for which in HomeLists if which in full_home().pages()]
    assert [one["value"] for one in elements(view, ActionId.HOME_PAGE_BACK)] == [page_value(one, 0) for one in lists]
    assert [one["value"] for one in elements(view, ActionId.HOME_PAGE_ON)] == [page_value(one, 2) for one in lists]


def test_first_and_last_page_turn_one_way_only() -> None:
    rows = [make_row(number) for number in range(PAGE)]
    first = render_home(make_home(needs_you=needs_list(*rows, total=2 * PAGE, page=0)))
    last = render_home(make_home(needs_you=needs_list(*rows, total=2 * PAGE, page=1)))
    assert ActionId.HOME_PAGE_BACK not in action_ids(first)
    assert ActionId.HOME_PAGE_ON in action_ids(first)
    assert ActionId.HOME_PAGE_BACK in action_ids(last)
    assert ActionId.HOME_PAGE_ON not in action_ids(last)


def test_the_view_carries_the_pages_it_shows() -> None:
    assert read_pages(render_home(full_home())["private_metadata"])[HomeLists.MINE] == 1


def test_the_longest_home_stays_within_slacks_limits() -> None:
    longest = max(HOSTILE, key=len)
    for text in ("x", "🔥" * 400, "&" * 5000, longest):
        view = render_home(with_text(full_home(), text))
        assert_slack_takes(view)
        assert len(view["blocks"]) <= 100
        assert len(json.dumps(view).encode()) <= 250_000


@settings(max_examples=50)
@given(home=hostile_homes())
def test_no_home_is_above_slacks_limits(home: Any) -> None:
    view = render_home(home)
    assert len(view["blocks"]) <= 100
    assert len(json.dumps(view).encode()) <= 250_000
    assert_slack_takes(view)
