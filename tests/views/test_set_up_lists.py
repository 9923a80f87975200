"""Routing rules, sources, reasons and the try of a lead, as their windows show them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.agreement import DEFAULT_TERMS
from bot.domain.findings import Area, Finding, Verdict
from bot.domain.matching import FIELDS, Condition, Operator
from bot.domain.qualification import Shortfall
from bot.domain.routing import Target
from bot.errors import NotFound
from bot.services.forms import Choice
from bot.services.reject_reasons import ReasonsList
from bot.services.routing_set_up import RuleForm, RulesList
from bot.services.routing_trial import Trial, TrialForm, TriedRule
from bot.services.sources import SourceRow
from bot.views import reject_reasons, routing_rules, set_up_ref, sources
from bot.views.check import check_view
from bot.views.first_lead import first_lead_view
from bot.views.form_parts import offered
from bot.views.ids import ActionId
from bot.views.routing_trial import trial_view
from bot.views.rule_words import FIELD_WORDS, OPERATOR_WORDS, condition_words
from tests.views import samples, samples_lists
from tests.views.oracle import action_ids, assert_harmless, assert_slack_takes, options_of, words
from tests.views.samples_lists import ADDRESS, HERE, SECRET, rule_row, trial_form


@pytest.mark.parametrize("name", samples_lists.VIEWS)
@settings(max_examples=30)
@given(data=st.data())
def test_hostile_text_does_nothing_and_slack_takes_the_window(name: str, data: st.DataObject) -> None:
    values, render = samples_lists.VIEWS[name]
    shown = render(data.draw(values))
    assert_harmless(shown)
    assert_slack_takes(shown)


@pytest.mark.parametrize("name", samples_lists.WINDOWS)
def test_a_thousand_hostile_values_in_every_text_field_do_nothing(name: str) -> None:
    for text in samples.HOSTILE:
        shown = samples_lists.every_list(text)[name]()
        assert_harmless(shown)
        assert_slack_takes(shown)


def test_every_field_and_operator_has_a_word() -> None:
    assert set(FIELD_WORDS) == set(FIELDS)
    assert set(OPERATOR_WORDS) == set(Operator)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (("country", Operator.ONE_OF, "DE, AT"), "Country is one of DE, AT"),
        (("score", Operator.AT_LEAST, "50"), "Lead score is at least 50"),
        (("fields.employees", Operator.PRESENT, ""), "employees is given"),
        (("title", Operator.MISSING, ""), "Job title is missing"),
        (("", Operator.ANY, ""), "Every lead"),
    ],
)
def test_a_rule_reads_as_a_sentence(condition: tuple[str, Operator, str], said: str) -> None:
    field, operator, value = condition
    assert condition_words(Condition(field=field, operator=operator, value=value)) == said


def rules(count: int) -> RulesList:
    condition = Condition(field="country", operator=Operator.IS, value="DE")
    rows = (rule_row("Germany", n, condition=condition, to="Europe", trouble=None) for n in range(1, count + 1))
    return RulesList(rules=tuple(rows), has_fallback=True)


def test_a_rule_can_go_where_there_is_a_place() -> None:
    shown = routing_rules.rules_view(rules(3))
    menus = [block["accessory"]["options"] for block in shown["blocks"] if "accessory" in block]
    labels = [[option["text"]["text"] for option in menu] for menu in menus]
    assert labels == [
        ["Change…", "Move down", "Delete…"],
        ["Change…", "Move up", "Move down", "Delete…"],
        ["Change…", "Move up", "Delete…"],
    ]
    assert "*1. Germany*\nCountry is DE → team *Europe*, in turn" in words(shown)


@pytest.mark.parametrize(("page", "first", "turns"), [(0, 1, ["on"]), (1, 21, ["back", "on"]), (99, 41, ["back"])])
def test_many_rules_are_paged(page: int, first: int, turns: list[str]) -> None:
    shown = routing_rules.rules_view(rules(45), page)
    assert_slack_takes(shown)
    assert f"*{first}. Germany*" in words(shown)
    assert [one.rpartition(".")[2] for one in action_ids(shown) if one.startswith("set_up.page")] == turns


def test_without_rules_the_list_says_what_to_do() -> None:
    shown = routing_rules.rules_view(RulesList(rules=(), has_fallback=False))
    assert "*No rule yet.*" in words(shown)
    assert "there is no fallback channel" in words(shown)


def test_one_menu_holds_teams_pools_and_more_people_than_a_list_of_slacks() -> None:
    people = tuple(Choice(value=f"rep:{n}", label=f"{chr(65 + n % 26)} {n}") for n in range(250))
    team = (Choice(value="team:t1", label="Europe"),)
    shown = routing_rules.rule_form(RuleForm(people=people, teams=team, pools=team, to="rep:7"))
    assert_slack_takes(shown)
    menu = shown["blocks"][5]["element"]
    assert [group["label"]["text"] for group in menu["option_groups"]][:3] == ["Teams", "Pools", "Reps: A"]
    assert menu["initial_option"]["value"] == "rep:7"


def test_without_anybody_the_form_says_so() -> None:
    shown = routing_rules.rule_form(RuleForm(people=(), teams=(), pools=()))
    assert_slack_takes(shown)
    assert "add people first" in words(shown)


def tried(number: int, **changes: Any) -> TriedRule:
    condition = Condition(field="country", operator=Operator.IS, value="DE")
    row = rule_row("Germany", number, condition=condition, target=Target.TEAM, to="Europe", trouble=None)
    return replace(TriedRule(rule=row, found="", tried=True), **changes)


def answer(*rules: TriedRule, **changes: Any) -> str:
    return words(trial_view(trial_form("CRM"), {}, Trial(rules=rules, **changes)))


def test_the_answer_says_who_and_why_not_the_others() -> None:
    said = answer(
        tried(1, found="US"),
        tried(2),
        tried(3, matched=True, passed_over=("Ines is away",)),
        tried(4, matched=True, chosen=True, passed_over=("Jonas is at their cap",)),
        tried(5, tried=False),
        rep="Priya",
        team="Europe",
    )
    assert "*Priya* would get it, of team Europe." in said
    assert "➖ *1. Germany* does not match: Country is DE, and the lead's is “US”." in said
    assert "*2. Germany* does not match: Country is DE, and the lead has none." in said
    assert "*3. Germany* matches, and nobody is free: Country is DE → team *Europe*, in turn. Ines is away." in said
    assert (
        "✅ *4. Germany* *decides*: Country is DE → team *Europe*, in turn. Passed over: Jonas is at their cap." in said
    )
    assert "1 rule after it was not tried." in said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"team": "Europe"}, "*The pool of Europe* would get it"),
        ({"fallback": True}, "*The fallback channel* would get it"),
        ({}, "*Nobody* would get it"),
        ({"below": (Shortfall(criterion="x", sentence="It has no score."),)}, "•  It has no score."),
        ({"rep": "Priya", "known": "Accepted by Ines"}, "The same person is here already"),
    ],
)
def test_every_end_is_told(changes: dict[str, Any], said: str) -> None:
    assert said in answer(**changes)


def test_of_many_rules_those_that_matter_are_told() -> None:
    rules = [*(tried(n) for n in range(1, 90)), tried(90, matched=True, chosen=True), tried(91, tried=False)]
    shown = trial_view(trial_form("CRM"), {}, Trial(rep="Priya", rules=tuple(rules)))
    assert_slack_takes(shown)
    assert "*90. Germany* *decides*" in words(shown)
    assert "…and 59 more that do not match." in words(shown)


def test_what_was_typed_stays_in_the_form_after_a_try() -> None:
    shown = trial_view(trial_form("CRM"), {"country": "DE", "priority": "hot", "more": "title: CFO"}, Trial())
    values = {
        block["block_id"]: block["element"].get("initial_value") or block["element"].get("initial_option", {})["value"]
        for block in shown["blocks"]
        if block["type"] == "input" and any(name.startswith("initial") for name in block["element"])
    }
    assert values == {"country": "DE", "priority": "hot", "source": "slack", "more": "title: CFO"}


def test_a_secret_stands_in_the_window_that_shows_it_and_in_no_other() -> None:
    for name, show in samples_lists.every_list("CRM").items():
        assert (SECRET in str(show())) == (name == "secret"), name


def test_who_is_on_another_machine_is_told_of_the_address_to_set() -> None:
    row = SourceRow(key="crm", name="CRM", created_at=samples.NOW, secrets=1)
    assert "LOCKSTEP_PUBLIC_URL" in words(sources.example_view(row, HERE))
    assert "LOCKSTEP_PUBLIC_URL" not in words(sources.example_view(row, ADDRESS))
    assert "https://lockstep.example.com/webhooks/leads/crm" in str(sources.example_view(row, ADDRESS))


def test_the_old_secret_is_ended_where_there_is_one() -> None:
    row = SourceRow(key="crm", name="CRM", created_at=samples.NOW, secrets=1)
    assert "End the old secret…" not in options_of(sources.sources_view((row,)), ActionId.SOURCE_MORE)
    two = sources.sources_view((replace(row, secrets=2),))
    assert "End the old secret…" in options_of(two, ActionId.SOURCE_MORE)


def test_a_signed_agreement_is_shown_and_not_changed() -> None:
    shown = reject_reasons.reasons_view(
        ReasonsList(agreement_id="a-3", version=3, is_signed=True, reasons=DEFAULT_TERMS.reasons)
    )
    assert action_ids(shown) == ["agreement.edit"]
    assert "Version 3 of the agreement is signed by both teams" in words(shown)


def test_the_last_reason_cannot_be_retired() -> None:
    shown = reject_reasons.reasons_view(
        ReasonsList(agreement_id="a-0", version=0, is_signed=False, reasons=DEFAULT_TERMS.reasons[:1])
    )
    assert options_of(shown, ActionId.REASON_MORE) == ["Change…"]


@given(thing=st.text(max_size=100), seen=st.text(max_size=16), page=st.integers(0, 10_000))
def test_what_a_window_carries_reads_back(thing: str, seen: str, page: int) -> None:
    ref = set_up_ref.read_ref(set_up_ref.ref_metadata(thing=thing, seen=seen, page=page))
    assert (ref.thing, ref.seen, ref.page) == (thing, seen, page)


@pytest.mark.parametrize(
    "text",
    ["", "x", "[]", '{"thing":1,"seen":"","page":0}', '{"thing":"","seen":"","page":-1}', "[" * 100_000,
     '{"thing":"","seen":"","page":true}', '{"thing":"' + "x" * 101 + '","seen":"","page":0}'],
)  # fmt: skip
def test_what_no_window_of_ours_carries_is_refused(text: str) -> None:
    with pytest.raises(NotFound):
        set_up_ref.read_ref(text)
    assert set_up_ref.page_of(text) == 0


@pytest.mark.parametrize("text", ["", "edit", "edit:", "fly:r1", "edit:" + "x" * 101])
def test_what_no_option_of_ours_says_is_refused(text: str) -> None:
    with pytest.raises(NotFound):
        set_up_ref.read_choice(text, routing_rules.WORDS)


@pytest.mark.parametrize("text", ["rules:x", "rules:-1", "rules:1000000", "people:1", "rules:²"])
def test_a_page_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(NotFound):
        set_up_ref.read_turn(text, ("rules",))


def test_any_number_of_rules_that_match_is_told_within_slacks_limits() -> None:
    long = Condition(field="fields." + "f" * 90, operator=Operator.IS, value="v" * 200)
    many = tuple(
        replace(
            tried(n, matched=True, passed_over=("Somebody with a long name is away",) * 20),
            rule=rule_row("N" * 100, n, condition=long, target=Target.TEAM, to="T" * 100, trouble=None),
        )
        for n in range(1, 301)
    )
    decided = replace(tried(301, matched=True), chosen=True)
    shown = trial_view(
        samples_lists.trial_form("x"), samples_lists.filled("x"), Trial(rep="Jonas", rules=(*many, decided))
    )
    assert_slack_takes(shown)
    assert "…and 240 more that match, and nobody is free." in words(shown)
    assert "*301. Germany* *decides*" in words(shown)


@pytest.mark.parametrize("count", [99, 250])
def test_every_source_can_be_tried(count: int) -> None:
    form = TrialForm(sources=tuple(Choice(value=f"s{n}", label=f"S {n}") for n in range(count)), campaigns=())
    shown = trial_view(form)
    assert_slack_takes(shown)
    assert len(offered(shown, "source")) == count
    menu = next(block for block in shown["blocks"] if block.get("block_id") == "source")["element"]
    assert menu["initial_option"]["value"] == f"s{count - 1}"


def test_of_many_sources_the_first_lead_says_how_many_are_not_shown() -> None:
    rows = tuple(SourceRow(key=f"s{n}", name="S", created_at=samples.NOW, secrets=1) for n in range(25))
    assert "And 5 more" in words(first_lead_view(rows))


def test_of_many_findings_the_check_says_how_many_are_not_shown() -> None:
    shown = check_view([Finding(area=Area.PEOPLE, verdict=Verdict.NOTE, says=f"No {n}.") for n in range(75)])
    assert_slack_takes(shown)
    assert "And 15 more" in words(shown)
