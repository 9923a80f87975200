"""Who hears what of the agreement: what waits for a signature, what came into force, what is to be looked at again.

Managers, and whoever proposed it, have one message a version, which follows its signing in place. What must be noticed
is a message of its own. Everybody else of the two sides reads in their brief what holds from now on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain import signing as rules
from bot.domain.agreement_changes import Change, changes, still_default
from bot.domain.agreement_document import Agreement
from bot.domain.budget import Kind
from bot.domain.person import Person, Role, Side
from bot.domain.post import Post, PostRole, Subject
from bot.domain.signing import SIDES, Signature, State, Wish
from bot.services import briefs, deciders, posting
from bot.services.agreement_sides import managers_by_side, may_sign_for
from bot.services.deputies import stand_in
from bot.services.whereabouts import person_name
from storage.transaction import Transaction

OPEN_IT = "Open it with /lockstep agreement, or from Home."


class About(StrEnum):
    """Why a message was written; `follow` keeps all of them true."""

    PROPOSAL = "proposal"
    REPLY = "reply"
    IN_FORCE = "in_force"
    STANDING = "standing"
    """Suspended, resumed, ended."""
    WISH = "wish"
    REVIEW = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Who signed, or wished, for a side; `for_name` the absent manager for whom they did. Names are untrusted."""

    side: Side
    name: str
    at: datetime
    for_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A reply to a proposal: words, or the version proposed in its place. Untrusted."""

    name: str
    text: str
    counter_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementNotice:
    """One version where it stands, for one reader. All text is untrusted.

    `changes` are what it makes different from `compared_with`, the version before it; `proposed_against` is the one
    that was in force when it was proposed, or when both had signed it. `may_…`: what the reader can do.
    """

    about: About
    agreement_id: str
    version: int
    state: State
    proposed_by: str
    proposed_at: datetime
    from_at: datetime
    in_force_at: datetime | None
    ended_at: datetime | None
    signed: tuple[Signed, ...]
    missing: tuple[Side, ...]
    changes: tuple[Change, ...]
    compared_with: int
    proposed_against: int
    replies: tuple[Said, ...]
    defaults: tuple[str, ...]
    wish: Wish | None
    wished: tuple[Signed, ...]
    review_at: datetime | None
    review_is_due: bool
    now: datetime
    may_sign: bool = False
    may_reply: bool = False
    may_withdraw: bool = False
    may_change: bool = False
    may_review: bool = False


def tell_proposed(tx: Transaction, agreement: Agreement) -> None:
    """The managers of both sides, whoever stands in for one, and whoever proposed it have it before them."""
    proposer = tx.people.get(agreement.signing.proposed_by) if agreement.signing else None
    _live(tx, agreement, About.PROPOSAL, [*_managers(tx), *([proposer] if proposer else [])])


def tell_compared_anew(tx: Transaction, agreement: Agreement, signers: Iterable[str]) -> None:
    """Another version came into force while this one waits: those who have signed it have it before them again, and
    where both sides have, all managers."""
    people = [tx.people.get(one) for one in signers]
    is_signed = agreement.signing is not None and agreement.signing.state is State.SIGNED
    _live(tx, agreement, About.PROPOSAL, _managers(tx) if is_signed else [one for one in people if one is not None])


def tell_reply(tx: Transaction, agreement: Agreement, by: Person) -> None:
    """Whoever proposed it hears that somebody answered."""
    proposer = tx.people.get(agreement.signing.proposed_by) if agreement.signing else None
    if proposer is not None and proposer.id != by.id:
        _live(tx, agreement, About.REPLY, [proposer])


def tell_wish(tx: Transaction, agreement: Agreement, by: Person) -> None:
    """The other managers hear what one side wishes."""
    _live(tx, agreement, About.WISH, [one for one in _managers(tx) if one.id != by.id])


def tell_in_force(tx: Transaction, agreement: Agreement) -> None:
    """Managers hear at once that it is in force, everybody else of the two sides in their brief."""
    _tell_all(tx, agreement, About.IN_FORCE, "is in force", f"Both sides have signed it. {OPEN_IT}")


def tell_standing(tx: Transaction, agreement: Agreement) -> None:
    """As tell_in_force, when it was suspended, resumed or ended."""
    words = {
        State.SUSPENDED: ("is suspended", "The clock shows, and nothing escalates, until it is resumed."),
        State.IN_FORCE: ("is in force again", "What it says is held to again."),
        State.ENDED: ("has ended", "The clock shows, and nothing escalates, until both sides sign another version."),
    }
    state = agreement.signing.state if agreement.signing else State.ENDED
    if state in words:
        _tell_all(tx, agreement, About.STANDING, words[state][0], f"{words[state][1]} {OPEN_IT}")


def tell_review(tx: Transaction, agreement: Agreement) -> None:
    """The managers and the points of contact of both sides are asked to look at it again."""
    contacts = [tx.people.by_email(email) for email in sorted(contact_emails(agreement))]
    _live(tx, agreement, About.REVIEW, [*_managers(tx), *(one for one in contacts if one is not None)])


def follow(tx: Transaction, agreement_id: str) -> None:
    """What was said of this version says what is true now, on managers' Home too."""
    for post in tx.posts.of_subject(Subject.AGREEMENT, agreement_id):
        posting.sync(tx, post)
    for manager in _managers(tx):
        posting.sync_home(tx, manager.id)


def contact_emails(agreement: Agreement) -> frozenset[str]:
    return frozenset(contact.email for people in agreement.document.contacts.values() for contact in people)


