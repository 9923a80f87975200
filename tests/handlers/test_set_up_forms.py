"""People, teams and channels over real Bolt: what is told after a change, and what Slack is asked before one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.person import Role, SlackFlags
from bot.services import channel_setup, roster_person, team_setup
from bot.views.set_up_ids import seen_metadata
from bot.views.set_up_ref import ref_metadata
from storage.transaction import Transaction
from tests.handlers.office import Office
from tests.services.world import ADMIN, FALLBACK, MANAGER, MARKETING, POOL, START

CHANNELS = {"fallback_channel": FALLBACK, "marketing_channel": MARKETING, "crm_hosts": "crm.example.com"}


@pytest.fixture
async def two_admins(office: Office) -> Office:
    """Anna is one as well; whoever clicks is known to Slack."""

    def promote(tx: Transaction) -> None:
        for person in tx.people.all():
            tx.people.set_flags(person.id, SlackFlags(checked_at=START))
        anna = tx.people.by_slack_id(MANAGER)
        assert anna is not None
        tx.people.set_roster(replace(anna, roles=anna.roles | {Role.ADMIN}))

    await office.world.db.run(promote)
    return office


async def person(office: Office, person_id: str) -> str:
    form = await office.world.db.read(roster_person.person_form, person_id, ADMIN)
    return seen_metadata(person_id, form.seen)


async def test_who_takes_the_role_of_admin_from_themselves_reads_no_refusal(two_admins: Office) -> None:
    """It is saved: the form closes, and the list under it, which is not theirs any more, is nobody's answer."""
    office = two_admins
    metadata = await person(office, "p6")
    answer = await office.submit(ADMIN, "person.submit", metadata, previous_view_id="V9", side="other", roles=["rep"])
    assert (answer.status_code, answer.text) == (200, "")
    assert office.wire.called("views.update") == []
    noor = await office.world.db.read(lambda tx: tx.people.get("p6"))
    assert noor is not None
    assert not noor.has(Role.ADMIN)


async def test_who_takes_themselves_off_the_roster_reads_that_it_is_done(two_admins: Office) -> None:
    office = two_admins
    view = {
        "id": "V1", "type": "modal", "private_metadata": await person(office, "p6"), "previous_view_id": "V9",
    }  # fmt: skip
    await office.click(ADMIN, "person.remove", "p6", view=view)
    [shown] = office.wire.called("views.update")
    assert shown["view_id"] == "V1"
    assert "Noor is off the roster" in str(shown["view"])


async def test_a_stale_form_takes_nobody_off(two_admins: Office) -> None:
    view = {"id": "V1", "type": "modal", "private_metadata": seen_metadata("p1", "stale")}
    await two_admins.click(ADMIN, "person.remove", "p1", view=view)
    assert "Somebody changed this" in two_admins.wire.said()
    jonas = await two_admins.world.db.read(lambda tx: tx.people.get("p1"))
    assert jonas is not None
    assert jonas.on_roster


async def test_the_list_under_a_form_follows_a_change(two_admins: Office) -> None:
    metadata = await person(two_admins, "p1")
    await two_admins.submit(ADMIN, "person.submit", metadata, previous_view_id="V9", side="leadership", roles=["rep"])
    [shown] = two_admins.wire.called("views.update")
    assert shown["view_id"] == "V9"
    assert "Leadership" in str(shown["view"])


async def test_slack_is_asked_only_about_channels_that_change(two_admins: Office) -> None:
    """Lockstep was taken out of both meanwhile: that must not keep anybody from mending the rest."""
    office = two_admins
    office.wire.content = {"conversations.info": {"channel": {"is_member": False}}}
    form = await office.world.db.read(channel_setup.channels_form, ADMIN)
    answer = await office.submit(ADMIN, "channels.submit", seen_metadata("", form.seen), **CHANNELS)
    assert (answer.status_code, answer.text) == (200, "")
    assert office.wire.called("conversations.info") == []
    assert (await office.world.db.read(lambda tx: tx.config)).crm_hosts == ("crm.example.com",)


async def test_a_teams_name_is_saved_when_slack_does_not_say_a_word(two_admins: Office) -> None:
    office = two_admins
    office.wire.refuse = {"conversations.info": "channel_not_found"}
    form = await office.world.db.read(team_setup.team_form, "fast", ADMIN)
    metadata = ref_metadata(thing="fast", seen=form.seen, page=1)
    values = {"name": "Faster", "side": "sales", "members": list(form.members), "pool_channel": form.pool_channel}
    answer = await office.submit(ADMIN, "team.submit", metadata, **values)
    assert (answer.status_code, answer.text) == (200, "")
    form = await office.world.db.read(team_setup.team_form, "fast", ADMIN)
    assert (form.name, form.pool_channel) == ("Faster", POOL)
    values["pool_channel"] = "C0OTHER"
    answer = await office.submit(ADMIN, "team.submit", ref_metadata(thing="fast", seen=form.seen), **values)
    assert "not in this channel" in answer.text


async def test_a_page_of_teams_is_turned_in_the_window_it_stands_in(two_admins: Office) -> None:
    def many(tx: Transaction) -> None:
        europe = tx.teams.all()[0]
        for number in range(30):
            tx.teams.add(replace(europe, id=f"x{number}", key=f"x{number}", name=f"X {number:02}", pool_channel=None))

    await two_admins.world.db.run(many)
    window = {"id": "V1", "type": "modal", "private_metadata": ref_metadata(page=0)}
    await two_admins.click(ADMIN, "set_up.page.on", "teams:1", view=window)
    [shown] = two_admins.wire.called("views.update")
    assert "X 29" in str(shown["view"])
