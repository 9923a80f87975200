"""What is asked of Slack for the forms of set-up, and what becomes of it when Slack is slow or refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.errors import FormError, Refused
from bot.integrations.slack import web_client, web_session
from bot.integrations.slack_accounts import account_of
from handlers import answer_time
from handlers.directory import NO_ANSWER, NO_PLAN, NO_SCOPE, NOT_IN, Directory
from tests.handlers import wire as wires
from tests.handlers.wire import TEAM, Wire


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with wires.running() as wire:
        yield wire


@pytest.fixture
async def directory(wire: Wire) -> AsyncIterator[Directory]:
    async with web_session() as session:
        client = web_client("xoxb-test", f"{wire.url}/api/", session)
        client.proxy = None
        yield Directory(client, lambda user: account_of(user, team_id=TEAM))


def user(slack_id: str = "U1") -> dict[str, object]:
    return {"user": {"id": slack_id, "team_id": TEAM, "profile": {"real_name": "Kim", "email": "kim@example.com"}}}


async def test_who_is_asked_about_is_told(wire: Wire, directory: Directory) -> None:
    wire.content = {"users.info": user()}
    found = await directory.look_up(["U1"])
    assert [account.email for account in found.accounts] == ["kim@example.com"]
    assert (found.nobody, found.unanswered) == ((), 0)


async def test_an_answer_about_somebody_else_is_none(wire: Wire, directory: Directory) -> None:
    wire.content = {"users.info": user("U2")}
    assert (await directory.look_up(["U1"])).unanswered == 1


async def test_whom_slack_does_not_show_is_nobody(wire: Wire, directory: Directory) -> None:
    wire.refuse = {"users.info": "user_not_found"}
    assert (await directory.look_up(["U1", "U2"])).nobody == ("U1", "U2")


@pytest.mark.parametrize("error", ["ratelimited", "internal_error", "missing_scope"])
async def test_whatever_else_slack_refuses_is_left_for_another_time(
    wire: Wire, directory: Directory, error: str
) -> None:
    wire.refuse = {"users.info": error}
    assert (await directory.look_up(["U1"])).unanswered == 1
    with pytest.raises(Refused, match="Slack does not answer"):
        await directory.account("U1")


async def test_a_slack_that_does_not_answer_costs_no_more_than_the_click_has(wire: Wire, directory: Directory) -> None:
    wire.answers.clear()
    with answer_time.answering(within_s=0.8):
        assert (await directory.look_up([f"U{n}" for n in range(30)])).unanswered == 30
        assert answer_time.left_s() > answer_time.SHORTEST_S
        assert (await directory.groups()).choices is None
        with pytest.raises(FormError) as caught:
            await directory.refuse_unless_in({"pool_channel": "C1", "mirror_channel": None})
    assert caught.value.fields == {"pool_channel": NO_ANSWER}
    wire.answers.set()


@pytest.mark.parametrize(("error", "sentence"), [("missing_scope", NO_SCOPE), ("plan_upgrade_required", NO_PLAN)])
async def test_without_user_groups_the_form_says_why(
    wire: Wire, directory: Directory, error: str, sentence: str
) -> None:
    wire.refuse = {"usergroups.list": error, "usergroups.users.list": error}
    groups = await directory.groups()
    assert (groups.choices, groups.why_none) == (None, sentence)
    with pytest.raises(FormError) as caught:
        await directory.members("S1")
    assert set(caught.value.fields) == {"group"}


async def test_groups_are_listed_by_name_and_a_forged_one_is_refused(wire: Wire, directory: Directory) -> None:
    listed = [
        {"id": "S2", "name": "Sales", "handle": "sales", "user_count": 3},
        {"id": "S1", "name": "Marketing", "handle": "mk"},
        {"id": "x'; --", "name": "Odd"},
    ]
    wire.content = {"usergroups.list": {"usergroups": listed}, "usergroups.users.list": {"users": ["U1", "U2"]}}
    choices = (await directory.groups()).choices
    assert choices is not None
    assert [(one.value, one.label, one.description) for one in choices] == [
        ("S1", "Marketing", "@mk"),
        ("S2", "Sales", "@sales, 3 people"),
    ]
    assert await directory.members("S2") == ("U1", "U2")
    with pytest.raises(FormError):
        await directory.members("../S2")


@pytest.mark.parametrize(
    ("answer", "error", "sentence"),
    [
        ({"is_member": True}, None, None),
        ({"is_member": False}, None, NOT_IN),
        ({"is_member": True, "is_archived": True}, None, "archived"),
        ({"is_member": True, "is_ext_shared": True}, None, "another organisation"),
        ({}, "channel_not_found", NOT_IN),
        ({}, "missing_scope", "missing_scope"),
    ],
)
async def test_a_channel_is_checked_before_it_is_saved(
    wire: Wire, directory: Directory, answer: dict[str, bool], error: str | None, sentence: str | None
) -> None:
    wire.content = {"conversations.info": {"channel": answer}}
    wire.refuse = {} if error is None else {"conversations.info": error}
    if sentence is None:
        await directory.refuse_unless_in({"fallback_channel": "C1"}, inside={"fallback_channel"})
        return
    with pytest.raises(FormError) as caught:
        await directory.refuse_unless_in({"fallback_channel": "C1"}, inside={"fallback_channel"})
    assert sentence in caught.value.fields["fallback_channel"]


async def test_a_channel_where_no_leads_are_taken_may_be_shared(wire: Wire, directory: Directory) -> None:
    wire.content = {"conversations.info": {"channel": {"is_member": True, "is_ext_shared": True}}}
    await directory.refuse_unless_in({"mirror_channel": "C1"}, inside={"pool_channel"})


async def test_what_is_no_channel_is_never_asked_about(wire: Wire, directory: Directory) -> None:
    with pytest.raises(FormError):
        await directory.refuse_unless_in({"fallback_channel": "D1"})
    assert wire.calls == []
