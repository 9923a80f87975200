"""What the forms to log and to correct outcomes ask: only what is possible now, and why the rest is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.domain import follow_up, money, rights
from bot.domain.criteria import criteria_of, criterion_value
from bot.domain.follow_up import Progress
from bot.domain.handoff import Handoff
from bot.domain.lead import Lead
from bot.domain.local_time import local_date, next_monday
from bot.domain.outcome import LATEST_DATE, Kind
from bot.domain.reasons import FollowUp, Reason
from bot.errors import NotFound
from bot.services import standing
from bot.services.corrections import Entry, entries
from bot.services.forms import Choice
from bot.services.handoffs import already_decided, refuse
from bot.services.naming import lead_name
from bot.services.outcomes import owner_tz, refuse_unless_current
from bot.services.people import clicker
from bot.services.standing import Standing
from storage.transaction import Transaction

LIKELY_CURRENCY = "EUR"
"""Until somebody names another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A reason that can be chosen, what it asks, and whether that must be answered. `label` and `question` are the
    teams' own words: untrusted."""

    code: str
    label: str
    ask: FollowUp = FollowUp.NONE
    question: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeForm:
    """`possible`: what can be logged now; `refused`: what cannot, each with the sentence that says why. Dates are ISO
    and local to the owner. `correcting`: the entry that is corrected, with what it says now. Texts are untrusted."""

    handoff_id: str
    version: int
    agreement_id: str
    lead_name: str
    company: str | None
    standing: Standing | None
    possible: tuple[Kind, ...]
    refused: tuple[tuple[Kind, str], ...]
    disqualify: tuple[Question, ...] = ()
    loss: tuple[Question, ...] = ()
    win: tuple[Question, ...] = ()
    criteria: tuple[Choice, ...] = ()
    currencies: tuple[str, ...] = ()
    currency: str = LIKELY_CURRENCY
    today: str
    latest: str
    suggested_return: str
    suggested_close: str
    tz: str
    is_logged: bool = False
    for_owner: str | None = None
    """Whose lead it is, where somebody else logs for them."""
    correcting: Entry | None = None
    again: bool = False
    """Of a disqualification that is corrected: the lead is to come back to the same rep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryShown:
    """What was logged about a lead, the newest first. Texts are untrusted."""

    handoff_id: str
    version: int
    lead_name: str
    company: str | None
    entries: tuple[Entry, ...]


def outcome_form(tx: Transaction, handoff_id: str, by: str) -> OutcomeForm:
    """The form to log an outcome. Raises AlreadyDecided, NotAllowed, PersonUnknown, NotFound."""
    handoff, lead, tz = _readable(tx, handoff_id, by)
    if not handoff.is_owned:
        raise already_decided(tx, handoff)
    known = standing.known(tx, handoff, lead)
    return _form(tx, handoff, lead, known.progress, by, tz)


def correct_form(tx: Transaction, handoff_id: str, outcome_id: str, by: str) -> OutcomeForm:
    """The form to correct one entry: what could have been logged in its place. Raises as outcome_form, and Refused when
    the lead has gone on since."""
    handoff, lead, tz = _readable(tx, handoff_id, by)
    refuse_unless_current(tx, handoff, lead)
    history = tx.outcomes.standing(handoff.id)
    index = next((at for at, one in enumerate(history) if one.id == outcome_id), None)
    if index is None:
        raise NotFound("Somebody corrected this entry meanwhile. Please open the list again.")
    entry = next(one for one in entries(tx, handoff) if one.id == outcome_id)
    before = standing.progress_of(handoff, history[:index])
    return _form(tx, handoff, lead, before, by, tz, entry)


def history(tx: Transaction, handoff_id: str, by: str) -> HistoryShown:
    """What was logged, to be corrected. Raises as outcome_form, but for a lead that nobody has any more."""
    handoff, lead, _ = _readable(tx, handoff_id, by)
    return HistoryShown(
        handoff_id=handoff.id, version=handoff.version, lead_name=_marked(lead), company=lead.company,
        entries=tuple(reversed(entries(tx, handoff))),
    )  # fmt: skip


def _form(
    tx: Transaction, handoff: Handoff, lead: Lead, progress: Progress, by: str, tz: str, entry: Entry | None = None
) -> OutcomeForm:
    terms = handoff.terms
    refusals = {kind: follow_up.refusal(progress, kind, terms, tx.now) for kind in Kind}
    if entry is not None:
        refusals.pop(Kind.GIVEN_BACK)
    today = local_date(tx.now, owner_tz(tx, handoff))
    owner = tx.people.get(handoff.rep_id) if handoff.rep_id else None
    return OutcomeForm(
        handoff_id=handoff.id,
        version=handoff.version,
        agreement_id=handoff.agreement_id,
        lead_name=_marked(lead),
        company=lead.company,
        standing=standing.standing(tx, handoff, lead),
        possible=tuple(kind for kind, why in refusals.items() if why is None),
        refused=tuple((kind, why) for kind, why in refusals.items() if why is not None),
        disqualify=_questions(follow_up.disqualify_reasons(progress, terms)),
        loss=_questions(terms.loss_reasons),
        win=tuple(Question(code=one.code, label=one.label) for one in terms.win_reasons),
        criteria=tuple(Choice(value=criterion_value(label), label=label) for label in criteria_of(terms)),
        currencies=money.CURRENCIES,
        currency=progress.currency or tx.outcomes.last_currency() or LIKELY_CURRENCY,
        today=today.isoformat(),
        latest=(today + LATEST_DATE).isoformat(),
        suggested_return=next_monday(today, weeks=4).isoformat(),
        suggested_close=(today + timedelta(days=30)).isoformat(),
        tz=tz,
        is_logged=bool(tx.outcomes.standing(handoff.id)),
        for_owner=owner.name if owner is not None and owner.slack_id != by else None,
        correcting=entry,
        again=entry is not None and bool(handoff.extra.get("again")),
    )


def _readable(tx: Transaction, handoff_id: str, by: str) -> tuple[Handoff, Lead, str]:
    who = clicker(tx, by)
    handoff = tx.handoffs.get(handoff_id)
    lead = tx.leads.get(handoff.lead_id) if handoff is not None else None
    if handoff is None or lead is None:
        raise NotFound("I do not know this lead. If the message is old, open Home for your present leads.")
    refuse(rights.may_log(who, handoff))
    return handoff, lead, who.person.tz


def _questions(reasons: tuple[Reason, ...]) -> tuple[Question, ...]:
    return tuple(
        Question(code=one.code, label=one.label, ask=one.ask, question=one.question, required=one.required)
        for one in reasons
    )


def _marked(lead: Lead) -> str:
    return f"🎓 Practice: {lead_name(lead)}" if lead.practice else lead_name(lead)
