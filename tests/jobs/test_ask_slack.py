"""Home tabs are published and accounts learned through the outbox, like everything else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.domain.person import Person
from bot.services import home, people, person_settings, posting
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


async def test_a_home_that_said_try_again_is_published_once_the_account_is_confirmed(world: World) -> None:
    world.slack.users[ADMIN] = user(ADMIN)
    await world.db.run(open_home)
    await world.advance(25 * 3600)
    admin = await world.db.read(by_slack_id, ADMIN)
    assert admin is not None
    assert admin.flags.is_known(world.clock.now())
    assert world.slack.homes[ADMIN]["type"] == "home"


async def test_a_stranger_who_clicked_reads_on_home_whom_to_ask(world: World) -> None:
    world.slack.users["U77"] = user("U77")
    await world.db.run(people.queue_refresh, "U77")
    await world.outbox.deliver_due()
    assert "Ada Admin" in str(world.slack.homes["U77"])


def on_roster(tx: Transaction, number: int) -> None:
    for each in range(number):
        tx.people.add(Person(id=f"p{each}", name=f"Rep {each}", email=f"u{each}@example.com", roles=frozenset()))


async def confirmed(world: World) -> int:
    """How many of the roster are known in Slack."""
    roster = await world.db.read(lambda tx: tx.people.all())
    return sum(person.slack_id is not None and person.flags.is_known(world.clock.now()) for person in roster)


async def test_the_whole_roster_is_asked_about_and_nobody_else(world: World) -> None:
    world.slack.users = {f"U{number}": user(f"U{number}") for number in range(300)} | {ADMIN: user(ADMIN)}
    await world.db.run(on_roster, 45)
    world.clock.advance(60)
    await world.db.run(people.queue_refresh_of_all)
    await world.pass_time(300)
    assert await confirmed(world) == 46
    assert len(await world.db.read(lambda tx: tx.people.all(on_roster=False))) == 46
    asked = world.slack.called("users.info") + world.slack.called("users.lookupByEmail")
    assert len(asked) == 46, "each once"


async def test_the_roster_is_asked_about_at_slacks_pace(world: World) -> None:
    world.slack.users = {f"U{number}": user(f"U{number}") for number in range(200)} | {ADMIN: user(ADMIN)}
    await world.db.run(on_roster, 200)
    await world.db.run(people.queue_refresh_of_all)
    await world.pass_time(600)
    instants = [call.at for call in world.slack.calls if call.method == "users.lookupByEmail"]
    assert len(instants) == 200
    for at in instants:
        assert at is not None
        within = [other for other in instants if other is not None and at <= other < at + timedelta(seconds=60)]
        assert len(within) <= 60, "tier 3: some 50 a minute, and short bursts"


async def test_what_was_learned_before_slack_asks_for_patience_is_kept(world: World) -> None:
    world.slack.users = {f"U{number}": user(f"U{number}") for number in range(10)} | {ADMIN: user(ADMIN)}
    await world.db.run(on_roster, 10)

    async def answered(slack: Any, request: Any, call: Any) -> Any:
        return web.json_response(slack.answer(call))

    world.slack.next("users.lookupByEmail", answered, answered, answered, limited("30"))
    await world.db.run(people.queue_refresh_of_all)
    await world.outbox.deliver_due()
    assert await confirmed(world) == 4, "three, and the admin as in the beginning"
    await world.pass_time(60)
    assert await confirmed(world) == 11
    assert len(world.slack.called("users.lookupByEmail")) == 11, "nobody twice but the one who was refused"


async def test_who_clicks_does_not_wait_for_the_roster(world: World) -> None:
    world.slack.users = {f"U{number}": user(f"U{number}") for number in range(100)}
    await world.db.run(on_roster, 60)
    await world.db.run(people.queue_refresh_of_all)
    await world.outbox.deliver_due()
    await world.db.run(people.queue_refresh, "U99")
    await world.outbox.deliver_due()
    assert await world.db.read(by_slack_id, "U99") is not None


async def test_whoever_has_a_new_account_is_found_by_address(world: World) -> None:
    world.slack.users = {"U1": user("U1"), ADMIN: user(ADMIN)}
    await world.db.run(on_roster, 2)
    await world.db.run(people.queue_refresh_of_all)
    await world.outbox.deliver_due()
    world.slack.users["U1"] = user("U1", deleted=True)
    world.slack.users["U100"] = user("U100") | {"profile": {"email": "u1@example.com"}}
    await world.advance(60)
    await world.db.run(people.queue_refresh_of_all)
    await world.outbox.deliver_due()
    person = await world.db.read(lambda tx: tx.people.get("p1"))
    assert person is not None
    assert (person.slack_id, person.flags.is_deleted) == ("U100", False)


async def test_who_is_not_in_slack_is_in_the_admins_brief_once(world: World) -> None:
    world.slack.users = {ADMIN: user(ADMIN)}
    await world.db.run(on_roster, 2)
    for _ in range(3):
        await world.db.run(people.queue_refresh_of_all)
        await world.pass_time(3600)
    assert f"D{ADMIN[1:]}" not in world.slack.messages, "it can wait for the morning"
    await world.db.run(person_settings.send_now, ADMIN)
    await world.pass_time(10)
    (told,) = world.slack.messages[f"D{ADMIN[1:]}"]
    assert "Rep 0, Rep 1" in str(told["blocks"])
