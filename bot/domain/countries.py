"""Countries as people and systems write them, into the one code they share (ISO 3166-1, two letters)."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib import resources

_ALSO = {
    "america": "US",
    "belgie": "BE",
    "belgien": "BE",
    "belgique": "BE",
    "brasil": "BR",
    "ceska republika": "CZ",
    "cesko": "CZ",
    "czech republic": "CZ",
    "danmark": "DK",
    "deutschland": "DE",
    "eesti": "EE",
    "eire": "IE",
    "england": "GB",
    "espana": "ES",
    "frankreich": "FR",
    "great britain": "GB",
    "holland": "NL",
    "hrvatska": "HR",
    "island": "IS",
    "italia": "IT",
    "ivory coast": "CI",
    "korea": "KR",
    "latvija": "LV",
    "lietuva": "LT",
    "magyarorszag": "HU",
    "mexico": "MX",
    "nederland": "NL",
    "niederlande": "NL",
    "norge": "NO",
    "osterreich": "AT",
    "polska": "PL",
    "republic of korea": "KR",
    "romania": "RO",
    "russian federation": "RU",
    "schweiz": "CH",
    "scotland": "GB",
    "shqiperia": "AL",
    "slovenija": "SI",
    "slovensko": "SK",
    "south korea": "KR",
    "suisse": "CH",
    "suomi": "FI",
    "sverige": "SE",
    "svizzera": "CH",
    "the netherlands": "NL",
    "turkiye": "TR",
    "uae": "AE",
    "uk": "GB",
    "united kingdom": "GB",
    "united states of america": "US",
    "usa": "US",
    "viet nam": "VN",
    "wales": "GB",
    "Ελλάδα": "GR",
    "България": "BG",
    "Україна": "UA",
    "日本": "JP",
    "中国": "CN",
    "대한민국": "KR",
}
"""Names in a country's own language, and those CRMs send that the table of the time zone database writes otherwise."""


@lru_cache(maxsize=4096)
def country_code(text: str) -> str | None:
    """The ISO 3166 code of a country given by its code, its English name or its own; None when it is none of them."""
    folded = _fold(text)
    known = _names()
    return folded.upper() if folded.upper() in known.values() else known.get(folded)


def country_name(code: str) -> str:
    """The English name of a country by its code; the code where it is none."""
    return _table().get(code, code)


@cache
def _table() -> dict[str, str]:
    # The pinned tzdata package carries the table.
    table = resources.files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {code: name for code, name in lines}  # noqa: C416 - more columns are a mistake


@cache
def _names() -> dict[str, str]:
    return {_fold(name): code for code, name in _table().items()} | {_fold(name): code for name, code in _ALSO.items()}


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    letters = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(letters.replace("&", " and ").replace(".", "").casefold().split())
