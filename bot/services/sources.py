"""Sources: the systems that post leads. A secret leaves here once, when it is made, and is never told again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.config import BY_HAND, Source, wrong_key
from bot.errors import FormError, NotFound, Refused
from bot.services.configured_systems import new_secret
from bot.services.set_up_changes import admin, change, changed, refuse_mistakes, seen
from storage.transaction import Transaction

NAME_MAX = 100
LIVE = 2
"""Secrets of a source that are believed at once: the new one, and the one being replaced."""
GONE = "This source is not there any more: somebody deleted it."
CHANGED_MEANWHILE = (
    "Somebody else changed this source or its secrets meanwhile, so nothing was done. Look at it again in the list of"
    " sources: it shows what stands now."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """`secrets`: how many are believed now; `seen` marks the source as it is now, with its secrets."""

    key: str
    name: str
    created_at: datetime
    secrets: int
    seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSecret:
    """What is shown this once. `replaces`: the one before is still believed."""

    key: str
    name: str
    secret: str = field(repr=False)
    replaces: bool = False


def sources_list(tx: Transaction, by: str) -> tuple[SourceRow, ...]:
    """By key. Raises NotAllowed, PersonUnknown."""
    admin(tx, by)
    return tuple(_row(source) for source in tx.sources.all())


def source_row(tx: Transaction, by: str, key: str) -> SourceRow:
    """Raises NotFound, NotAllowed, PersonUnknown."""
    admin(tx, by)
    return _row(_get(tx, key))


def may_add(tx: Transaction, by: str) -> None:
    """Raises NotAllowed, PersonUnknown for who may not add a source."""
    admin(tx, by)


def add_source(tx: Transaction, by: str, *, key: str, name: str) -> NewSecret:
    """The source may post from now on, signed with the secret returned here.

    Raises FormError by field (key, name), NotAllowed, PersonUnknown.
    """
    person = change(tx, by)
    key, name = key.strip(), name.strip()
    refuse_mistakes(_mistakes(key, name))
    if tx.sources.get(key) is not None:
        raise FormError({"key": f"There is a source {key} already: choose another, or make a new secret for that one."})
    secret = new_secret()
    tx.sources.add(Source(key=key, name=name or key, secrets=(secret,), created_at=tx.now))
    changed(tx, person, "source.added", source=key)
    return NewSecret(key=key, name=name or key, secret=secret)


def renew_secret(tx: Transaction, by: str, key: str, seen_as: str | None = None) -> NewSecret:
    """The source has a new secret; the newest before it is believed as well, until it is ended.

    Raises NotFound, Refused when somebody changed the source since it looked like `seen_as` (None: however it looks),
    NotAllowed, PersonUnknown.
    """
    person = change(tx, by)
    source = _get(tx, key, seen_as)
    secret = new_secret()
    tx.sources.save(replace(source, secrets=(secret, *source.secrets[: LIVE - 1])))
    changed(tx, person, "source.secret_renewed", source=key)
    return NewSecret(key=key, name=source.name, secret=secret, replaces=True)


def end_old_secret(tx: Transaction, by: str, key: str, seen_as: str | None = None) -> None:
    """Only the newest secret of the source is believed. Raises as renew_secret, and Refused when there is no older
    one."""
    person = change(tx, by)
    source = _get(tx, key, seen_as)
    if len(source.secrets) < LIVE:
        raise Refused("This source has one secret only: there is no old one to end.")
    tx.sources.save(replace(source, secrets=source.secrets[:1]))
    changed(tx, person, "source.secret_ended", source=key)


def delete_source(tx: Transaction, by: str, key: str, seen_as: str | None = None) -> None:
    """What the source posts is refused from now on; its leads stay. Raises as renew_secret."""
    person = change(tx, by)
    _get(tx, key, seen_as)
    tx.sources.delete(key)
    changed(tx, person, "source.deleted", source=key)


def _mistakes(key: str, name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    if not key:
        found["key"] = "is missing: it becomes part of the address"
    elif wrong := wrong_key(key):
        found["key"] = f"{wrong}: it is part of the address"
    elif key == BY_HAND:
        found["key"] = f"{key} is what leads handed over in Slack are called; choose another"
    if len(name) > NAME_MAX:
        found["name"] = f"has {len(name)} characters; at most {NAME_MAX} fit"
    return found


def _get(tx: Transaction, key: str, seen_as: str | None = None) -> Source:
    source = tx.sources.get(key)
    if source is None:
        raise NotFound(GONE)
    if seen_as is not None and seen_as != _mark(source):
        raise Refused(CHANGED_MEANWHILE)
    return source


def _mark(source: Source) -> str:
    """Of the secrets only a short hash leaves: each of them is random enough that nothing can be learned from it."""
    return seen((source.key, source.name, source.created_at, source.secrets))


def _row(source: Source) -> SourceRow:
    return SourceRow(
        key=source.key,
        name=source.name,
        created_at=source.created_at,
        secrets=len(source.secrets),
        seen=_mark(source),
    )
