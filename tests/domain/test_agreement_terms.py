from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.agreement import DEFAULT_TERMS, below_definition, is_mql
from bot.domain.lead import Lead, Priority
from bot.domain.matching import Condition, Operator
from bot.domain.qualification import ANY_SOURCE, Qualification, Segment, segments_of, shortfalls
from bot.domain.windows import SourceWindows, read_minutes, spoken_minutes

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
IBERIA = Segment(
    name="Iberia", conditions=(Condition(field="country", operator=Operator.ONE_OF, value="Portugal, Spain"),)
)
LARGE = Segment(
    name="Large",
    conditions=(
        Condition(field="fields.employees", operator=Operator.AT_LEAST, value="500"),
        Condition(field="title", operator=Operator.PRESENT),
    ),
)


def lead(**values: object) -> Lead:
    return Lead(id="l1", source="webinar", external_id="1", created_at=NOW, updated_at=NOW, **values)  # type: ignore[arg-type]


def lacks(qualification: Qualification, **values: object) -> list[str]:
    return [each.criterion for each in shortfalls(qualification, lead(**values))]


def test_under_the_shipped_agreement_marketings_word_is_enough() -> None:
    assert below_definition(DEFAULT_TERMS, lead()) == ()


def test_a_score_is_held_to_the_minimum_of_its_source() -> None:
    asked = Qualification(minimum_score={ANY_SOURCE: 40, "webinar": 70})
    assert lacks(asked, score=69.5) == ["minimum_score.webinar"]
    assert lacks(asked, score=70) == []
    assert lacks(asked) == ["minimum_score.webinar"]
    (found,) = shortfalls(asked, lead(score=12))
    assert found.sentence == "It has a score of 12; the agreement asks for at least 70 for the source webinar."
    elsewhere = replace(lead(score=39), source="crm")
    assert [each.criterion for each in shortfalls(asked, elsewhere)] == ["minimum_score.*"]


def test_required_fields_are_named_each() -> None:
    asked = Qualification(required_fields=("email", "company", "fields.team"))
    assert lacks(asked, company=" ", fields={"team": "QA"}) == ["required_fields.email", "required_fields.company"]


def test_an_excluded_domain_excludes_its_subdomains_and_nothing_else() -> None:
    asked = Qualification(excluded_domains=("Example.org",))
    assert lacks(asked, email="a@example.org") == ["excluded_domains"]
    assert lacks(asked, email="a@mail.EXAMPLE.org") == ["excluded_domains"]
    assert lacks(asked, email="a@notexample.org") == []
    assert lacks(asked) == []


def test_an_excluded_country_is_excluded_however_it_is_written() -> None:
    assert lacks(Qualification(excluded_countries=("Atlantis",)), country=" atlantis ") == ["excluded_countries"]
    assert lacks(Qualification(excluded_countries=("Atlantis",)), country="Spain") == []


def test_a_lead_must_be_in_one_of_the_agreed_segments() -> None:
    asked = Qualification(segments=(IBERIA, LARGE))
    assert lacks(asked, country="Spain") == []
    assert lacks(asked, country="France") == ["segments"]
    assert lacks(asked, country="France", title="CTO", fields={"employees": "900"}) == []
    assert segments_of(asked, lead(country="Portugal", title="CTO", fields={"employees": "900"})) == ("Iberia", "Large")


def test_too_few_criteria_met_is_a_shortfall_too() -> None:
    terms = replace(DEFAULT_TERMS, criteria_needed=2)
    (found,) = below_definition(terms, lead(title="CTO"))
    assert found.criterion == "criteria_needed"
    assert "meets 1 of the criteria" in found.sentence
    assert not is_mql(terms, lead(title="CTO"))


def test_a_shortfall_never_repeats_what_the_lead_wrote() -> None:
    asked = Qualification(
        required_fields=("name",),
        excluded_countries=("Atlantis",),
        excluded_domains=("example.org",),
        segments=(LARGE,),
    )
    found = shortfalls(asked, lead(email="<!channel>@x.example.org", country="ATLANTIS", company="<!here>"))
    assert len(found) == 4
    assert not any("<" in each.sentence or "ATLANTIS" in each.sentence for each in found)


def test_a_source_can_have_windows_of_its_own() -> None:
    terms = replace(DEFAULT_TERMS, by_source={"webinar": SourceWindows(accept={Priority.COLD: 2400})})
    assert terms.accept_window(Priority.COLD, "webinar") == timedelta(hours=40)
    assert terms.accept_window(Priority.HOT, "webinar") == timedelta(minutes=15)
    assert terms.accept_window(Priority.COLD, "crm") == timedelta(hours=24)
    assert terms.first_contact_window(Priority.HOT, "webinar") == timedelta(hours=1)


@given(st.integers(0, 100_000))
def test_windows_are_written_so_that_they_can_be_read_again(minutes: int) -> None:
    assert read_minutes(spoken_minutes(minutes)) == minutes


@pytest.mark.parametrize(
    ("text", "minutes"),
    [(15, 15), ("90", 90), ("4 h", 240), ("4 hours", 240), ("1h30min", 90), ("1 h, 30 min", 90), ("1 minute", 1)],
)
def test_windows_are_read_as_people_write_them(text: str | int, minutes: int) -> None:
    assert read_minutes(text) == minutes


@pytest.mark.parametrize("text", ["", "soon", "3 d", "4 h or so", "-15 min", True, None, 1.5])
def test_what_is_no_window_is_not_guessed_at(text: object) -> None:
    assert read_minutes(text) is None  # type: ignore[arg-type]