def load_agreement_notice(tx: Transaction, post: Post) -> AgreementNotice | None:
    """The version as it stands, for the reader of this message; None when it is not there."""
    agreement = tx.agreements.get(post.subject_id)
    if agreement is None:
        return None
    about = str(post.data.get("about", About.PROPOSAL))
    return notice_of(tx, agreement, tx.people.by_slack_id(post.place), About(about))


def notice_of(
    tx: Transaction, agreement: Agreement, reader: Person | None, about: About = About.PROPOSAL
) -> AgreementNotice | None:
    """The version as it stands, for this reader; None for one that was never proposed."""
    if agreement.signing is None:
        return None
    signing = rules.in_force(agreement.signing, tx.now)
    before = version_before(tx, agreement)
    is_review_due = signing.review_at is not None and signing.review_at <= tx.now
    shown = AgreementNotice(
        about=about,
        agreement_id=agreement.id,
        version=agreement.version,
        state=signing.state,
        proposed_by=person_name(tx, signing.proposed_by),
        proposed_at=signing.proposed_at,
        from_at=signing.from_at,
        in_force_at=signing.in_force_at,
        ended_at=signing.ended_at,
        signed=_signed(tx, signing.signatures.items()),
        missing=signing.missing(),
        changes=changes(before.document, agreement.document),
        compared_with=before.version,
        proposed_against=tx.agreements.in_force(signing.signed_at or signing.proposed_at).version,
        replies=tuple(_said(tx, reply) for reply in signing.replies),
        defaults=still_default(agreement.document),
        wish=signing.wish,
        wished=_signed(tx, signing.wished.items()),
        review_at=signing.review_at,
        review_is_due=is_review_due,
        now=tx.now,
    )
    return shown if reader is None else _with_rights(tx, shown, agreement, reader)


def version_before(tx: Transaction, agreement: Agreement) -> Agreement:
    """What the version is compared with: the one in force, while it is to come; else the one in force before it."""
    present = tx.agreements.in_force()
    began = agreement.in_force_from
    if began is None or began > tx.now:
        return present
    earlier = [
        one
        for one in tx.agreements.all()
        if one.in_force_from is not None and (one.in_force_from, one.version) < (began, agreement.version)
    ]
    return max(earlier, key=lambda one: (one.in_force_from, one.version), default=present)


def _with_rights(tx: Transaction, shown: AgreementNotice, agreement: Agreement, reader: Person) -> AgreementNotice:
    signing = agreement.signing
    manages = reader.on_roster and bool(managers_by_side(tx, reader))
    decides = deciders.acting_between(tx, reader) is not None
    is_open = shown.state is State.PROPOSED
    proposed = signing is not None and signing.proposed_by == reader.id
    return replace(
        shown,
        may_sign=is_open and manages and signing is not None and bool(may_sign_for(tx, signing, reader)),
        may_reply=is_open and (manages or proposed),
        may_withdraw=(is_open and (manages or proposed)) or (shown.state is State.SIGNED and manages),
        may_change=bool(rules.possible_wishes(signing, shown.now)) and (manages or decides),
        may_review=shown.review_is_due
        and shown.state in (State.IN_FORCE, State.SUSPENDED)
        and (manages or reader.email in contact_emails(agreement)),
    )


def _signed(tx: Transaction, signatures: Iterable[tuple[Side, Signature]]) -> tuple[Signed, ...]:
    by_side = dict(signatures)
    return tuple(
        Signed(
            side=side,
            name=person_name(tx, by_side[side].person_id),
            at=by_side[side].at,
            for_name=person_name(tx, by_side[side].for_id) if by_side[side].for_id else None,
        )
        for side in SIDES
        if side in by_side
    )


def _said(tx: Transaction, reply: rules.Reply) -> Said:
    counter = tx.agreements.get(reply.counter_id) if reply.counter_id else None
    return Said(
        name=person_name(tx, reply.person_id), text=reply.text, counter_version=counter.version if counter else None
    )


def _managers(tx: Transaction) -> list[Person]:
    return [person for person in tx.people.with_role(Role.MANAGER) if rules.manages(person)]


def _live(tx: Transaction, agreement: Agreement, about: About, people: Iterable[Person]) -> set[str]:
    """Each of these, and whoever stands in for one who is absent, reads it once; the ids of all of them."""
    readers = {reader.id: reader for person in people for reader in (person, stand_in(tx, person))}
    for reader in sorted(readers.values(), key=lambda one: one.id):
        place = posting.reads(reader)
        if place is not None:
            _tell(tx, agreement, about, reader, place)
    return set(readers)


def _tell(tx: Transaction, agreement: Agreement, about: About, reader: Person, place: str) -> None:
    def live() -> None:
        posting.say(tx, Subject.AGREEMENT, agreement.id, place, PostRole.NOTICE, None, {"about": about.value})

    briefs.tell(tx, reader, Kind.AGREEMENT, agreement.id, None, {}, live)


def _tell_all(tx: Transaction, agreement: Agreement, about: About, what: str, text: str) -> None:
    told = _live(tx, agreement, about, _managers(tx))
    data = {"title": f"Version {agreement.version} of the agreement {what}", "text": text}
    everybody = [one for one in tx.people.all() if one.side in SIDES and one.id not in told]
    for person in sorted(everybody, key=lambda one: one.id):
        if posting.reads(person) is not None:
            briefs.tell(tx, person, Kind.AGREEMENT, agreement.id, None, data)
    with_home = sorted((one for one in everybody if one.home_opened_at), key=lambda one: one.home_opened_at or tx.now)
    for person in with_home[-posting.HOMES_AT_ONCE :]:
        posting.sync_home(tx, person.id)
