"""What a proposal is given with, read and checked: whom it names, and from when it is to hold."""

from __future__ import annotations

from datetime import datetime, time

from bot.domain.agreement_document import Document
from bot.domain.local_time import instant_of, parse_date
from bot.errors import FormError
from storage.transaction import Transaction

A_TIME = "Write a time such as 09:00, or leave it empty for midnight."


def strangers(tx: Transaction, document: Document) -> list[str]:
    """Whom the agreement names although they are not on the roster, or can do nothing in Slack: a line each, as the
    reader of its file tells."""
    named = [
        (f"contacts.{side.value}", contact.email) for side, people in document.contacts.items() for contact in people
    ]
    named += [("disagreements.arbiter", document.arbiter)] if document.arbiter else []
    lines = []
    for where, email in named:
        person = tx.people.by_email(email)
        if person is None or not person.on_roster:
            there = "name somebody who is, or add them first"
            lines.append(f"{where}: nobody on the roster has the address {email}; {there}.")
        elif person.flags.may_never_act:
            lines.append(f"{where}: {person.name} ({email}) is {person.flags.why_never}; name somebody who can answer.")
    return lines


def start_of(day: str | None, at: str | None, tz: str) -> datetime | None:
    """The instant of a local day and time (`09:00`, midnight where it is empty); None where neither is given.

    Raises FormError(from, at) for what is none, and for a time without its day."""
    if not (day or "").strip():
        if (at or "").strip():
            raise FormError({"from": "Choose the day, too: a time alone says nothing. Or leave both empty."})
        return None
    found = parse_date((day or "").strip())
    if found is None:
        raise FormError({"from": "Write a day as YYYY-MM-DD, or leave it empty."})
    try:
        clock = time.fromisoformat((at or "").strip() or "00:00")
    except ValueError:
        raise FormError({"at": A_TIME}) from None
    if clock.tzinfo is not None:
        raise FormError({"at": f"{A_TIME} It is your local time, without an offset."})
    return instant_of(found, clock, tz)
