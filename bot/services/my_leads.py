"""What `/lockstep lead` answers: the leads somebody has, or those of them that a word finds."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.handoff import Handoff
from bot.domain.lead import Lead
from bot.domain.rights import may_hand_over, takes_leads
from bot.services import home_people
from bot.services.home_rows import HomeRow, row_of
from bot.services.people import clicker
from storage.transaction import Transaction

SHOWN = 8
LOOKED_AT = 500
"""The newest leads of one person among which a word is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MyLeads:
    """`rows`: those still to be worked first, of each the newest first. `found`: how many there are in all. `asked`:
    the word that was looked for. Texts are untrusted."""

    rows: tuple[HomeRow, ...]
    found: int
    asked: str = ""
    by: str = ""
    may_hand_over: bool = True


def find(tx: Transaction, by: str, asked: str) -> MyLeads | None:
    """The leads of whoever asks, and where a manager looks for one those of their people, whose name, company or
    address contains `asked`; all of one's own for "". None for who takes no leads, has none, and looks for none.

    Raises NotAllowed, PersonUnknown."""
    who = clicker(tx, by)
    owned = tx.handoffs.owned_by(who.person.id, LOOKED_AT, 0)
    if asked and (scope := home_people.scope_of_all(tx, home_people.managers_of(tx, who.person))) is not None:
        for person_id in scope.person_ids:
            owned += tx.handoffs.owned_by(person_id, LOOKED_AT, 0)
    if not owned and not asked and not takes_leads(who.person):
        return None
    found = [(handoff, lead) for handoff, lead in owned if _fits(lead, asked)]
    found.sort(key=lambda pair: pair[1].stage.value in ("won", "lost"))
    return MyLeads(
        rows=tuple(_row(tx, handoff, lead) for handoff, lead in found[:SHOWN]),
        by=who.person.name,
        found=len(found),
        asked=asked,
        may_hand_over=may_hand_over(who) is None,
    )


def _row(tx: Transaction, handoff: Handoff, lead: Lead) -> HomeRow:
    return row_of(tx, handoff, lead, since=handoff.decided_at or handoff.offered_at)


def _fits(lead: Lead, asked: str) -> bool:
    word = asked.casefold()
    return any(word in text.casefold() for text in (lead.name, lead.company, lead.email) if text) or not word
