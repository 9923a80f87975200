"""What the form shows by which all of a person's leads go to others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain import rights
from bot.domain.absence import absence
from bot.domain.person import Person
from bot.domain.reassignment import Reassignment, Which
from bot.errors import FormError, NotFound
from bot.services.forms import Choice
from bot.services.handoffs import refuse
from bot.services.people import clicker, reps
from bot.services.reassigning_all import BY_RULES, TO_REP, TO_TEAM, count, room_of
from bot.services.whereabouts import person_name
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class ReassignAllForm:
    """`id` names the reassignment this form begins. `which` and `to` are what is chosen so far; `preview` says what
    sending it off would do. Names and texts with them are untrusted."""

    id: str
    person_id: str
    name: str
    offers: int
    accepted: int
    absence: str | None
    until: datetime | None
    which: Which
    to: str
    by_turns: tuple[Choice, ...]
    """By the rules, and by each team's turns."""
    reps: tuple[Choice, ...]
    """The person's deputy first."""
    preview: str
    is_trouble: bool
    """`preview` says why it cannot be sent off so."""
    may_be_marked_away: bool


def reassign_all_form(
    tx: Transaction, by: str, person_id: str, *, form_id: str | None = None, which: str = "", to: str = ""
) -> ReassignAllForm:
    """The form about this person's leads. Raises NotAllowed, PersonUnknown, NotFound."""
    who = clicker(tx, by)
    refuse(rights.may_manage(who))
    person = tx.people.get(person_id)
    if person is None:
        raise NotFound("I do not know this person any more. Please open Home again.")
    offers, accepted = tx.handoffs.loads([person.id])[person.id]
    chosen = Which(which) if which in list(Which) else _likely(offers, accepted)
    found = absence(person, tx.now)
    preview, is_trouble = _preview(tx, person, count(offers, accepted, chosen), to or BY_RULES)
    return ReassignAllForm(
        id=form_id or tx.new_id(),
        person_id=person.id,
        name=person.name,
        offers=offers,
        accepted=accepted,
        absence=found.why if found else None,
        until=found.until if found else None,
        which=chosen,
        to=to or BY_RULES,
        by_turns=_by_turns(tx, person),
        reps=_reps(tx, person),
        preview=preview,
        is_trouble=is_trouble,
        may_be_marked_away=person.on_roster and not person.flags.may_never_act,
    )


def said_of(tx: Transaction, asked: Reassignment) -> str:
    """What whoever sent the form off reads: how many leads went on, and what happens to the rest."""
    name = person_name(tx, asked.person_id)
    if asked.finished_at is not None:
        return f"{_leads(asked.done)} of {name} {'went' if asked.done else 'go'} on. {_where(tx, asked)}"
    return (
        f"{asked.done} of {_leads(asked.total)} of {name} have gone on, the others follow by themselves: "
        f"Home shows how far it is. {_where(tx, asked)}"
    )


def _likely(offers: int, accepted: int) -> Which:
    """Both where there are both: whoever is sick looks after neither."""
    if offers and not accepted:
        return Which.OFFERS
    return Which.ACCEPTED if accepted and not offers else Which.BOTH


def _preview(tx: Transaction, person: Person, total: int, to: str) -> tuple[str, bool]:
    if total == 0:
        return f"{person.name} has no such leads: nothing would happen.", True
    if to.startswith(TO_REP):
        rep = tx.people.get(to.removeprefix(TO_REP))
        if rep is None:
            return "Choose one rep, a team, or route each lead anew.", True
        try:
            room = room_of(tx, rep)
        except FormError as error:
            return str(error), True
        if room is not None and room < total:
            return f"{rep.name} has room for {room} of these {total} leads (limit {rep.cap}).", True
        return f"{_are(total)} offered to {rep.name}.", False
    if to.startswith(TO_TEAM):
        team = tx.teams.get(to.removeprefix(TO_TEAM))
        return f"{_are(total)} offered to the team {team.name if team else ''} by turns, without {person.name}.", False
    return f"{_are(total)} routed anew, without {person.name}.", False


def _are(total: int) -> str:
    return f"{_leads(total)} {'is' if total == 1 else 'are'}"


def _leads(total: int) -> str:
    return "1 lead" if total == 1 else f"{total} leads"


def _where(tx: Transaction, asked: Reassignment) -> str:
    if asked.to_rep_id is not None:
        return f"{person_name(tx, asked.to_rep_id)} gets a card for each."
    team = tx.teams.get(asked.to_team_id) if asked.to_team_id else None
    return f"{f'In {team.name} whose' if team else 'Whose'} turn it is gets a card for each."


def _by_turns(tx: Transaction, person: Person) -> tuple[Choice, ...]:
    members = tx.teams.all_members()
    teams = [team for team in tx.teams.all() if any(one.person.id != person.id for one in members.get(team.id, ()))]
    return (
        Choice(value=BY_RULES, label="Route each anew", description="By the routing rules, as if it came now"),
        *(Choice(value=f"{TO_TEAM}{team.id}", label=f"{team.name}, by turns") for team in teams),
    )


def _reps(tx: Transaction, person: Person) -> tuple[Choice, ...]:
    found = [one for one in reps(tx) if one.id != person.id and not one.flags.may_never_act]
    found.sort(key=lambda one: one.id != person.deputy_id)
    return tuple(
        Choice(value=f"{TO_REP}{one.id}", label=one.name, description=_about(tx, one, person)) for one in found
    )


def _about(tx: Transaction, rep: Person, person: Person) -> str | None:
    gone = absence(rep, tx.now)
    said = [
        f"Deputy of {person.name}" if rep.id == person.deputy_id else None,
        gone.why.capitalize() if gone else None,
    ]
    return ", ".join(part for part in said if part) or None
