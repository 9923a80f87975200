"""Several admins change routing, sources and reasons at the same moment, on both databases: nothing is lost."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from typing import Any

from bot.domain.person import SlackFlags
from bot.errors import NotAllowed, NotFound, Refused
from bot.services import reject_reasons, routing_set_up, routing_trial, sources
from bot.services.lead_records import HandOver
from bot.services.reject_reasons import SaveReason
from bot.services.routing_set_up import SaveRule
from storage.database import Database
from storage.transaction import Transaction
from tests.services import world
from tests.services.world import ADMIN
from tests.storage.samples import NOON

MANY = 12


def populate(tx: Transaction) -> None:
    world.populate(tx)
    for person in tx.people.all():
        tx.people.set_flags(person.id, SlackFlags(checked_at=NOON))


def rule(name: str) -> SaveRule:
    return SaveRule(
        by=ADMIN, rule_id=None, seen="", name=name, field="country", further="", operator="is", value="DE", to="rep:p2"
    )


def reason(label: str) -> SaveReason:
    return SaveReason(
        by=ADMIN, code=None, seen="", label=label, then="close", ask="none", question="", required=False,
        counts_against_marketing=True,
    )  # fmt: skip


async def test_of_rules_added_at_once_each_is_there(db: Database, other_db: Database) -> None:
    await db.run(populate)
    await db.run(lambda tx: tx.rules.replace([]))
    names = [f"Rule {n}" for n in range(MANY)]
    await asyncio.gather(
        *((db, other_db)[n % 2].run(routing_set_up.save_rule, rule(name)) for n, name in enumerate(names))
    )
    rules = await db.read(lambda tx: tx.rules.all())
    assert sorted(rule.name for rule in rules) == sorted(names)
    assert [rule.position for rule in rules] == list(range(1, MANY + 1))


async def test_a_rule_added_while_the_only_other_one_is_deleted_stays_alone(db: Database, other_db: Database) -> None:
    await db.run(populate)
    form = await db.read(routing_set_up.rule_form, ADMIN, "r1")
    await asyncio.gather(
        db.run(routing_set_up.delete_rule, ADMIN, "r1", form.seen), other_db.run(routing_set_up.save_rule, rule("New"))
    )
    assert [(rule.name, rule.position) for rule in await db.read(lambda tx: tx.rules.all())] == [("New", 1)]


async def test_of_secrets_made_at_once_the_two_newest_are_believed(db: Database, other_db: Database) -> None:
    await db.run(populate)
    await db.run(sources.add_source, ADMIN, key="crm", name="CRM")
    made = await asyncio.gather(*((db, other_db)[n % 2].run(sources.renew_secret, ADMIN, "crm") for n in range(MANY)))
    source = await db.read(lambda tx: tx.sources.get("crm"))
    assert source is not None
    assert len(source.secrets) == 2
    assert set(source.secrets) <= {one.secret for one in made}


async def test_of_reasons_added_at_once_each_is_there_and_makes_a_version(db: Database, other_db: Database) -> None:
    await db.run(populate)
    before = (await db.read(lambda tx: tx.agreements.in_force())).version
    labels = [f"Reason {n}" for n in range(MANY)]
    await asyncio.gather(
        *((db, other_db)[n % 2].run(reject_reasons.save_reason, reason(label)) for n, label in enumerate(labels))
    )
    now = await db.read(lambda tx: tx.agreements.in_force())
    assert {reason.label for reason in now.terms.reasons} >= set(labels)
    assert now.version == before + MANY


async def test_of_all_who_retire_the_last_two_reasons_at_once_one_is_refused(db: Database, other_db: Database) -> None:
    await db.run(populate)
    codes = [reason.code for reason in (await db.read(lambda tx: tx.agreements.in_force())).terms.reasons]
    for code in codes[:-2]:
        await db.run(reject_reasons.retire_reason, ADMIN, code)

    async def retire(at: Database, code: str) -> Any:
        try:
            return await at.run(reject_reasons.retire_reason, ADMIN, code)
        except (Refused, NotFound) as error:
            return error

    ends = await asyncio.gather(retire(db, codes[-1]), retire(other_db, codes[-2]))
    assert [end is None for end in ends].count(True) == 1
    assert len((await db.read(lambda tx: tx.agreements.in_force())).terms.reasons) == 1


async def test_who_would_get_a_lead_is_asked_where_nothing_can_be_written(db: Database) -> None:
    await db.run(populate)
    command = HandOver(source="crm", external_id="1", country="DE", given=frozenset({"country"}))
    trial = await db.read(routing_trial.try_lead, ADMIN, command)
    assert (trial.rep, trial.team) in (("Ines", "Europe"), ("Jonas", "Europe"))


async def test_who_is_admin_no_more_when_their_turn_comes_changes_nothing(db: Database, other_db: Database) -> None:
    """Another admin takes the role from them while they wait."""
    await db.run(populate)
    await db.run(sources.add_source, ADMIN, key="crm", name="CRM")

    def demote(tx: Transaction) -> tuple[str, ...]:
        tx.settings.lock()
        person, source = tx.people.by_slack_id(ADMIN), tx.sources.get("crm")
        assert person is not None
        assert source is not None
        tx.people.set_roster(replace(person, roles=frozenset()))
        for _ in range(300):  # long enough for all the others to ask who they are before this is committed
            tx.sources.get("crm")
        return source.secrets

    async def renew(at: Database) -> None:
        with contextlib.suppress(NotAllowed):
            await at.run(sources.renew_secret, ADMIN, "crm")

    replicas = (db, other_db)
    then, *_ = await asyncio.gather(db.run(demote), *(renew(replicas[n % 2]) for n in range(MANY)))
    source = await db.read(lambda tx: tx.sources.get("crm"))
    assert source is not None
    assert source.secrets == then
