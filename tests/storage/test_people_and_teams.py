"""People, teams, rules, settings, sources and campaigns come back as they were stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.config import Campaign, Config, Source
from bot.domain.matching import Condition, Operator
from bot.domain.person import Person, Role, Side, SlackFlags, Team
from bot.domain.routing import Rule, Target
from storage.database import Database
from storage.transaction import Transaction
from tests.storage.samples import NOON, person

EVERYTHING = Person(
    id="p-1",
    name="Ínes “Duarte” 東",
    slack_id="U1",
    email="Ines.Duarte@Example.com",
    title="AE",
    side=Side.MARKETING,
    roles=frozenset({Role.REP, Role.MANAGER}),
    manager_id=None,
    tz="Europe/Lisbon",
    tz_follows_slack=False,
    hours={"mon": [["09:00", "12:30"], ["13:30", "18:00"]]},
    days_off=("2026-12-24", "2026-12-25"),
    weight=3,
    cap=7,
    away_since=NOON,
    away_until=NOON + timedelta(days=1, microseconds=1),
    flags=SlackFlags(is_guest=True, is_bot=True, is_stranger=True, is_deleted=True, checked_at=NOON),
    on_roster=True,
    home_opened_at=NOON,
)


async def test_a_person_comes_back_as_stored(db: Database) -> None:
    await db.run(lambda tx: tx.people.add(EVERYTHING))
    assert await db.read(lambda tx: tx.people.get("p-1")) == EVERYTHING
    assert await db.run(lambda tx: tx.people.lock("p-1")) == EVERYTHING
    assert await db.read(lambda tx: tx.people.get("p-2")) is None


async def test_a_person_is_found_by_account_and_by_address_whatever_its_case(db: Database) -> None:
    await db.run(lambda tx: tx.people.add(EVERYTHING))
    assert await db.read(lambda tx: tx.people.by_slack_id("U1")) == EVERYTHING
    assert await db.read(lambda tx: tx.people.by_email(" ines.duarte@EXAMPLE.com")) == EVERYTHING
    assert await db.read(lambda tx: tx.people.by_email("nobody@example.com")) is None


async def test_of_two_accounts_with_one_address_the_active_one_counts(db: Database) -> None:
    def both(tx: Transaction) -> str:
        person(tx, "Old", email="a@example.com", on_roster=False, flags=SlackFlags(is_deleted=True))
        return person(tx, "New", email="a@example.com", on_roster=False).id

    new = await db.run(both)
    found = await db.read(lambda tx: tx.people.by_email("a@example.com"))
    assert found is not None
    assert found.id == new


async def test_only_the_roster_is_listed_and_has_roles(db: Database) -> None:
    def three(tx: Transaction) -> None:
        person(tx, "Ada", roles=frozenset({Role.MANAGER}))
        person(tx, "Ben")
        person(tx, "Cy", on_roster=False, roles=frozenset({Role.MANAGER}))

    await db.run(three)
    assert [one.name for one in await db.read(lambda tx: tx.people.all())] == ["Ada", "Ben"]
    assert [one.name for one in await db.read(lambda tx: tx.people.all(on_roster=False))] == ["Ada", "Ben", "Cy"]
    assert [one.name for one in await db.read(lambda tx: tx.people.with_role(Role.MANAGER))] == ["Ada"]


async def test_each_says_only_what_it_knows_and_leaves_the_rest_alone(db: Database) -> None:
    """A click on Away between another's reading and writing stands."""
    expected = replace(EVERYTHING, flags=SlackFlags(checked_at=NOON + timedelta(hours=1)))
    await db.run(lambda tx: tx.people.add(EVERYTHING))
    await db.run(lambda tx: tx.people.set_flags("p-1", expected.flags))
    assert await db.read(lambda tx: tx.people.get("p-1")) == expected

    expected = replace(expected, away_since=None, away_until=None, home_opened_at=NOON + timedelta(hours=2))
    await db.run(lambda tx: tx.people.set_away("p-1", None, None))
    await db.run(lambda tx: tx.people.mark_home_opened("p-1", NOON + timedelta(hours=2)))
    assert await db.read(lambda tx: tx.people.get("p-1")) == expected

    decided = replace(EVERYTHING, name="Ines", title="", side=Side.SALES, roles=frozenset(), tz="Asia/Tokyo", cap=None)
    expected = replace(expected, name="Ines", title="", side=Side.SALES, roles=frozenset(), tz="Asia/Tokyo", cap=None)
    await db.run(lambda tx: tx.people.set_roster(decided))
    assert await db.read(lambda tx: tx.people.get("p-1")) == expected

    expected = replace(expected, slack_id="U9", flags=SlackFlags(is_guest=True))
    await db.run(lambda tx: tx.people.set_account("p-1", "U9", SlackFlags(is_guest=True), tz="Europe/Berlin"))
    assert await db.read(lambda tx: tx.people.get("p-1")) == expected

    expected = replace(expected, manager_id="p-1")
    await db.run(lambda tx: tx.people.set_links("p-1", "p-1", None))
    await db.run(lambda tx: tx.people.leave_roster("p-1"))
    assert await db.read(lambda tx: tx.people.get("p-1")) == replace(expected, on_roster=False)

    await db.run(lambda tx: tx.people.lose_account("p-1"))
    assert await db.read(lambda tx: tx.people.get("p-1")) == replace(expected, on_roster=False, slack_id=None)


