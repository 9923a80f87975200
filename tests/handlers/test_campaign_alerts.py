"""Campaign alerts, as Slack sends it: windows lie on each other three deep at most, and show what came of a click."""

from __future__ import annotations

from typing import Any

from bot.domain.campaign_alert import CampaignAlert
from bot.services import campaign_alert_saving, campaign_alerts
from bot.services.campaign_alert_reading import SaveAlert
from bot.services.campaign_alerts import ActOnAlert
from bot.views.campaign_alert_ids import AlertAction, AlertCallback, AlertRef, alert_metadata, alert_value
from storage.transaction import Transaction
from tests.handlers.office import Office
from tests.services.world import MANAGER, MARKETER

ANSWERS = {
    "owner": MARKETER, "start_date": "2026-03-01", "buyer_sees": "Join our webinar.",
    "audience": "Heads of logistics", "new_offer": "Two months free",
}  # fmt: skip
DETAILS = {"id": "V2", "type": "modal", "private_metadata": ""}


def _proposed(tx: Transaction, name: str = "Spring webinar") -> CampaignAlert:
    command = SaveAlert(
        by=MARKETER, alert_id="", version=0, tz="Europe/Berlin", questions=(), channels=("C0SALES",),
        answers=ANSWERS | {"name": name},
    )  # fmt: skip
    alert = campaign_alert_saving.save_alert(tx, command)
    return campaign_alerts.propose(tx, ActOnAlert(alert_id=alert.id, by=MARKETER))


def _labels(view: dict[str, Any]) -> list[str]:
    rows = [block["elements"] for block in view["blocks"] if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row]


async def test_whoever_approves_ends_or_withdraws_in_the_details_sees_there_what_came_of_it(office: Office) -> None:
    alert = await office.world.db.run(_proposed)
    await office.click(MANAGER, AlertAction.APPROVE, alert_value(alert.id, alert.version), view=DETAILS)
    (call,) = office.wire.called("views.update")
    assert (call["view_id"], "Approve" in _labels(call["view"])) == ("V2", False)
    assert "Live" in str(call["view"])
    await office.click(MARKETER, AlertAction.END, alert.id, view=DETAILS)
    shown = office.wire.called("views.update")[-1]["view"]
    assert "Ended" in str(shown)
    assert "Change…" in _labels(shown), "a later end brings it back"
    assert "End it now" not in _labels(shown)

    other = await office.world.db.run(lambda tx: _proposed(tx, "Fair"))
    metadata = alert_metadata(AlertRef(alert_id=other.id, version=other.version))
    await office.submit(MARKETER, AlertCallback.WITHDRAW_SUBMIT, metadata, previous_view_id="V2", why="No budget.")
    under = office.wire.called("views.update")[-1]
    assert (under["view_id"], "Withdraw…" in _labels(under["view"])) == ("V2", False)
    assert "Withdrawn" in str(under["view"])


async def test_the_form_is_never_the_third_window_so_that_its_preview_has_room(office: Office) -> None:
    alert = await office.world.db.run(_proposed)
    over_a_list = DETAILS | {"previous_view_id": "V1"}
    for action in (AlertAction.PREVIEW, AlertAction.EDIT):
        await office.click(MARKETER, action, alert.id, view=over_a_list)
    assert office.wire.called("views.push") == []
    assert [call["view_id"] for call in office.wire.called("views.update")] == ["V2", "V2"]
    await office.click(MARKETER, AlertAction.EDIT, alert.id, view=DETAILS)
    assert len(office.wire.called("views.push")) == 1, "over the first window it lies on it"
