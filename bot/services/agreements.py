"""The agreement from a proposal to its end: signed by both sides, in force at its instant, suspended, resumed, ended.

Each use case locks the settings first, then the version, and people after it: whatever it reads of any version is still
so when it writes. What a version says never changes: only where its signing stands is ever stored again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain import signing as rules
from bot.domain.agreement_changes import changes
from bot.domain.agreement_document import Agreement, Document
from bot.domain.local_time import MORNING, instant_of, local_date
from bot.domain.person import Person, Role, Side
from bot.domain.post import TimerKind
from bot.domain.signing import SIDES, Signing, State, Wish
from bot.errors import FormError, NotFound, Refused
from bot.services import agreement_input, agreement_news, deciders
from bot.services.agreement_force import (
    begin,
    begin_if_due,
    catch_up,
    event,
    latest,
    mode_changed,
    not_before,
    save,
)
from bot.services.agreement_sides import managers_by_side
from bot.services.people import clicker
from storage.transaction import Transaction

GONE = "This version of the agreement is not there any more."
REPLY_MAX = 1000
REMIND_EVERY = timedelta(days=7)
MOST_OPEN = 3
"""Proposals of one person that wait for signatures: each is before all managers."""
MAY_PROPOSE_FILES = frozenset({Role.ADMIN, Role.MANAGER})
"""In whose name a file is proposed from the command line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignAgreement:
    """`by` is a Slack id. `side` says for which side, for whoever could sign for both. `compared_with` is the version
    with which they saw it compared; None: whichever is in force."""

    by: str
    agreement_id: str
    side: Side | None = None
    compared_with: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyToAgreement:
    by: str
    agreement_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAgreement:
    """`wish` None: what one asked for is taken back."""

    by: str
    agreement_id: str
    wish: Wish | None
    side: Side | None = None


def propose(
    tx: Transaction, proposer: Person, document: Document, from_at: datetime | None, *, answers: str | None = None,
    origin: str = "slack",
) -> Agreement:  # fmt: skip
    """A new version waits for the signatures of both sides; their managers are told. `from_at` None: in force as soon
    as both have signed. `answers` is the proposal in whose place it is put: who made that one is told.

    Raises Refused for whoever may not propose or has MOST_OPEN proposals waiting already, for what says the same as the
    version in force, and for points of contact or an arbiter who are not on the roster; FormError(from) for a start
    that is no start.
    """
    tx.settings.lock()  # versions are numbered one after the other
    own = [
        str(one.version)
        for one in tx.agreements.pending()
        if one.signing is not None and one.signing.state is State.PROPOSED and one.signing.proposed_by == proposer.id
    ]
    if len(own) >= MOST_OPEN:
        raise Refused(f"{len(own)} proposals of yours wait already (versions {', '.join(own)}): withdraw one first.")
    present = latest(tx)
    if document == present.document and present.binds(tx.now):
        raise Refused("This says what the agreement in force says: there is nothing to propose.")
    unknown = agreement_input.strangers(tx, document)
    if unknown:
        raise Refused("\n".join(unknown))
    if from_at is not None and from_at < tx.now - timedelta(days=1):
        raise FormError({"from": "This start has passed: leave it empty, and it begins as soon as both have signed."})
    signing = rules.propose(proposer, from_at or tx.now, tx.now)
    agreement = Agreement(
        id=tx.new_id(), version=tx.agreements.newest_version() + 1, document=document, signing=signing
    )
    tx.agreements.add(agreement)
    count = len(changes(present.document, document))
    event(tx, "agreement.proposed", agreement, proposer.id, origin, changes=count, answers=answers)
    answered = tx.agreements.lock(answers) if answers else None
    if answered is not None and answered.signing is not None and answered.signing.state is State.PROPOSED:
        said = rules.Reply(person_id=proposer.id, at=tx.now, counter_id=agreement.id)
        save(tx, answered, replace(answered.signing, replies=(*answered.signing.replies, said)))
        agreement_news.follow(tx, answered.id)
    agreement_news.tell_proposed(tx, agreement)
    return agreement


