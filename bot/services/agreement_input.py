"""What a proposal is given with, read and checked: whom it names, and from when it is to hold."""

from __future__ import annotations

from datetime import datetime, time

from bot.domain.agreement_document import Document
from bot.domain.local_time import instant_of, parse_date
from bot.errors import FormError
from storage.transaction import Transaction


def strangers(tx: Transaction, document: Document) -> list[str]:
    """Whom the agreement names without their being on the roster: a line each, as the reader of its file tells."""
    named = [
        (f"contacts.{side.value}", contact.email) for side, people in document.contacts.items() for contact in people
    ]
    named += [("disagreements.arbiter", document.arbiter)] if document.arbiter else []
    found = [(where, email, tx.people.by_email(email)) for where, email in named]
    return [
        f"{where}: nobody on the roster has the address {email}; name somebody who is, or add them first."
        for where, email, person in found
        if person is None or not person.on_roster
    ]


def start_of(day: str | None, at: str | None, tz: str) -> datetime | None:
    """The instant of a local day and time (`09:00`, midnight where it is empty); None where there is no day.

    Raises FormError(from, at) for what is none."""
    if not (day or "").strip():
        return None
    found = parse_date((day or "").strip())
    if found is None:
        raise FormError({"from": "Write a day as YYYY-MM-DD, or leave it empty."})
    try:
        clock = time.fromisoformat((at or "").strip() or "00:00")
    except ValueError:
        raise FormError({"at": "Write a time such as 09:00, or leave it empty for midnight."}) from None
    return instant_of(found, clock.replace(tzinfo=None), tz)
