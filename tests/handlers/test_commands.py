"""`/lockstep`: whatever is typed gets a private answer that helps."""

from __future__ import annotations

import pytest

from tests.handlers.office import Office
from tests.services.world import JONAS, MANAGER


@pytest.mark.parametrize("text", ["", "menu", "help", "home", "nonsense", "<!channel>", "away 32.13.2026", "x" * 3000])
async def test_every_word_is_answered_privately(office: Office, text: str) -> None:
    answer = await office.command(JONAS, text)
    assert answer["response_type"] == "ephemeral"
    assert answer["text"]
    assert "<!channel>" not in str(answer)


async def test_the_menu_is_for_ones_role(office: Office) -> None:
    await office.world.hand_over(name="Maria")
    assert "waiting in sales" in str(await office.command(MANAGER))
    assert "waiting in sales" not in str(await office.command(JONAS))


async def test_an_unknown_word_is_named_with_the_words_there_are(office: Office) -> None:
    answer = await office.command(JONAS, "leads please")
    assert "leads please" in str(answer)
    assert "/lockstep help" in str(answer)


async def test_away_until_a_day_and_back(office: Office) -> None:
    assert "9 March 2026" in str(await office.command(JONAS, "away 2026-03-09"))
    assert "Welcome back" in str(await office.command(JONAS, "BACK"))


async def test_a_day_that_is_none_changes_nothing(office: Office) -> None:
    assert "2026-03-09" in str(await office.command(JONAS, "away tomorrow"))
    person = await office.world.db.read(lambda tx: tx.people.get("p1"))
    assert person is not None
    assert not person.is_away


async def test_home_is_published_on_request(office: Office) -> None:
    await office.command(JONAS, "home")
    assert [call["user_id"] for call in office.wire.called("views.publish")] == [JONAS]


async def test_somebody_slack_has_not_confirmed_is_asked_to_try_again(office: Office) -> None:
    assert "try again in a moment" in str(await office.command("U0NOBODY"))
