"""A draft: what one person has changed of the agreement, section by section, and not proposed yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.domain import agreement_forms
from bot.domain.agreement_changes import Change, changes
from bot.domain.agreement_data import Section, changed, data_of
from bot.domain.agreement_document import Agreement, Document
from bot.domain.agreement_forms import FormField
from bot.domain.agreement_reader import read_document
from bot.domain.person import Person, Role
from bot.domain.signing import State
from bot.errors import ConfigError, NotAllowed, NotFound, Refused
from bot.services import agreement_input, agreements
from bot.services.people import clicker
from storage.transaction import Transaction

NO_DRAFT = "You have not changed anything yet: open a section and choose Propose a change."


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftShown:
    """What one person would propose. `base` is the version it changes: the one in force, or the proposal it answers.
    `changes` are what it makes different from the version in force. Text untrusted."""

    base: Agreement
    document: Document
    changes: tuple[Change, ...]
    answers_version: int | None = None
    tz: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionForm:
    """The form for one section: its fields with what they say now. `too_long`: those that no form can hold."""

    agreement_id: str
    section: Section
    fields: tuple[tuple[FormField, str], ...]
    too_long: tuple[FormField, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveSection:
    """`answers` by field, as the form of `agreement_id` showed and took them."""

    by: str
    agreement_id: str
    section: Section
    answers: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeDraft:
    """`start_on` is a local day of the proposer, `start_at` a local time; without a day: as soon as both signed."""

    by: str
    start_on: str | None = None
    start_at: str | None = None


def may_propose(person: Person) -> bool:
    return person.on_roster and bool(person.roles & {Role.MANAGER, Role.MARKETER, Role.REP, Role.ADMIN})


def draft_of(tx: Transaction, person: Person) -> DraftShown | None:
    """The person's draft over the version it changes; None while they have changed nothing."""
    kept = tx.agreement_drafts.of(person.id)
    if kept is None:
        return None
    present = tx.agreements.in_force()
    answered = tx.agreements.get(kept.answers_id) if kept.answers_id else None
    base = answered if answered is not None and _waits(answered) else present
    document = _laid_over(base.document, kept.sections)
    return DraftShown(
        base=base,
        document=document,
        changes=changes(present.document, document),
        answers_version=base.version if base.id != present.id else None,
        tz=person.tz,
    )


def own_draft(tx: Transaction, by: str) -> DraftShown | None:
    """The person's draft; None when there is none. Raises NotAllowed, PersonUnknown."""
    return draft_of(tx, _proposer(tx, by))


def load_draft(tx: Transaction, by: str) -> DraftShown:
    """Raises Refused when there is none, NotAllowed, PersonUnknown."""
    draft = draft_of(tx, _proposer(tx, by))
    if draft is None:
        raise Refused(NO_DRAFT)
    return draft


def section_form(tx: Transaction, by: str, agreement_id: str, section: Section) -> SectionForm:
    """The section as the person's draft has it, else as this version does: a change of the version in force, or of the
    proposal it answers. Raises NotFound, Refused, NotAllowed, PersonUnknown."""
    person = _proposer(tx, by)
    before = _before(tx, person, agreement_id)
    fields = agreement_forms.shown(section, data_of(before)[section])
    return SectionForm(
        agreement_id=agreement_id,
        section=section,
        fields=tuple((field, text) for field, text in fields if len(text) <= agreement_forms.LONGEST),
        too_long=tuple(field for field, text in fields if len(text) > agreement_forms.LONGEST),
    )


def save_section(tx: Transaction, command: SaveSection) -> DraftShown | None:
    """The person's draft has the section as the form says; None when that leaves nothing changed.

    Raises FormError by field of the form, NotFound, Refused, NotAllowed, PersonUnknown.
    """
    person = _proposer(tx, command.by)
    tx.people.lock(person.id)
    before = _before(tx, person, command.agreement_id)
    data = agreement_forms.read(command.section, data_of(before)[command.section], command.answers)
    try:
        document = read_document({command.section.value: data}, before)
    except ConfigError as error:
        raise agreement_forms.at_fields(command.section, str(error)) from None
    unknown = [line for line in agreement_input.strangers(tx, document) if line.startswith(f"{command.section.value}.")]
    if unknown:
        raise agreement_forms.at_fields(command.section, "\n".join(unknown))
    present = tx.agreements.in_force()
    answers = None if command.agreement_id == present.id else command.agreement_id
    base = present if answers is None else tx.agreements.get(answers) or present
    sections = changed(data_of(base.document), data_of(document))
    if sections:
        tx.agreement_drafts.save(person.id, sections, answers)
    else:
        tx.agreement_drafts.discard(person.id)
    return draft_of(tx, person)


def discard_draft(tx: Transaction, by: str) -> None:
    """Raises NotAllowed, PersonUnknown."""
    tx.agreement_drafts.discard(_proposer(tx, by).id)


def propose_draft(tx: Transaction, command: ProposeDraft) -> Agreement:
    """The draft is proposed, and is a draft no more. Raises FormError(from, at), Refused, NotAllowed, PersonUnknown."""
    person = _proposer(tx, command.by)
    tx.people.lock(person.id)
    draft = draft_of(tx, person)
    if draft is None:
        raise Refused(NO_DRAFT)
    from_at = agreement_input.start_of(command.start_on, command.start_at, person.tz)
    answers = draft.base.id if draft.answers_version is not None else None
    tx.agreement_drafts.discard(person.id)
    return agreements.propose(tx, person, draft.document, from_at, answers=answers)


def _before(tx: Transaction, person: Person, agreement_id: str) -> Document:
    """What the form shows and changes: the person's draft of this version, else the version itself."""
    agreement = tx.agreements.get(agreement_id)
    if agreement is None:
        raise NotFound(agreements.GONE)
    present = tx.agreements.in_force()
    if agreement.id != present.id and not _waits(agreement):
        raise Refused(
            f"Version {agreement.version} is past: open the agreement with /lockstep agreement and change that."
        )
    kept = tx.agreement_drafts.of(person.id)
    answers = None if agreement.id == present.id else agreement.id
    if kept is None:
        return agreement.document
    if kept.answers_id != answers:
        raise Refused("You have a draft of another version: propose or discard that one first.")
    return _laid_over(agreement.document, kept.sections)


def _laid_over(document: Document, sections: dict[str, Any]) -> Document:
    try:
        return read_document(sections, document)
    except ConfigError:
        # Written before a term was what it is now: what cannot be read is not proposed.
        return document


def _waits(agreement: Agreement) -> bool:
    return agreement.signing is not None and agreement.signing.state is State.PROPOSED


def _proposer(tx: Transaction, by: str) -> Person:
    person = clicker(tx, by).person
    if not may_propose(person):
        raise NotAllowed("Only reps, marketers, managers and admins propose changes to the agreement.")
    return person