def sign_agreement(tx: Transaction, command: SignAgreement) -> Agreement:
    """Signed for one side; with both signatures it comes into force at its instant, or now if that has passed.

    Raises FormError(side) where the side must be chosen; Refused, also where another version came into force since
    the signer saw what they sign; NotFound, NotAllowed, PersonUnknown.
    """
    person = clicker(tx, command.by).person
    agreement, signing = _locked(tx, command.agreement_id)
    present = latest(tx).version
    if signing.state is State.PROPOSED and command.compared_with not in (None, present):
        raise Refused(
            f"Version {present} came into force since you opened this, so what you would sign says something else now."
            " Nothing was signed: close this, and choose Sign again."
        )
    manager, side = _in_whose_name(tx, person, command.side, signing.missing(), "sign")
    starts = not_before(tx, agreement.version)
    signed = rules.sign(signing, manager, tx.now, as_side=side, by=person, not_before=starts)
    agreement = save(tx, agreement, signed)
    event(tx, "agreement.signed", agreement, person.id, side=side, for_=_other(manager, person))
    if signed.state is State.IN_FORCE:
        return begin(tx, agreement)
    if signed.state is State.SIGNED and signed.in_force_at is not None:
        tx.timers.set(TimerKind.AGREEMENT_START, agreement.id, signed.in_force_at)
    agreement_news.follow(tx, agreement.id)
    return agreement


def reply_to(tx: Transaction, command: ReplyToAgreement) -> Agreement:
    """The proposal is answered with a note; whoever proposed it is told. Raises FormError(text), and as sign."""
    person = clicker(tx, command.by).person
    text = command.text.strip()
    if not text or len(text) > REPLY_MAX:
        raise FormError({"text": f"Say what should be different, in at most {REPLY_MAX} characters."})
    agreement, signing = _locked(tx, command.agreement_id)
    manager = next(iter(managers_by_side(tx, person).values()), person)
    replied = rules.reply(signing, manager, text, tx.now)
    last = replace(replied.replies[-1], person_id=person.id)
    agreement = save(tx, agreement, replace(replied, replies=(*replied.replies[:-1], last)))
    event(tx, "agreement.answered", agreement, person.id)
    agreement_news.follow(tx, agreement.id)
    agreement_news.tell_reply(tx, agreement, person)
    return agreement


def withdraw_agreement(tx: Transaction, by: str, agreement_id: str) -> Agreement:
    """The proposal is off. Raises Refused, NotFound, NotAllowed, PersonUnknown."""
    person = clicker(tx, by).person
    agreement, signing = _locked(tx, agreement_id)
    manager = next(iter(managers_by_side(tx, person).values()), person)
    agreement = save(tx, agreement, rules.withdraw(signing, manager, tx.now))
    tx.timers.cancel(TimerKind.AGREEMENT_START, agreement.id)
    event(tx, "agreement.withdrawn", agreement, person.id)
    agreement_news.follow(tx, agreement.id)
    return agreement


def change_agreement(tx: Transaction, command: ChangeAgreement) -> Agreement:
    """What one side wishes (suspend, resume, end), what the arbiter says, or a wish taken back; it happens when both
    sides wish it, or the arbiter says so. Everybody concerned is told when it happens, the managers when it is wished.

    Raises FormError(side) where the side must be chosen; Refused, NotFound, NotAllowed, PersonUnknown.
    """
    person = clicker(tx, command.by).person
    agreement, before = _locked(tx, command.agreement_id)
    for_whom: str | None = None
    if command.wish is None:
        after, verb = rules.take_back(before, person), "agreement.wish_taken_back"
    elif (acting := deciders.acting_between(tx, person)) is not None:
        after = rules.ask_for(before, command.wish, acting.person, tx.now, arbiter=True)
        verb, for_whom = f"agreement.{command.wish.value}", _other(acting.person, person)
    else:
        manager, side = _in_whose_name(tx, person, command.side, SIDES, command.wish.value)
        after = rules.ask_for(before, command.wish, manager, tx.now, as_side=side, by=person)
        verb, for_whom = f"agreement.{command.wish.value}", _other(manager, person)
    agreement = save(tx, agreement, after)
    state_before = rules.in_force(before, tx.now).state
    event(tx, verb, agreement, person.id, state=after.state, for_=for_whom)
    agreement_news.follow(tx, agreement.id)
    if after.state is not state_before:
        if after.state is State.ENDED:
            tx.timers.cancel(TimerKind.AGREEMENT_REVIEW, agreement.id)
        mode_changed(tx, agreement)
        agreement_news.tell_standing(tx, agreement)
    elif command.wish is not None:
        agreement_news.tell_wish(tx, agreement, person)
    return agreement


