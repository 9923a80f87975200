"""Public holidays of countries and their subdivisions. The only import of the package `holidays`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from importlib.metadata import version
from types import MappingProxyType

import holidays as package

YEARS_BACK, YEARS_AHEAD = 1, 4
"""Which years a calendar gets around the present one: business time looks three years ahead."""
LANGUAGE = "en_US"


def calendar_data() -> str:
    """Which data of public holidays and time zones this is: working time may differ under another."""
    return f"holidays {version('holidays')}, tzdata {version('tzdata')}"


def read_data() -> None:
    """The package's modules are read. It takes a second the first time: nobody who saves their hours waits for that,
    and nobody who comes after them."""
    _places()


class PublicHolidays:
    """Implements bot.ports.Holidays with the data of the pinned package: they change with its version only."""

    def mistake(self, country: str | None, subdivision: str | None) -> str | None:
        """What is wrong with the place, as a sentence for the one who wrote it; None when it is known."""
        if country is None:
            return None if subdivision is None else "A subdivision needs its country; write the country's code too."
        known = _places().get(country)
        if known is None:
            return f"“{country}” is no country with holidays; write its two letters (ISO 3166-1), such as PT, DE or US."
        if subdivision is not None and subdivision not in known:
            some = ", ".join(known) if len(known) <= 60 else f"{', '.join(known[:60])}, …"
            there = f"write one of {some}, or leave it out" if known else "leave it out"
            return f"“{subdivision}” is no subdivision of {country} with holidays of its own; {there}."
        return None

    def dates(self, country: str | None, subdivision: str | None, now: date) -> frozenset[date]:
        """The local dates that are public holidays there, from the year before `now` to the fourth after it.

        Where a holiday is moved because it falls on a weekend, both days are in it. No country: no holidays. The same
        place and year give the same object. Raises ValueError for a place `mistake` names.
        """
        return _dates(country, subdivision, now.year) if country else frozenset()

    def names(self, country: str | None, subdivision: str | None, year: int) -> Mapping[date, str]:
        """The public holidays of one year with their names, in order of date. Raises ValueError as `dates`."""
        return _named(country, subdivision, year) if country else MappingProxyType({})


@cache
def _places() -> dict[str, tuple[str, ...]]:
    """Codes of subdivisions by the code of their country."""
    listed = package.list_supported_countries(include_aliases=False)
    return {country: tuple(subdivisions) for country, subdivisions in listed.items()}


@lru_cache(maxsize=256)
def _dates(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    years = range(year - YEARS_BACK, year + YEARS_AHEAD + 1)
    return frozenset(day for each in years for day in _named(country, subdivision, each))


@lru_cache(maxsize=1024)
def _named(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    mistake = PublicHolidays().mistake(country, subdivision)
    if mistake is not None:
        raise ValueError(mistake)
    found = package.country_holidays(country, subdiv=subdivision, years=year, language=LANGUAGE)
    return MappingProxyType(dict(sorted(found.items())))
