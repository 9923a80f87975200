"""The checklist and the forms of people, teams and channels."""

from __future__ import annotations

import pytest

from bot.domain.person import Role
from bot.domain.set_up import Figures, Step, step_states
from bot.services.forms import Choice
from bot.services.roster import PeopleList
from bot.services.routing_set_up import RuleForm
from bot.services.set_up import SetUp
from bot.services.team_setup import TeamForm, TeamList
from bot.views.blocks import VIEW_BLOCKS
from bot.views.channels_form import channels_form
from bot.views.form_parts import offered
from bot.views.home import render_home
from bot.views.ids import ActionId
from bot.views.menu import render_menu
from bot.views.roster_forms import add_people_form, added_view, people_view, person_form
from bot.views.routing_rules import rule_form
from bot.views.set_up import BUTTONS, set_up_blocks, set_up_view
from bot.views.team_forms import delete_team_form, shares_form, team_form, teams_view
from tests.views import samples
from tests.views import samples_roster as roster
from tests.views.oracle import action_ids, assert_slack_takes, words


def test_the_checklist_says_what_is_done_and_why_the_rest_matters() -> None:
    set_up = roster.make_set_up(rules=0, has_fallback_channel=False, has_lead=False)
    shown = words(samples_home(set_up))
    assert "3 of 6 steps done" in shown
    assert "✅ *People* · 12 people, 8 reps" in shown
    assert "⬜ *Routing* · no rules" in shown
    assert "⬜ *Channels* · marketing, no fallback channel" in shown
    for step in Step:
        assert BUTTONS[step][1] in action_ids({"blocks": set_up_blocks(set_up)})


def test_the_next_step_has_the_button_that_stands_out() -> None:
    blocks = set_up_blocks(roster.make_set_up(members=0, rules=0))
    primary = [one["accessory"]["action_id"] for one in blocks if one.get("accessory", {}).get("style") == "primary"]
    assert primary == [ActionId.SET_UP_TEAMS]


def test_when_all_is_done_one_line_is_left_that_reaches_every_form() -> None:
    (line,) = set_up_blocks(roster.make_set_up())
    assert line["accessory"]["action_id"] == ActionId.SET_UP_OPEN
    assert "12 people, 2 teams, 3 rules, 1 source" in words({"blocks": [line]})
    everything = {action for _, action in BUTTONS.values()} | {ActionId.SET_UP_WHO_WOULD_GET, ActionId.SET_UP_REASONS}
    assert everything <= set(action_ids(set_up_view(roster.make_set_up())))


def test_whom_set_up_does_not_concern_sees_nothing_of_it() -> None:
    assert set_up_blocks(None) == []


def test_who_may_be_the_first_admin_is_offered_it_and_nobody_is_sent_to_an_admin() -> None:
    home = samples.make_home(on_roster=False, set_up=SetUp(offers_first_admin=True))
    for shown in (render_home(home), {"blocks": list(render_menu(home).blocks)}):
        assert action_ids(shown) == [ActionId.SET_UP_FIRST_ADMIN]
        assert "Please ask" not in words(shown)


def test_a_full_home_with_the_checklist_fits() -> None:
    home = samples.full_home(set_up=roster.make_set_up(has_lead=False))
    assert len(render_home(home)["blocks"]) < VIEW_BLOCKS


@pytest.mark.parametrize(
    ("figures", "done"),
    [
        (Figures(), []),
        (Figures(people=3), []),
        (Figures(people=3, reps=1), [Step.PEOPLE]),
        (Figures(teams=1), []),
        (Figures(teams=1, members=1), [Step.TEAMS]),
        (Figures(has_marketing_channel=True), []),
        (Figures(has_fallback_channel=True), [Step.CHANNELS]),
        (Figures(rules=1, sources=1, has_lead=True), [Step.ROUTING, Step.SOURCES, Step.FIRST_LEAD]),
    ],
)
def test_a_step_is_done_when_no_lead_gets_stuck_for_want_of_it(figures: Figures, done: list[Step]) -> None:
    assert [state.step for state in step_states(figures) if state.is_done] == done


@pytest.mark.parametrize("count", [0, 1, 99, 101, 1500])
def test_a_roster_of_any_size_has_a_form(count: int) -> None:
    people = PeopleList(people=tuple(roster.make_person_line(n) for n in range(count)))
    assert_slack_takes(people_view(people))


def test_a_list_of_people_says_who_is_passed_over_and_why() -> None:
    people = (roster.make_person_line(trouble="deactivated in Slack", roles=(Role.REP, Role.ADMIN)),)
    assert "rep, admin · ⚠️ _deactivated in Slack_" in words(people_view(PeopleList(people=people)))


def test_the_form_to_add_people_works_without_groups_and_teams() -> None:
    view = add_people_form(roster.make_add_form(teams=(), groups=None, no_groups="The app lacks a scope."))
    assert_slack_takes(view)
    assert "The app lacks a scope." in words(view)
    assert_slack_takes(add_people_form(roster.make_add_form(groups=())))


