"""A country is the same country, however a person or a system writes it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.countries import country_code
from bot.domain.lead import Lead
from bot.domain.matching import Condition, Operator, matches, unknown_countries
from tests.services.world import START


def a_lead() -> Lead:
    return Lead(id="l1", source="crm", external_id="1", created_at=START, updated_at=START)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DE", "DE"), ("de", "DE"), ("Germany", "DE"), ("Deutschland", "DE"), ("Österreich", "AT"), ("España", "ES"),
        ("日本", "JP"), ("대한민국", "KR"), ("U.S.A.", "US"), ("uk", "GB"),
        ("XX", None), ("Absurdistan", None), ("", None),
    ],
)  # fmt: skip
def test_code_english_and_own_name_are_one_country(text: str, code: str | None) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize("written", ["DE", "Germany", "Deutschland", "germany "])
@pytest.mark.parametrize("wanted", ["DE", "Germany", "deutschland"])
def test_a_rule_on_the_country_takes_every_way_to_write_it(written: str, wanted: str) -> None:
    lead = replace(a_lead(), country=written)
    assert matches(Condition(field="country", operator=Operator.IS, value=wanted), lead)
    assert matches(Condition(field="country", operator=Operator.ONE_OF, value=f"FR, {wanted}"), lead)
    assert not matches(Condition(field="country", operator=Operator.IS_NOT, value=wanted), lead)
    assert not matches(Condition(field="country", operator=Operator.ONE_OF, value="FR, Austria"), lead)


def test_only_the_country_is_compared_so() -> None:
    lead = replace(a_lead(), company="DE")
    assert not matches(Condition(field="company", operator=Operator.IS, value="Germany"), lead)


def test_a_country_nobody_knows_is_compared_letter_by_letter_and_named() -> None:
    condition = Condition(field="country", operator=Operator.ONE_OF, value="DE, Emea, ")
    assert matches(condition, replace(a_lead(), country="EMEA"))
    assert unknown_countries(condition) == ("Emea",)
    assert unknown_countries(replace(condition, operator=Operator.CONTAINS)) == ()
