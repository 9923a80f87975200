"""The lists of set-up over real Bolt: where windows open, what stands at a field, and what is never logged."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from bot.views.set_up_ref import ref_metadata
from tests.handlers.office import Office
from tests.services.everything import everything
from tests.services.world import ADMIN, JONAS, MANAGER

HOME = {"view": {"id": "V0", "type": "home", "private_metadata": ""}}
WINDOW = {"view": {"id": "V1", "type": "modal", "private_metadata": ref_metadata(page=0)}}
RULE = {"name": "Germany", "field": "country", "operator": "is", "value": "DE", "to": "rep:p2"}
TRIAL = {"company": None, "country": None, "priority": "warm", "source": "crm", "more": None}


def titles(office: Office, method: str) -> list[str]:
    return [call["view"]["title"]["text"] for call in office.wire.called(method)]


@pytest.mark.parametrize(
    ("action", "title"),
    [
        ("set_up.routing", "Routing rules"),
        ("set_up.sources", "Sources"),
        ("set_up.reasons", "Reasons to reject"),
        ("set_up.campaigns", "Campaigns"),
        ("set_up.first_lead", "First lead"),
        ("set_up.who_would_get", "Who would get this?"),
    ],
)
async def test_a_button_opens_its_window_on_home_and_over_a_window(office: Office, action: str, title: str) -> None:
    await office.click(ADMIN, action, "x", **HOME)
    await office.click(ADMIN, action, "x", **WINDOW)
    assert (titles(office, "views.open"), titles(office, "views.push")) == ([title], [title])


async def test_without_a_source_the_first_lead_is_handed_over_by_hand(office: Office) -> None:
    await office.world.db.run(lambda tx: tx.sources.delete("crm"))
    await office.click(ADMIN, "set_up.first_lead", "x", **HOME)
    assert titles(office, "views.open") == ["Hand over a lead"]


async def test_a_rule_sent_off_closes_its_form_and_the_list_under_it_follows(office: Office) -> None:
    answer = await office.submit(ADMIN, "rule.submit", ref_metadata(), previous_view_id="V9", **RULE)
    assert (answer.status_code, answer.text) == (200, "")
    [shown] = office.wire.called("views.update")
    assert shown["view_id"] == "V9"
    assert "*1. Germany*" in str(shown["view"])


async def test_a_mistake_stands_at_its_field(office: Office) -> None:
    answer = await office.submit(ADMIN, "rule.submit", ref_metadata(), **{**RULE, "name": "", "to": "rep:p9"})
    assert answer.json() == {
        "response_action": "errors",
        "errors": {"name": "Is missing.", "to": "Is not there any more; choose somebody else."},
    }


async def test_a_score_that_is_no_number_is_said_as_a_form_says_it(office: Office) -> None:
    answer = await office.submit(ADMIN, "trial.submit", ref_metadata(), **{**TRIAL, "score": "many"})
    assert answer.json()["errors"] == {"score": "Write a number, such as 71."}


async def test_a_country_nobody_knows_is_kept_and_named_in_the_list(office: Office) -> None:
    values = {**RULE, "operator": "one_of", "value": "DE, Deutschland, Absurdistan"}
    answer = await office.submit(ADMIN, "rule.submit", ref_metadata(), previous_view_id="V9", **values)
    assert (answer.status_code, answer.text) == (200, "")
    [shown] = office.wire.called("views.update")
    assert "I know no country called Absurdistan:" in str(shown["view"])


async def test_a_rule_without_a_value_names_the_words_of_the_menu(office: Office) -> None:
    answer = await office.submit(ADMIN, "rule.submit", ref_metadata(), **{**RULE, "value": ""})
    assert "choose “is given” or “is missing”" in answer.json()["errors"]["value"]


async def test_a_rule_moves_in_the_window_it_is_clicked_in(office: Office) -> None:
    await office.submit(ADMIN, "rule.submit", ref_metadata(), **RULE)
    await office.click(ADMIN, "rule.more", "up:r1", **WINDOW)
    [shown] = office.wire.called("views.update")
    assert shown["view_id"] == "V1"
    assert str(shown["view"]).index("*1. All*") < str(shown["view"]).index("*2. Germany*")


@pytest.mark.parametrize(
    ("action", "value", "said"),
    [
        ("rule.more", "up:gone", "This rule is not there any more"),
        ("rule.more", "edit:gone", "This rule is not there any more"),
        ("rule.more", "delete:gone", "This rule is not there any more"),
        ("source.more", "renew:gone", "This source is not there any more"),
        ("reason.more", "down:gone", "This reason is not there any more"),
        ("reason.more", "retire:gone", "This reason is not there any more"),
    ],
)
async def test_what_somebody_removed_meanwhile_is_said_above_the_list_as_it_is_now(
    office: Office, action: str, value: str, said: str
) -> None:
    await office.click(ADMIN, action, value, **WINDOW)
    [shown] = office.wire.called("views.update")
    assert said in str(shown["view"])
    assert shown["view"]["callback_id"] in ("rules.view", "sources.view", "reasons.view")


@pytest.mark.parametrize("value", ["", "fly:r1", "edit", "edit:" + "x" * 200, "rules:99999999999"])
@pytest.mark.parametrize("action", ["rule.more", "source.more", "reason.more", "set_up.page.on", "source.example"])
async def test_a_value_that_no_control_of_ours_carries_changes_nothing(office: Office, action: str, value: str) -> None:
    before = await everything(office.world)
    assert (await office.click(ADMIN, action, value, **WINDOW)).status_code == 200
    assert await everything(office.world) == before


@pytest.mark.parametrize("metadata", ["", "x", '{"thing":{}}', ref_metadata(thing="r1", seen="forged")])
@pytest.mark.parametrize(
    "callback",
    ["rule.submit", "rule.delete", "source.renew", "source.end", "source.delete", "reason.submit", "reason.retire"],
)
async def test_metadata_that_is_not_ours_changes_nothing(office: Office, callback: str, metadata: str) -> None:
    before = await everything(office.world)
    answer = await office.submit(ADMIN, callback, metadata, **RULE, label="x", then="close")
    assert answer.json()["response_action"] in ("update", "errors")
    assert await everything(office.world) == before


@pytest.mark.parametrize(
    ("answers", "field", "said"),
    [
        ({"score": "many"}, "score", "Write a number, such as 71."),
        ({"email": "nobody"}, "email", "not an e-mail address"),
        ({"more": "just words"}, "more", "Write “name: value”, one a line; “just words” is not."),
        ({"more": "touches: -1"}, "more", "touches: Must be a whole number"),
        ({"more": "employees: " + "9" * 1001}, "more", "employees: "),
        ({"priority": "boiling"}, "priority", "hot, warm or cold"),
    ],
)
async def test_a_lead_to_try_is_read_as_a_sources_is(
    office: Office, answers: dict[str, Any], field: str, said: str
) -> None:
    answer = (await office.submit(ADMIN, "trial.submit", "", **{**TRIAL, **answers})).json()
    assert answer["response_action"] == "errors", answer
    assert list(answer["errors"]) == [field]
    assert said in answer["errors"][field]


async def test_values_beside_the_inputs_decide_too(office: Office) -> None:
    rule = {**RULE, "field": "fields.", "further": "employees", "operator": "at_least", "value": "250", "to": "rep:p3"}
    await office.submit(ADMIN, "rule.submit", ref_metadata(), **rule)
    before = await everything(office.world)
    for more, rep in (("employees: 250\n\ntitle: CFO", "Priya"), ("employees: 3", "of team Europe")):
        answer = (await office.submit(ADMIN, "trial.submit", "", **{**TRIAL, "more": more})).json()
        assert answer["response_action"] == "push"
        assert rep in answer["view"]["blocks"][0]["text"]["text"]
    assert await everything(office.world) == before


async def test_the_answer_of_a_try_lies_on_the_form_or_where_nothing_fits_on_top_is_first_in_it(office: Office) -> None:
    for beneath, shown in ((None, "push"), ("V1", "push"), ("V2", "update")):
        views = {"root_view_id": "V1", "previous_view_id": beneath} if beneath else {}
        answer = (await office.submit(ADMIN, "trial.submit", "", **views, **TRIAL)).json()
        assert answer["response_action"] == shown
        kinds = {block["type"] for block in answer["view"]["blocks"]}
        assert ("input" in kinds) == (shown == "update")
        assert "would get it" in answer["view"]["blocks"][0]["text"]["text"]


async def test_a_secret_is_in_its_window_and_in_no_log(office: Office, logged: io.StringIO) -> None:
    answer = await office.submit(ADMIN, "source.submit", ref_metadata(), previous_view_id="V9", key="forms", name="F")
    found = re.search(r"whsec_[A-Za-z0-9+/=]{40,}", answer.text)
    assert found is not None
    assert answer.json()["view"]["callback_id"] == "secret.view"
    assert "https://lockstep.example.com/webhooks/leads/forms" in answer.text
    assert "whsec_" not in str(office.wire.calls)
    assert "whsec_" not in logged.getvalue()
    assert not await office.world.outbox() or "whsec_" not in str(await office.world.outbox())


@pytest.mark.parametrize("by", [JONAS, MANAGER])
async def test_who_is_no_admin_reads_why_not(office: Office, by: str) -> None:
    await office.click(by, "set_up.routing", "x", **HOME)
    assert "Only Lockstep" in office.wire.said()
    answer = await office.submit(by, "source.submit", ref_metadata(), key="forms", name="F")
    assert "Only Lockstep" in answer.text
    assert "whsec_" not in answer.text
