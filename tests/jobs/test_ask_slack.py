"""Home tabs are published and accounts learned through the outbox, like everything else."""

from __future__ import annotations

from bot.domain.person import Person
from bot.domain.post import OutboxKind
from bot.services import home, people, posting
from storage.transaction import Transaction
from tests.integrations.fake_slack import cut, error, limited
from tests.jobs.conftest import ADMIN, World


def open_home(tx: Transaction) -> None:
    home.home_opened(tx, ADMIN)
    posting.sync_home(tx, "admin")


def by_slack_id(tx: Transaction, slack_id: str) -> Person | None:
    return tx.people.by_slack_id(slack_id)


def user(slack_id: str, **more: object) -> dict[str, object]:
    profile = {"real_name": f"Person {slack_id}", "email": f"{slack_id.lower()}@example.com"}
    return {"id": slack_id, "team_id": "T0LOCKSTEP", "tz": "Europe/Lisbon", "profile": profile, **more}


async def test_a_home_that_was_opened_is_published_again(world: World) -> None:
    await world.db.run(open_home)
    await world.outbox.deliver_due()
    assert world.slack.homes[ADMIN]["type"] == "home"
    assert await world.statuses() == {}


async def test_a_home_is_published_again_after_any_trouble(world: World) -> None:
    world.slack.next("views.publish", cut(accepted=True), limited("5"), error("internal_error"))
    await world.db.run(open_home)
    for _ in range(5):
        await world.advance(10)
    assert await world.statuses() == {}


async def test_a_home_of_somebody_who_left_bothers_nobody(world: World) -> None:
    world.slack.next("views.publish", error("user_not_found"))
    await world.db.run(open_home)
    await world.outbox.deliver_due()
    assert await world.statuses() == {}


async def test_an_app_without_home_is_told_to_the_admin(world: World) -> None:
    world.slack.next("views.publish", error("not_enabled"))
    await world.db.run(open_home)
    await world.outbox.deliver_due()
    assert "Home tab" in str(world.slack.messages[f"D{ADMIN[1:]}"])


async def test_an_account_asked_about_is_learned(world: World) -> None:
    world.slack.users["U1"] = user("U1", is_restricted=True)
    await world.db.run(people.queue_refresh, "U1")
    await world.outbox.deliver_due()
    person = await world.db.read(by_slack_id, "U1")
    assert person is not None
    assert person.flags.is_guest
    assert person.flags.checked_at == world.clock.now()


async def test_an_account_slack_does_not_know_bothers_nobody(world: World) -> None:
    await world.db.run(people.queue_refresh, "U404")
    await world.outbox.deliver_due()
    assert await world.statuses() == {}
    assert await world.db.read(by_slack_id, "U404") is None


async def test_somebody_slack_shows_no_more_may_not_act(world: World) -> None:
    await world.db.run(people.queue_refresh, ADMIN)
    await world.outbox.deliver_due()
    admin = await world.db.read(by_slack_id, ADMIN)
    assert admin is not None
    assert admin.flags.may_never_act


async def test_a_home_of_an_unconfirmed_account_asks_slack_first(world: World) -> None:
    world.slack.users[ADMIN] = user(ADMIN)
    await world.db.run(open_home)
    await world.advance(25 * 3600)
    assert ADMIN not in world.slack.homes
    admin = await world.db.read(by_slack_id, ADMIN)
    assert admin is not None
    assert admin.flags.is_known(world.clock.now())


async def test_all_accounts_are_learned_at_once(world: World) -> None:
    world.slack.users = {slack_id: user(slack_id) for slack_id in (ADMIN, "U1", "U2")}
    await world.db.run(lambda tx: tx.outbox.add(OutboxKind.REFRESH_PEOPLE, "all", "people"))
    await world.outbox.deliver_due()
    known = [await world.db.read(by_slack_id, slack_id) for slack_id in (ADMIN, "U1", "U2")]
    assert [person is not None and person.flags.is_known(world.clock.now()) for person in known] == [True] * 3