async def test_a_zone_the_roster_leaves_open_is_slacks(db: Database) -> None:
    async def zone_after(*, follows: bool, roster: str, slack: str | None) -> str:
        told = replace(EVERYTHING, tz=roster, tz_follows_slack=follows)
        await db.run(lambda tx: tx.people.set_roster(told))
        await db.run(lambda tx: tx.people.set_account("p-1", "U1", SlackFlags(), tz=slack))
        person = await db.read(lambda tx: tx.people.get("p-1"))
        assert person is not None
        return person.tz

    await db.run(lambda tx: tx.people.add(EVERYTHING))
    assert await zone_after(follows=False, roster="Europe/Madrid", slack="Asia/Tokyo") == "Europe/Madrid"
    assert await zone_after(follows=True, roster="UTC", slack=None) == "Europe/Madrid", "the last one known"
    assert await zone_after(follows=True, roster="UTC", slack="Asia/Tokyo") == "Asia/Tokyo"


async def test_who_was_never_asked_about_is_asked_about_first(db: Database) -> None:
    def roster(tx: Transaction) -> None:
        person(tx, "Old", slack_id="U1", flags=SlackFlags(checked_at=NOON - timedelta(hours=2)))
        person(tx, "Older", slack_id="U2", flags=SlackFlags(checked_at=NOON - timedelta(hours=3), is_deleted=True))
        person(tx, "Just now", slack_id="U3", flags=SlackFlags(checked_at=NOON))
        person(tx, "New")
        person(tx, "Off", on_roster=False)

    await db.run(roster)
    assert [one.name for one in await db.read(lambda tx: tx.people.to_ask(NOON, 9))] == ["New", "Older", "Old"]
    assert [one.name for one in await db.read(lambda tx: tx.people.to_ask(NOON, 2))] == ["New", "Older"]
    assert [one.name for one in await db.read(lambda tx: tx.people.to_find(NOON, 9))] == ["New", "Older"]