def test_everybody_who_was_chosen_is_accounted_for() -> None:
    shown = words(added_view(roster.make_added()))
    assert "*Jonas Brandt* is on the roster now" in shown
    assert "*Inês Carvalho* was there already" in shown
    assert "Leo Marchetti is a guest in Slack." in shown
    assert "who 3 of them are" in shown


def test_a_person_says_what_follows_when_they_are_taken_off() -> None:
    view = person_form(roster.make_person_form())
    assert_slack_takes(view)
    assert "What is offered to them (1) goes to colleagues." in words(view)
    assert "What they own (3) stays theirs" in words(view)
    assert_slack_takes(person_form(roster.make_person_form(teams=(), in_teams=(), weights="", manager=None, cap=None)))


@pytest.mark.parametrize("count", [0, 1, 20, 21, 150, 250])
def test_every_team_can_be_reached(count: int) -> None:
    teams = TeamList(teams=tuple(roster.make_team_line(n) for n in range(count)))
    pages = [teams_view(teams, page) for page in range(max(1, -(-count // 20)))]
    reached = [
        option["value"]
        for page in pages
        for block in page["blocks"]
        for option in block.get("accessory", {}).get("options", [])
        if option["value"].startswith("edit:")
    ]
    assert reached == [f"edit:europe-{n}" for n in range(count)]
    turns = [sum(one.startswith("set_up.page") for one in action_ids(page)) for page in pages]
    assert turns == ([0] if len(pages) == 1 else [1] + [2] * (len(pages) - 2) + [1])
    for page in pages:
        assert_slack_takes(page)


@pytest.mark.parametrize("count", [1, 100, 150, 250])
def test_every_team_and_group_can_be_chosen(count: int) -> None:
    """In the form of a person, of new people, and of a rule."""
    keys = [f"k{n}" for n in range(count)]
    teams = tuple(Choice(value=key, label=f"{'ABCDE'[n % 5]} {n}") for n, key in enumerate(keys))
    one = person_form(roster.make_person_form(teams=teams, in_teams=tuple(keys[:100])))
    some = add_people_form(roster.make_add_form(teams=teams, groups=teams))
    rule = rule_form(RuleForm(people=teams, teams=teams, pools=teams))
    for view, block, offers in (
        (one, "teams", keys),
        (some, "team", keys),
        (some, "group", keys),
        (rule, "to", keys * 3),
    ):
        assert sorted(offered(view, block)) == sorted(offers)
        assert_slack_takes(view)
    chosen = next(block for block in one["blocks"] if block.get("block_id") == "teams")["element"]["initial_options"]
    assert {option["value"] for option in chosen} == set(keys[:100])


def test_of_more_teams_than_a_menu_holds_those_of_the_person_are_there() -> None:
    teams = tuple(Choice(value=f"{n:04}" + "x" * 60, label="T" * 70 + f" {n}") for n in range(2000))
    view = person_form(roster.make_person_form(teams=teams, in_teams=(teams[-1].value,)))
    assert_slack_takes(view)
    assert teams[-1].value in offered(view, "teams")
    assert "more do not fit into the menu" in words(view)


def test_who_is_in_more_teams_than_slack_lets_be_chosen_stays_in_those_that_are_not_shown() -> None:
    teams = tuple(Choice(value=f"k{n}", label=f"Team {n}") for n in range(150))
    view = person_form(roster.make_person_form(teams=teams, in_teams=tuple(team.value for team in teams)))
    assert_slack_takes(view)
    assert offered(view, "teams") == tuple(team.value for team in teams[:100])
    assert "50 more do not fit into the menu" in words(view)


def test_whoever_slacks_menus_cannot_show_can_be_taken_out() -> None:
    many = tuple(Choice(value=f"p{n}", label=f"Kim {n}") for n in range(150))
    both = (Choice(value="manager", label="Anna"), Choice(value="deputy", label="Ines"))
    for view in (
        person_form(roster.make_person_form(hidden=both)),
        team_form(roster.make_team_form(hidden=many)),
        channels_form(roster.make_channels_form(admin=None, hidden_admin="Noor")),
    ):
        assert_slack_takes(view)
        assert offered(view, "take_out")


@pytest.mark.parametrize("count", [1, 90, 300])
def test_any_number_of_shares_fits(count: int) -> None:
    assert_slack_takes(shares_form(roster.make_shares_form(count)))


def test_the_other_forms_are_what_slack_takes() -> None:
    for view in (
        team_form(TeamForm()),
        team_form(roster.make_team_form()),
        delete_team_form(roster.make_team_form()),
        channels_form(roster.make_channels_form()),
        channels_form(roster.make_channels_form(crm_hosts=(), admin=None, fallback_channel=None)),
    ):
        assert_slack_takes(view)


def samples_home(set_up: SetUp) -> dict[str, object]:
    return render_home(samples.make_home(set_up=set_up))
