"""Systems that post leads, and systems that are told of decisions, as a configuration names them."""

from __future__ import annotations

import secrets
from base64 import b64encode
from dataclasses import replace

from bot.domain.config import Source
from bot.domain.configuration import Configuration
from bot.domain.target import Target
from storage.transaction import Transaction


def new_secret() -> str:
    """A signing secret of 32 random bytes, as Standard Webhooks writes it."""
    return "whsec_" + b64encode(secrets.token_bytes(32)).decode("ascii")


def apply_sources(tx: Transaction, new: Configuration) -> dict[str, str]:
    """The systems that post leads are those of `new`; the secrets made for new ones, by key."""
    known = {source.key: source for source in tx.sources.all()}
    made: dict[str, str] = {}
    for entry in new.sources:
        old = known.get(entry.key)
        secrets_now = entry.secrets or (old.secrets if old else ())
        if not secrets_now:
            made[entry.key] = new_secret()
            secrets_now = (made[entry.key],)
        created_at = old.created_at if old else tx.now
        source = Source(key=entry.key, name=entry.name, secrets=secrets_now, created_at=created_at)
        if old is None:
            tx.sources.add(source)
        elif source != old:
            tx.sources.save(source)
    for key in known:
        if key not in {entry.key for entry in new.sources}:
            tx.sources.delete(key)
    return made


def apply_targets(tx: Transaction, new: Configuration) -> dict[str, str]:
    """A target that moved to another address is heard again, if it had said it was gone."""
    known = {target.key: target for target in tx.targets.all()}
    made: dict[str, str] = {}
    for entry in new.targets:
        old = known.pop(entry.key, None)
        secrets_now = entry.secrets or (old.secrets if old else ())
        if not secrets_now:
            made[f"target {entry.key}"] = new_secret()
            secrets_now = (made[f"target {entry.key}"],)
        target = Target(
            key=entry.key, url=entry.url, secrets=secrets_now, events=entry.events,
            created_at=old.created_at if old else tx.now,
        )  # fmt: skip
        if old is None:
            tx.targets.add(target)
        elif old.url == entry.url:
            tx.targets.save(replace(target, disabled_at=old.disabled_at, disabled_why=old.disabled_why))
        else:
            tx.targets.save(target)
    for key in known:
        tx.targets.delete(key)
    return made