async def test_a_team_has_members_whose_credit_stays_when_the_roster_is_applied_again(db: Database) -> None:
    team = Team(id="t-1", key="europe", name="Europe", pool_channel="C1", mirror_channel="C2")

    def prepare(tx: Transaction) -> list[str]:
        ids = [person(tx, name).id for name in ("Ada", "Ben", "Cy")]
        tx.teams.add(team)
        tx.teams.set_members("t-1", [(ids[0], 1), (ids[1], 2)])
        tx.teams.save_credits("t-1", {ids[0]: -2, ids[1]: 2})
        tx.teams.set_members("t-1", [(ids[1], 5), (ids[2], 1)])
        return ids

    ids = await db.run(prepare)
    members = await db.read(lambda tx: tx.teams.members("t-1"))
    assert [(one.person.id, one.weight, one.credit) for one in members] == [(ids[1], 5, 2), (ids[2], 1, 0)]
    assert await db.read(lambda tx: tx.teams.of_person(ids[1])) == [team]
    assert await db.read(lambda tx: tx.teams.of_person(ids[0])) == []
    assert await db.run(lambda tx: tx.teams.lock("t-1")) == team
    assert await db.read(lambda tx: tx.teams.by_key("europe")) == team
    assert await db.read(lambda tx: tx.teams.by_pool_channel("C1")) == team
    assert await db.read(lambda tx: tx.teams.by_pool_channel("C2")) is None
    changed = replace(team, name="EMEA", pool_channel=None)
    await db.run(lambda tx: tx.teams.save(changed))
    assert await db.read(lambda tx: tx.teams.all()) == [changed]


async def test_rules_are_replaced_as_a_whole_and_keep_their_order(db: Database) -> None:
    def rule(position: int, name: str) -> Rule:
        condition = Condition(field="country", operator=Operator.ONE_OF, value="PT, ES")
        return Rule(
            id=f"r-{name}", position=position, name=name, condition=condition, target=Target.POOL, target_id="t-1"
        )

    await db.run(lambda tx: tx.rules.replace([rule(1, "a"), rule(2, "b")]))
    swapped = [rule(1, "b"), rule(2, "a"), rule(3, "c")]
    await db.run(lambda tx: tx.rules.replace(reversed(swapped)))
    assert await db.read(lambda tx: tx.rules.all()) == swapped


async def test_settings_have_defaults_and_are_read_once_a_transaction(db: Database) -> None:
    assert await db.read(lambda tx: tx.config) == Config()
    config = Config(fallback_channel="C9", admin_id="p-1", crm_hosts=("crm.example.com",))

    def save(tx: Transaction) -> tuple[Config, Config]:
        before = tx.config
        tx.settings.save(config)
        return before, tx.config

    assert await db.run(save) == (Config(), config)
    assert await db.read(lambda tx: tx.settings.load()) == config


async def test_sources_keep_their_secrets_and_never_show_them(db: Database) -> None:
    source = Source(key="crm", name="CRM", secrets=("whsec_one", "whsec_two"), created_at=NOON)
    await db.run(lambda tx: tx.sources.add(source))
    assert await db.read(lambda tx: tx.sources.get("crm")) == source
    assert "whsec" not in repr(source)
    changed = replace(source, secrets=("whsec_three",), name="The CRM")
    await db.run(lambda tx: tx.sources.save(changed))
    assert await db.read(lambda tx: tx.sources.all()) == [changed]
    await db.run(lambda tx: tx.sources.delete("crm"))
    assert await db.read(lambda tx: tx.sources.get("crm")) is None


async def test_a_campaign_is_made_when_it_is_first_named(db: Database) -> None:
    made = await db.run(lambda tx: tx.campaigns.ensure("autumn-webinar"))
    assert made == Campaign(id=made.id, key="autumn-webinar", name="autumn-webinar", owner_id=None, created_at=NOON)
    owner = await db.run(lambda tx: person(tx).id)
    named = replace(made, name="Autumn webinar", owner_id=owner)
    await db.run(lambda tx: tx.campaigns.save(named))
    assert await db.run(lambda tx: tx.campaigns.ensure("autumn-webinar")) == named
    assert await db.read(lambda tx: tx.campaigns.all()) == [named]
    assert await db.read(lambda tx: tx.campaigns.get(made.id)) == named
