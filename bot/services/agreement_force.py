"""A version comes into force at its instant, and the one before it is replaced.

One order decides, here and in `tx.agreements.in_force`: the later instant, and of two at one instant the higher
version. Whoever changes where a version stands holds `tx.settings.lock()` first: one at a time.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from bot.domain import signing as rules
from bot.domain.agreement_document import Agreement
from bot.domain.local_time import MORNING, instant_of, local_date
from bot.domain.post import TimerKind
from bot.domain.signing import Signing, State
from bot.errors import StorageError
from bot.services import agreement_news, alert_times, countdowns, disputes
from storage.transaction import Transaction


def latest(tx: Transaction) -> Agreement:
    """The version that came into force last. Unlike `tx.agreements.in_force()` it is also one that somebody else, for
    whom this transaction waited, put in force since it began."""
    return _begun(tx)[-1]


def not_before(tx: Transaction, version: int) -> datetime:
    """The first instant at which this version is the one in force, if it is to follow the one that is."""
    present = latest(tx)
    at = present.in_force_from or tx.now
    return at if version > present.version else at + timedelta(microseconds=1)


def catch_up(tx: Transaction) -> None:
    """Each signed version whose instant has come has begun, whether or not its timer has fired."""
    for agreement in tx.agreements.pending():
        begin_if_due(tx, agreement)


def begin_if_due(tx: Transaction, agreement: Agreement) -> None:
    """A signed version whose instant has come has begun; any other stays as it is."""
    if agreement.signing is not None and agreement.signing.state is State.SIGNED:
        signing = rules.in_force(agreement.signing, tx.now)
        if signing.state is State.IN_FORCE:
            begin(tx, save(tx, agreement, signing))


def begin(tx: Transaction, agreement: Agreement) -> Agreement:
    """It came into force just now: the version before it is replaced, and everybody hears of it.

    One that another has followed by now (the bot was down meanwhile) is replaced at once, and nobody is told that it
    was in force.
    """
    tx.timers.cancel(TimerKind.AGREEMENT_START, agreement.id)
    _replace_former(tx)
    if latest(tx).id != agreement.id:
        return tx.agreements.get(agreement.id) or agreement
    signing = agreement.signing
    if signing is None:
        raise StorageError("An unsigned version has nothing to begin with.")
    review_at = _first_review(tx, agreement, signing)
    agreement = save(tx, agreement, replace(signing, review_at=review_at))
    tx.timers.set(TimerKind.AGREEMENT_REVIEW, agreement.id, review_at)
    event(tx, "agreement.in_force", agreement, "lockstep", "timer")
    mode_changed(tx, agreement)
    agreement_news.follow(tx, agreement.id)
    agreement_news.tell_in_force(tx, agreement)
    compare_anew(tx)
    return agreement


def compare_anew(tx: Transaction) -> None:
    """Another version is in force just now: whatever waits is compared with it, and its messages say so. Signatures to
    a proposal count no more, which those who gave them hear; of what both sides have signed, and what takes the place
    of the new version one day, the managers do."""
    for waiting in tx.agreements.pending():
        before = waiting.signing
        if before is None:
            continue
        after = rules.compared_anew(before)
        if after != before:
            save(tx, waiting, after)
            event(tx, "agreement.signatures_void", waiting, "lockstep", "timer", by=latest(tx).id)
        agreement_news.follow(tx, waiting.id)
        signers = [one for signature in before.signatures.values() for one in sorted(signature.people)]
        agreement_news.tell_compared_anew(tx, waiting, signers)


def mode_changed(tx: Transaction, agreement: Agreement) -> None:
    """What runs under it is planned anew, and so is what still runs under the versions before it."""
    disputes.arbiters_changed(tx)
    countdowns.replan_agreement(tx, agreement.id)
    alert_times.agreement_changed(tx)
    for former in tx.agreements.all():
        if former.signing is not None and former.signing.state is State.REPLACED:
            countdowns.replan_agreement(tx, former.id)


def save(tx: Transaction, agreement: Agreement, signing: Signing) -> Agreement:
    """Where its signing stands is stored."""
    saved = replace(agreement, signing=signing, in_force_from=signing.in_force_at)
    tx.agreements.save_signing(saved)
    return saved


def event(tx: Transaction, kind: str, agreement: Agreement, actor: str, origin: str = "slack", **data: object) -> None:
    """It is remembered, with what `data` says of it; None says nothing, and a last underscore is no part of a name."""
    named = {name.rstrip("_"): value for name, value in data.items() if value is not None}
    tx.events.add(
        kind, actor=actor, origin=origin, data={"agreement": agreement.id, "version": agreement.version, **named}
    )


def _replace_former(tx: Transaction) -> None:
    """Every version that another has followed is replaced, since the instant of that one."""
    for former, follower in pairwise(_begun(tx)):
        if former.signing is None or former.signing.state is State.REPLACED:
            continue
        after = rules.replaced(rules.in_force(former.signing, tx.now), follower.in_force_from or tx.now)
        if after.state is not State.REPLACED:
            continue
        replaced = save(tx, former, after)
        for kind in (TimerKind.AGREEMENT_START, TimerKind.AGREEMENT_REVIEW):
            tx.timers.cancel(kind, replaced.id)
        event(tx, "agreement.replaced", replaced, "lockstep", "timer", by=follower.id)
        agreement_news.follow(tx, replaced.id)


def _begun(tx: Transaction) -> list[Agreement]:
    """All that are or were in force, in the order they came into force."""
    found = [
        (one.in_force_from, one.version, one)
        for one in tx.agreements.all()
        if one.in_force_from is not None and (one.in_force_from <= tx.now or not _waits(one))
    ]
    return [one for *_, one in sorted(found, key=lambda each: each[:2])]


def _waits(agreement: Agreement) -> bool:
    return agreement.signing is not None and agreement.signing.state is State.SIGNED


def _first_review(tx: Transaction, agreement: Agreement, signing: Signing) -> datetime:
    proposer = tx.people.get(signing.proposed_by)
    tz = proposer.tz if proposer is not None else "UTC"
    began = signing.in_force_at or tx.now
    on = agreement.document.review_on
    if on is None or on <= local_date(began, tz):
        on = local_date(began, tz) + timedelta(days=agreement.document.review_every_days)
    return instant_of(on, MORNING, tz)
