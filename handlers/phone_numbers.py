"""Phone numbers as people write them, into the one form that can be called from anywhere (E.164)."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib import resources

import phonenumbers

_ALSO = {
    "america": "US",
    "czech republic": "CZ",
    "deutschland": "DE",
    "england": "GB",
    "espana": "ES",
    "great britain": "GB",
    "holland": "NL",
    "ivory coast": "CI",
    "korea": "KR",
    "osterreich": "AT",
    "republic of korea": "KR",
    "russian federation": "RU",
    "schweiz": "CH",
    "scotland": "GB",
    "south korea": "KR",
    "the netherlands": "NL",
    "turkiye": "TR",
    "uae": "AE",
    "uk": "GB",
    "united kingdom": "GB",
    "united states of america": "US",
    "usa": "US",
    "viet nam": "VN",
    "wales": "GB",
}
"""Names CRMs send that the table of the time zone database writes otherwise."""


def to_e164(phone: str | None, country: str | None) -> str | None:
    """`+14155552671` for a number that is valid in its country's plan, else None.

    `country` (ISO 3166 code or English name, untrusted) helps only numbers written without +. Never raises.
    """
    if not phone:
        return None
    try:
        number = phonenumbers.parse(phone, region_of(country))
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def region_of(country: str | None) -> str | None:
    """The ISO 3166 code of a country given by code or English name; None when it is neither."""
    folded = _fold(country or "")
    if len(folded) == 2 and folded.upper() in phonenumbers.SUPPORTED_REGIONS:
        return folded.upper()
    return _regions().get(folded)


@cache
def _regions() -> dict[str, str]:
    # The pinned tzdata package carries the table; phonenumberslite has none.
    table = resources.files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {_fold(name): code for code, name in lines} | _ALSO


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    letters = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(letters.replace("&", " and ").replace(".", "").casefold().split())
