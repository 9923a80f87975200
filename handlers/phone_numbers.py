"""Phone numbers as people write them, into the one form that can be called from anywhere (E.164)."""

from __future__ import annotations

import phonenumbers

from bot.domain.countries import country_code


def to_e164(phone: str | None, country: str | None) -> str | None:
    """`+14155552671` for a number that is valid in its country's plan, else None.

    `country` (ISO 3166 code or name, untrusted) helps only numbers written without +. Never raises.
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
    """The ISO 3166 code of a country given by code, English or own name; None when it is none of them."""
    code = (country or "").strip().upper()
    return code if code in phonenumbers.SUPPORTED_REGIONS else country_code(country or "")
