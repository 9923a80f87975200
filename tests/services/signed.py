"""An agreement that both sides have signed, put in force at once: for tests of what runs under one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.agreement_document import Agreement, Document
from bot.domain.person import Side
from bot.domain.signing import Signature, Signing, State
from storage.transaction import Transaction


def put_in_force(tx: Transaction, document: Document | None = None, **terms: Any) -> Agreement:
    """`document`, or that of the version in force, with these `terms` changed, is signed by both and in force now."""
    present = tx.agreements.in_force()
    base = document or present.document
    people = sorted(person.id for person in tx.people.all())[:2]
    signatures = {
        side: Signature(person_id=person_id, at=tx.now)
        for side, person_id in zip((Side.SALES, Side.MARKETING), people, strict=True)
    }
    signing = Signing(
        state=State.IN_FORCE,
        proposed_by=people[0],
        proposed_at=tx.now,
        from_at=tx.now,
        in_force_at=tx.now,
        signatures=signatures,
    )
    agreement = Agreement(
        id=tx.new_id(),
        version=tx.agreements.newest_version() + 1,
        document=replace(base, terms=replace(base.terms, **terms)),
        in_force_from=tx.now,
        signing=signing,
    )
    tx.agreements.add(agreement)
    return agreement