def review_agreement(tx: Transaction, by: str, agreement_id: str) -> Agreement:
    """It was looked at again and stays; the next review is as many days away as agreed. Raises as withdraw, and Refused
    while no review is due."""
    person = clicker(tx, by).person
    agreement, signing = _locked(tx, agreement_id)
    if signing.review_at is not None and signing.review_at > tx.now:
        on = local_date(signing.review_at, person.tz)
        raise Refused(f"No review is due: version {agreement.version} is to be looked at again on {on.isoformat()}.")
    manager = next(iter(managers_by_side(tx, person).values()), person)
    day = local_date(tx.now, person.tz) + timedelta(days=agreement.document.review_every_days)
    again_at = instant_of(day, MORNING, person.tz)
    is_contact = person.email in agreement_news.contact_emails(agreement)
    agreement = save(tx, agreement, rules.reviewed(signing, manager, again_at, tx.now, contact=is_contact))
    tx.timers.set(TimerKind.AGREEMENT_REVIEW, agreement.id, again_at)
    event(tx, "agreement.reviewed", agreement, person.id, again_on=day.isoformat())
    agreement_news.follow(tx, agreement.id)
    return agreement


def start(tx: Transaction, agreement_id: str) -> None:
    """Its instant has come: it is in force, if it is still to be."""
    tx.settings.lock()
    agreement = tx.agreements.lock(agreement_id)
    if agreement is not None:
        begin_if_due(tx, agreement)


def review(tx: Transaction, agreement_id: str) -> None:
    """It is time to look at it again: both sides' managers and points of contact are reminded, weekly until somebody
    has."""
    agreement = tx.agreements.lock(agreement_id)
    signing = agreement.signing if agreement is not None else None
    if agreement is None or signing is None or signing.state not in (State.IN_FORCE, State.SUSPENDED):
        return
    if signing.review_at is None or signing.review_at > tx.now:
        return
    tx.timers.set(TimerKind.AGREEMENT_REVIEW, agreement.id, tx.now + REMIND_EVERY)
    agreement_news.tell_review(tx, agreement)


def sides_of(tx: Transaction, person: Person) -> tuple[Side, ...]:
    """The sides for which the person can sign just now, for themself or for an absent manager."""
    return tuple(side for side in SIDES if side in managers_by_side(tx, person))


def _locked(tx: Transaction, agreement_id: str) -> tuple[Agreement, Signing]:
    tx.settings.lock()
    catch_up(tx)
    agreement = tx.agreements.lock(agreement_id)
    if agreement is None:
        raise NotFound(GONE)
    if agreement.signing is None:
        raise Refused("This version was never proposed, so nobody can sign or end it: propose a change first.")
    return agreement, agreement.signing


def _in_whose_name(
    tx: Transaction, person: Person, side: Side | None, open_sides: tuple[Side, ...], verb: str
) -> tuple[Person, Side | None]:
    """The manager in whose name the person acts, and the side. Raises FormError(side) when there is a choice."""
    managers = managers_by_side(tx, person)
    if side is not None:
        return managers.get(side, person), side
    own = [one for one in managers if one in open_sides]
    if len(own) > 1:
        raise FormError({"side": f"You can {verb} for both sides: choose for which one."})
    if own:
        return managers[own[0]], own[0]
    return next(iter(managers.values()), person), next(iter(managers), None)


def _other(manager: Person, person: Person) -> str | None:
    return None if manager.id == person.id else manager.id
