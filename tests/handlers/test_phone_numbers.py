"""Numbers as people write them: called from anywhere, or left as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.phone_numbers import region_of, to_e164


@pytest.mark.parametrize(
    ("phone", "country", "e164"),
    [
        ("+1 415 555 2671", None, "+14155552671"),
        ("(415) 555-2671", "US", "+14155552671"),
        ("(415) 555-2671", "United States", "+14155552671"),
        ("020 7946 0958", "uk", "+442079460958"),
        ("030 901820", "Deutschland", "+4930901820"),
        ("+1 415 555 2671", "Atlantis", "+14155552671"),
        ("(415) 555-2671", "Atlantis", None),
        ("(415) 555-2671", None, None),
        ("+1 12", "US", None),
        ("call me", "US", None),
        (None, "US", None),
    ],
)
def test_number_and_country_give_one_form(phone: str | None, country: str | None, e164: str | None) -> None:
    assert to_e164(phone, country) == e164


@pytest.mark.parametrize(
    ("country", "region"),
    [("de", "DE"), ("Germany", "DE"), ("Bosnia and Herzegovina", "BA"), ("U.S.A.", "US"), ("ZZ", None), ("", None)],
)
def test_country_is_known_by_code_or_name(country: str, region: str | None) -> None:
    assert region_of(country) == region


@given(phone=st.text(max_size=50), country=st.text(max_size=20))
def test_no_text_whatever_raises(phone: str, country: str) -> None:
    found = to_e164(phone, country)
    assert found is None or found.startswith("+")
