"""Assign: a manager finds a lead that nobody could be offered on Home, and gives it to a rep."""

from __future__ import annotations

from typing import Any

import pytest

from bot.views.ids import ActionId, CallbackId
from tests.handlers.office import Office
from tests.handlers.wire import Json
from tests.services.world import INES, MANAGER

HOME: dict[str, Any] = {"id": "V0", "type": "home", "private_metadata": ""}


@pytest.fixture
async def lead_id(office: Office) -> str:
    await office.world.configure(fallback_channel=None)
    await office.world.rules()
    return (await office.world.hand_over(name="Maria Lopez", company="Nord")).lead_id


def home_of(office: Office) -> str:
    return str(office.wire.called("views.publish")[-1]["view"]["blocks"])


async def test_a_manager_assigns_a_lead_from_home(office: Office, lead_id: str) -> None:
    await office.event({"type": "app_home_opened", "user": MANAGER, "tab": "home"})
    assert "Nowhere to go" in home_of(office)
    assert lead_id in home_of(office)
    await office.click(MANAGER, ActionId.LEAD_ASSIGN, lead_id, view=HOME)
    [opened] = office.wire.called("views.open")
    view: Json = opened["view"]
    assert (view["callback_id"], view["private_metadata"]) == (CallbackId.ASSIGN_SUBMIT, lead_id)
    answer = await office.submit(MANAGER, CallbackId.ASSIGN_SUBMIT, lead_id, person_id="p2", note="Knows them")
    assert answer.text == ""
    [handoff] = await office.world.of_lead(lead_id)
    assert handoff.rep_id == "p2"


async def test_what_is_missing_is_said_at_its_field(office: Office, lead_id: str) -> None:
    answer = await office.submit(MANAGER, CallbackId.ASSIGN_SUBMIT, lead_id, person_id="p2", note="")
    assert list(answer.json()["errors"]) == ["note"]
    assert await office.world.of_lead(lead_id) == []


@pytest.mark.parametrize("value", ["", "nonsense/..", "x" * 3000, "made-up"])
async def test_a_forged_lead_is_answered_with_a_sentence(office: Office, lead_id: str, value: str) -> None:
    answer = await office.click(MANAGER, ActionId.LEAD_ASSIGN, value)
    assert answer.status_code == 200
    answer = await office.submit(MANAGER, CallbackId.ASSIGN_SUBMIT, value, person_id="p2", note="x")
    assert answer.json()["response_action"] == "update"
    assert await office.world.of_lead(lead_id) == []


async def test_a_rep_cannot_assign(office: Office, lead_id: str) -> None:
    await office.click(INES, ActionId.LEAD_ASSIGN, lead_id)
    assert office.wire.called("views.open") == []
    await office.submit(INES, CallbackId.ASSIGN_SUBMIT, lead_id, person_id="p2", note="Mine")
    assert await office.world.of_lead(lead_id) == []
