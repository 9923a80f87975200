"""What the agreement's window shows: one version, one section of it, and what its reader can do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.agreement_changes import Change, still_default
from bot.domain.agreement_data import Section
from bot.domain.agreement_document import Agreement, Document
from bot.domain.ladder import Mode
from bot.domain.person import Person, Side
from bot.domain.signing import State, Wish, possible_wishes
from bot.errors import NotFound, Refused
from bot.services import deciders
from bot.services.agreement_drafts import draft_of, may_propose
from bot.services.agreement_news import AgreementNotice, notice_of
from bot.services.agreement_sides import may_sign_for, why_not
from bot.services.agreements import GONE, sides_of
from bot.services.people import clicker
from bot.services.whereabouts import person_name
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A version that waits for signatures or for its instant. The name is untrusted."""

    agreement_id: str
    version: int
    state: State
    proposed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementShown:
    """One version. All text is untrusted. `section` None: the overview. `names` of people by e-mail.

    `notice` None: it was never proposed. `is_present`: it is the one new leads run under. `drafted`: how many changes
    its reader has not proposed yet; None: they may not propose.
    """

    agreement_id: str
    version: int
    document: Document
    section: Section | None
    is_present: bool
    is_trial: bool
    notice: AgreementNotice | None
    defaults: tuple[str, ...]
    names: dict[str, str]
    pending: tuple[Pending, ...] = ()
    drafted: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The agreement on one line of Home. `waits`: versions that wait for a signature of the reader."""

    version: int
    state: State | None
    is_trial: bool
    in_force_from: datetime | None
    agreement_id: str
    waits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SignForm:
    """What is signed or changed, for which sides its reader could, and what could become of it. `may_take_back`: they
    asked for something that has not happened yet."""

    notice: AgreementNotice
    sides: tuple[Side, ...]
    wishes: tuple[Wish, ...] = ()
    may_take_back: bool = False


def load_agreement(
    tx: Transaction, by: str, agreement_id: str | None = None, section: Section | None = None
) -> AgreementShown:
    """The version, or the one in force, at `section`, for somebody on the roster.

    Raises NotFound for a version that is not there, NotAllowed, PersonUnknown.
    """
    person = clicker(tx, by).person
    present = tx.agreements.in_force()
    agreement = present if agreement_id is None else tx.agreements.get(agreement_id)
    if agreement is None:
        raise NotFound(GONE)
    draft = draft_of(tx, person) if may_propose(person) else None
    return AgreementShown(
        agreement_id=agreement.id,
        version=agreement.version,
        document=agreement.document,
        section=section,
        is_present=agreement.id == present.id,
        is_trial=agreement.mode(tx.now) is Mode.TRIAL,
        notice=notice_of(tx, agreement, person),
        defaults=still_default(agreement.document),
        names=_names(tx, agreement),
        pending=tuple(
            Pending(
                agreement_id=one.id,
                version=one.version,
                state=one.signing.state,
                proposed_by=person_name(tx, one.signing.proposed_by),
            )
            for one in tx.agreements.pending()
            if one.signing is not None and one.id != agreement.id
        ),
        drafted=(len(draft.changes) if draft else 0) if may_propose(person) else None,
    )


def load_terms(tx: Transaction, by: str, handoff_id: str, section: Section | None = None) -> AgreementShown:
    """The version this handoff was offered under, whatever is in force now: at `section`, else at how to follow up once
    it is accepted, before and after that at the windows. Raises as load_agreement."""
    handoff = tx.handoffs.get(handoff_id)
    if handoff is None:
        raise NotFound("This lead is not there any more.")
    usual = Section.FOLLOW_UP if handoff.is_owned else Section.WINDOWS
    return load_agreement(tx, by, handoff.agreement_id, section or usual)


def load_notice(tx: Transaction, by: str, agreement_id: str) -> AgreementNotice:
    """The version as it stands, for a form about it. Raises NotFound, NotAllowed, PersonUnknown."""
    person = clicker(tx, by).person
    agreement = tx.agreements.get(agreement_id)
    notice = notice_of(tx, agreement, person) if agreement is not None else None
    if notice is None:
        raise NotFound(GONE)
    return notice


def load_sign_form(tx: Transaction, by: str, agreement_id: str) -> SignForm:
    """Raises Refused where there is nothing for this reader to sign, and as load_notice."""
    notice = load_notice(tx, by, agreement_id)
    person = clicker(tx, by).person
    agreement = tx.agreements.get(agreement_id)
    signing = agreement.signing if agreement is not None else None
    if signing is None or not notice.may_sign:
        if signing is not None and notice.state is State.PROPOSED:
            raise Refused(why_not(tx, signing, person))
        raise Refused(_why_not(notice, False, "managers can sign it"))
    return SignForm(notice=notice, sides=may_sign_for(tx, signing, person))


def load_reply_form(tx: Transaction, by: str, agreement_id: str) -> AgreementNotice:
    """The proposal to be answered. Raises as load_sign_form."""
    notice = load_notice(tx, by, agreement_id)
    if not notice.may_reply:
        raise Refused(_why_not(notice, notice.state is State.PROPOSED, "who proposed it, and managers, can answer it"))
    return notice


def load_change_form(tx: Transaction, by: str, agreement_id: str) -> SignForm:
    """As load_sign_form, to withdraw, suspend, resume or end it; the arbiter speaks for no side."""
    notice = load_notice(tx, by, agreement_id)
    if not (notice.may_withdraw or notice.may_change):
        is_open = notice.state in (State.PROPOSED, State.SIGNED, State.IN_FORCE, State.SUSPENDED)
        raise Refused(_why_not(notice, is_open, "managers of the two sides, or the arbiter, can change it"))
    person = clicker(tx, by).person
    agreement = tx.agreements.get(agreement_id)
    wishes = possible_wishes(agreement.signing, tx.now) if agreement is not None else ()
    decides = deciders.acting_between(tx, person) is not None
    wished = agreement.signing.wished if agreement is not None and agreement.signing is not None else {}
    return SignForm(
        notice=notice,
        sides=() if decides else sides_of(tx, person),
        wishes=wishes,
        may_take_back=any(person.id in one.people for one in wished.values()),
    )


def load_changes(tx: Transaction, by: str, agreement_id: str) -> tuple[int, int, tuple[Change, ...]]:
    """The version, the one it is compared with, and everything it makes different. Raises as load_notice."""
    notice = load_notice(tx, by, agreement_id)
    return notice.version, notice.compared_with, notice.changes


def standing(tx: Transaction, person: Person) -> Standing:
    """The agreement in force, on one line, for this person."""
    present = tx.agreements.in_force()
    pending = [one.signing for one in tx.agreements.pending() if one.signing is not None]
    state = present.signing.state if present.signing is not None else None
    return Standing(
        agreement_id=present.id,
        version=present.version,
        state=State.IN_FORCE if state is State.SIGNED else state,
        is_trial=present.mode(tx.now) is Mode.TRIAL,
        in_force_from=present.in_force_from,
        waits=sum(1 for signing in pending if may_sign_for(tx, signing, person)),
    )


def _why_not(notice: AgreementNotice, can_be_done: bool, what: str) -> str:
    version = notice.version
    if not can_be_done:
        return f"Version {version} of the agreement is {notice.state.value.replace('_', ' ')}: nothing is left to do."
    return f"Only {what}: you can read version {version}."


def _names(tx: Transaction, agreement: Agreement) -> dict[str, str]:
    document = agreement.document
    emails = [contact.email for people in document.contacts.values() for contact in people]
    emails += [document.arbiter] if document.arbiter else []
    found = {email: tx.people.by_email(email) for email in emails}
    return {email: person.name for email, person in found.items() if person is not None}
