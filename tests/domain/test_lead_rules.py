from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.agreement import DEFAULT_TERMS, criteria_met, is_mql
from bot.domain.lead import MOVES, Lead, Priority, Stage, may_move, normalise_email
from bot.domain.matching import Condition, Operator, matches, value_of
from bot.domain.reasons import FollowUp, Then

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def lead(**values: object) -> Lead:
    return Lead(id="l1", source="crm", external_id="1", created_at=NOW, updated_at=NOW, **values)  # type: ignore[arg-type]


def met(field: str, operator: Operator, value: str, **values: object) -> bool:
    return matches(Condition(field=field, operator=operator, value=value), lead(**values))


@pytest.mark.parametrize(
    ("address", "normal"),
    [
        ("Maria.Lopez@Example.COM", "maria.lopez@example.com"),
        ("  maria@example.com ", "maria@example.com"),
        ("ｍaria@example.com", "maria@example.com"),
        ("maria+demo@example.com", "maria+demo@example.com"),
        ("info@bücher.example", "info@xn--bcher-kva.example"),
        ("", None),
        (None, None),
        ("maria", None),
        ("@example.com", None),
        ("a@b@example.com", None),
    ],
)
def test_addresses_of_one_person_are_equal_once_normalised(address: str | None, normal: str | None) -> None:
    assert normalise_email(address) == normal


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing_more(address: str) -> None:
    once = normalise_email(address)
    assert once is None or normalise_email(once) == once


def test_every_stage_has_its_moves_and_none_moves_to_itself() -> None:
    assert set(MOVES) == set(Stage)
    assert not any(may_move(stage, stage) for stage in Stage)


def test_a_merged_or_won_lead_never_moves_again() -> None:
    assert not MOVES[Stage.MERGED]
    assert not MOVES[Stage.WON]


@pytest.mark.parametrize(
    ("field", "operator", "value", "values", "expected"),
    [
        ("country", Operator.ONE_OF, "DE, at ,CH", {"country": "AT"}, True),
        ("country", Operator.ONE_OF, "DE,AT", {"country": "FR"}, False),
        ("country", Operator.IS, "de", {"country": " DE "}, True),
        ("country", Operator.IS_NOT, "DE", {}, True),
        ("country", Operator.MISSING, "", {}, True),
        ("score", Operator.AT_LEAST, "50", {"score": 50}, True),
        ("score", Operator.AT_LEAST, "50", {"score": 49.9}, False),
        ("score", Operator.AT_MOST, "50", {}, False),
        ("fields.employees", Operator.AT_LEAST, "1000", {"fields": {"employees": "1200"}}, True),
        ("fields.employees", Operator.AT_LEAST, "1000", {"fields": {"employees": "many"}}, False),
        ("fields.employees", Operator.AT_LEAST, "1000", {"fields": {"employees": "NaN"}}, False),
        ("domain", Operator.ENDS_WITH, ".example.com", {"email": "a@shop.example.com"}, True),
        ("title", Operator.CONTAINS, "sales", {"title": "Head of SALES"}, True),
        ("priority", Operator.IS, "hot", {"priority": Priority.HOT}, True),
        ("unheard_of", Operator.PRESENT, "", {}, False),
        ("id", Operator.PRESENT, "", {}, False),
        ("", Operator.ANY, "", {}, True),
    ],
)
def test_conditions_read_a_lead_as_people_mean_them(
    field: str, operator: Operator, value: str, values: dict[str, object], *, expected: bool
) -> None:
    assert met(field, operator, value, **values) is expected


@given(
    field=st.text(max_size=20),
    operator=st.sampled_from(Operator),
    value=st.text(max_size=20),
    found=st.text(max_size=20),
)
def test_no_condition_ever_raises(field: str, operator: Operator, value: str, found: str) -> None:
    assert met(field, operator, value, title=found, fields={"x": found}) in (True, False)


def test_the_shipped_agreement_takes_marketings_word_and_says_what_is_met() -> None:
    somebody = lead(score=72, title="Head of Sales")
    assert is_mql(DEFAULT_TERMS, lead())
    assert [(each.label, each.value) for each in criteria_met(DEFAULT_TERMS, somebody)] == [
        ("Lead score", "72"),
        ("Role", "Head of Sales"),
    ]


def test_a_masked_card_shows_no_criterion_that_tells_who_it_is() -> None:
    assert value_of(lead(email="m@example.com"), "email") == "m@example.com"
    assert all(
        each.value != "m@example.com"
        for each in criteria_met(DEFAULT_TERMS, lead(email="m@example.com", score=80), masked=True)
    )


def test_there_are_ten_reasons_and_other_asks_for_text() -> None:
    assert len(DEFAULT_TERMS.reasons) == 10
    other = DEFAULT_TERMS.reason("other")
    assert other is not None
    assert other.ask is FollowUp.TEXT
    assert other.required


@pytest.mark.parametrize("code", ["misrouted", "duplicate", "existing"])
def test_what_marketing_cannot_help_does_not_count_against_it(code: str) -> None:
    reason = DEFAULT_TERMS.reason(code)
    assert reason is not None
    assert not reason.counts_against_marketing


def test_bad_timing_recycles_on_a_date_and_must_have_one() -> None:
    reason = DEFAULT_TERMS.reason("bad_timing")
    assert reason is not None
    assert (reason.then, reason.ask, reason.required) == (Then.RECYCLE, FollowUp.DATE, True)
