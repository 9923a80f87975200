"""What every change of the set-up shares: who may, one at a time, told as an event, and seen by all admins."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from bot.domain import rights
from bot.domain.person import Person
from bot.errors import FormError
from bot.services import set_up
from bot.services.handoffs import refuse
from bot.services.people import clicker
from storage.transaction import Transaction


def admin(tx: Transaction, by: str) -> Person:
    """The admin with this Slack id. Raises NotAllowed, PersonUnknown."""
    who = clicker(tx, by)
    refuse(rights.may_set_up(who))
    return who.person


def change(tx: Transaction, by: str) -> Person:
    """As admin; until this transaction ends, nobody else changes what the teams decide: what was read after this
    is still so when it is written."""
    tx.settings.lock()  # first: who waits for it may be admin no more when their turn comes
    return admin(tx, by)


def changed(tx: Transaction, person: Person, kind: str, **data: Any) -> None:
    """It is remembered that `person` did it, and the checklists of all admins follow. `data` holds no secret."""
    tx.events.add(kind, actor=person.id, origin="slack", data=data)
    set_up.sync_admins(tx)


def seen(value: object) -> str:
    """A short mark of what somebody sees of a thing: another one, as soon as it was changed."""
    return sha256(repr(value).encode()).hexdigest()[:16]


def refuse_mistakes(mistakes: Mapping[str, str]) -> None:
    """Raises FormError when there are any: by field, the rest of a sentence as the checks of bot/domain give it."""
    if mistakes:
        raise FormError({field: f"{what[:1].upper()}{what[1:]}." for field, what in mistakes.items()})
