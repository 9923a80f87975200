"""What the forms of disputes show: an opinion, a ruling, and a disagreement to be raised."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.agreement_document import Defined
from bot.domain.dispute import (
    NOT_A_PARTY,
    NOT_YOURS_TO_RULE,
    SIDES,
    About,
    Dispute,
    DisputeState,
    is_party,
    may_settle,
    parties,
)
from bot.domain.goals import GOALS
from bot.domain.person import Side
from bot.errors import NotAllowed, NotFound, Refused
from bot.services import deciders
from bot.services.dispute_messages import DEFINED, DisputeShown, is_by_hand, shown
from bot.services.forms import Choice
from bot.services.people import clicker
from storage.transaction import Transaction

CAMPAIGNS = 100
"""Slack's menus show no more of a group."""
ANY = "any"


class Deciding(StrEnum):
    OPINION = "opinion"
    RULING = "ruling"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideForm:
    """An opinion or a ruling on what is open of a case. `asks_side`: a manager of leadership says for whom they speak.
    `in_place_of` names the absent one in whose name it is said: untrusted."""

    case_id: str
    deciding: Deciding
    disputes: tuple[DisputeShown, ...]
    asks_side: bool = False
    in_place_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisagreementForm:
    """What one can disagree with, as `about_value`; `chosen`: what the button was about. Labels are untrusted."""

    definitions: tuple[Choice, ...]
    campaigns: tuple[Choice, ...]
    goals: tuple[Choice, ...]
    chosen: str | None


def opinion_form(tx: Transaction, case_id: str, by: str) -> DecideForm:
    """The form for a manager's opinion. Raises NotAllowed, PersonUnknown, NotFound, and Refused when it is not with the
    managers (any more)."""
    person = clicker(tx, by).person
    open_ones = _open(tx, case_id, DisputeState.WITH_MANAGERS)
    acting = deciders.acting_manager(
        tx, person, {one for each in open_ones for one in (each.sales_manager_id, each.marketing_manager_id)}
    )
    if acting is None:
        raise NotAllowed("Only managers of sales and of marketing can settle a dispute.")
    open_ones = [one for one in open_ones if may_settle(one, acting.person, acting.by)]
    if not open_ones:
        raise Refused(NOT_A_PARTY)
    asked = (open_ones[0].sales_manager_id, open_ones[0].marketing_manager_id)
    return DecideForm(
        case_id=case_id,
        deciding=Deciding.OPINION,
        disputes=tuple(shown(tx, one) for one in open_ones),
        asks_side=acting.person.side is Side.LEADERSHIP and acting.person.id not in asked,
        in_place_of=acting.person.name if acting.by else None,
    )


def ruling_form(tx: Transaction, case_id: str, by: str) -> DecideForm:
    """The form for the arbiter's ruling. Raises as opinion_form."""
    person = clicker(tx, by).person
    open_ones = _open(tx, case_id, DisputeState.WITH_ARBITER)
    if any(is_party(one, person.id) for one in open_ones):
        raise Refused(NOT_YOURS_TO_RULE)
    acting = deciders.acting_arbiter(tx, person, but=parties(open_ones))
    if acting is None:
        raise NotAllowed("Only the arbiter can rule on it.")
    return DecideForm(
        case_id=case_id,
        deciding=Deciding.RULING,
        disputes=tuple(shown(tx, one) for one in open_ones),
        in_place_of=acting.person.name if acting.by else None,
    )


def disagreement_form(tx: Transaction, by: str, about: str = ANY) -> DisagreementForm:
    """The form to raise a disagreement. Raises NotAllowed, PersonUnknown, and Refused for who is of neither side."""
    person = clicker(tx, by).person
    if person.side not in SIDES:
        raise Refused("Only people of sales and of marketing can raise a disagreement.")
    newest = [one for one in tx.campaigns.newest(CAMPAIGNS) if not is_by_hand(one.key)]
    wanted, _, subject_id = about.partition(":")
    named = tx.campaigns.get(subject_id) if wanted == About.CAMPAIGN and subject_id else None
    if named is not None and named not in newest:
        newest = [*newest[: CAMPAIGNS - 1], named]
    newest.sort(key=lambda one: one.name.casefold())
    form = DisagreementForm(
        definitions=tuple(
            Choice(value=about_value(About.DEFINITION, one.value), label=f"The definition of {DEFINED[one.value]}")
            for one in Defined
        ),
        campaigns=tuple(Choice(value=about_value(About.CAMPAIGN, one.id), label=one.name) for one in newest),
        goals=tuple(Choice(value=about_value(About.GOAL, word), label=label) for word, label in GOALS.items()),
        chosen=about,
    )
    known = {one.value for group in (form.definitions, form.campaigns, form.goals) for one in group}
    return form if about in known else DisagreementForm(
        definitions=form.definitions, campaigns=form.campaigns, goals=form.goals, chosen=None
    )  # fmt: skip


def about_value(about: About, subject_id: str) -> str:
    """What a disagreement is about, as buttons and menus name it: `definition:mql`."""
    return f"{about.value}:{subject_id}"


def _open(tx: Transaction, case_id: str, state: DisputeState) -> list[Dispute]:
    case = tx.disputes.of_case(case_id)
    if not case:
        raise NotFound("I do not know this dispute any more.")
    found = [one for one in case if one.state is state]
    if not found:
        raise Refused(WHERE[case[0].state])
    return found


WHERE = {
    DisputeState.WITH_MANAGERS: "It is with the two managers first.",
    DisputeState.WITH_ARBITER: "It is with the arbiter now.",
    DisputeState.SETTLED: "The two managers have settled it.",
    DisputeState.RULED: "The arbiter has ruled on it: that is final.",
    DisputeState.TAKEN_BACK: "It was taken back.",
}
"""Why nothing can be said of it now."""
