"""Amounts of money as people write and read them. Money is no float."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

LARGEST_AMOUNT = Decimal("999999999999.99")

CURRENCIES = (
    "EUR", "USD", "GBP", "CHF", "AED", "AUD", "BRL", "CAD", "CNY", "CZK", "DKK", "HKD", "HUF", "ILS", "INR", "JPY",
    "KRW", "MXN", "NOK", "NZD", "PLN", "RON", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH", "ZAR",
)  # fmt: skip
"""What a form offers, ISO 4217."""

_GROUPED = re.compile(r"[1-9]\d{0,2}(?P<mark>[.,\u0020])\d{3}(?:(?P=mark)\d{3})*(?:(?!(?P=mark))[.,]\d{1,2})?")
_PLAIN = re.compile(r"\d+(?:[.,]\d{1,2})?")


def is_amount(amount: Decimal) -> bool:
    """Above zero, not beyond reason, and with at most two decimals."""
    return amount.is_finite() and 0 < amount <= LARGEST_AMOUNT and round(amount, 2) == amount


def read_digits(text: str | None) -> Decimal | None:
    """The amount that another system wrote as digits, `.` before its decimals, to two of them; None for none, and for
    what is no amount."""
    try:
        amount = Decimal(text or "").quantize(Decimal("0.01"), ROUND_HALF_UP)
    except InvalidOperation:
        return None
    return amount if is_amount(amount) else None


def read_amount(text: str) -> Decimal | None:
    """`12000`, `12,000.50`, `12.000,50`, `12 000`, `12'000`; None for anything else.

    A comma or dot before three digits groups thousands, before one or two it begins the decimals.
    """
    if not text.isascii():
        text = text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2019", "'")
    text = " ".join(text.replace("'", " ").split())
    if not text.isascii() or len(text) > 40:
        return None
    if _GROUPED.fullmatch(text):
        head, mark, decimals = re.fullmatch(r"(.*?)(?:([.,])(\d{1,2}))?", text).groups()  # type: ignore[union-attr]
        return Decimal(re.sub(r"\D", "", head) + (f".{decimals}" if mark else ""))
    if _PLAIN.fullmatch(text):
        return Decimal(text.replace(",", "."))
    return None


def spoken(amount: Decimal, currency: str | None) -> str:
    """`EUR 12,000`, `12,000.50`."""
    number = f"{amount:,.2f}".removesuffix(".00")
    return f"{currency} {number}" if currency else number
