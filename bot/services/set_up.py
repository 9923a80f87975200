"""Set-up from Slack: what is there, what is missing, and the first admin."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.person import Person, Role
from bot.domain.rights import may_become_first_admin, may_set_up
from bot.domain.set_up import Figures, StepState, step_states
from bot.services import posting
from bot.services.handoffs import refuse
from bot.services.people import clicker
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """The checklist of an admin; with `offers_first_admin` the offer to become the first one, and no steps."""

    steps: tuple[StepState, ...] = ()
    offers_first_admin: bool = False

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def is_done(self) -> bool:
        return bool(self.steps) and self.done == len(self.steps)


def checklist(tx: Transaction, person: Person) -> SetUp | None:
    """What this person sees of set-up: admins the steps, who may become the first admin the offer, others nothing."""
    if person.has(Role.ADMIN):
        return SetUp(steps=step_states(_figures(tx)))
    # Of nearly everybody this alone says no, without a look at the admins.
    if person.flags.runs_workspace and may_become_first_admin(person, admins(tx)) is None:
        return SetUp(offers_first_admin=True)
    return None


def set_up(tx: Transaction, by: str) -> SetUp:
    """The checklist for whoever asks for it. Raises NotAllowed, PersonUnknown."""
    refuse(may_set_up(clicker(tx, by)))
    return SetUp(steps=step_states(_figures(tx)))


def admins(tx: Transaction) -> list[Person]:
    """The admins of the roster, by name."""
    return tx.people.with_role(Role.ADMIN)


def sync_admins(tx: Transaction) -> None:
    """The checklists on the Homes of all admins follow."""
    for admin in admins(tx):
        posting.sync_home(tx, admin.id)


def _figures(tx: Transaction) -> Figures:
    roster = tx.people.all()
    teams = [team for team in tx.teams.all() if team.removed_at is None]
    config = tx.config
    return Figures(
        people=len(roster),
        reps=sum(person.has(Role.REP) and not person.flags.may_never_act for person in roster),
        teams=len(teams),
        members=tx.teams.count_members(),
        rules=len(tx.rules.all()),
        has_fallback_channel=config.fallback_channel is not None,
        has_marketing_channel=config.marketing_channel is not None,
        sources=len(tx.sources.all()),
        has_lead=tx.leads.has_any(),
    )
