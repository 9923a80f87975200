"""What `lockstep check` makes of what it sees: each thing broken once, and everything in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.check_company import check_company
from bot.domain.check_database import MEGABYTE, check_database_clock, check_room, check_time_zones
from bot.domain.check_people import Company, Outbox
from bot.domain.check_slack import (
    ChannelAnswer,
    ChannelUse,
    TokenAnswer,
    check_channels,
    check_clock,
    check_scopes,
    check_tokens,
)
from bot.domain.config import Campaign, Config, Source
from bot.domain.findings import Area, Finding, Verdict, named
from bot.domain.matching import Condition, Operator
from bot.domain.person import Member, Person, Role, Side, SlackFlags, Team
from bot.domain.routing import Rule, Target
from bot.domain.scopes import NEEDED
from bot.domain.target import Target as Told

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SEEN = SlackFlags(checked_at=NOW)
GONE = SlackFlags(is_deleted=True, checked_at=NOW)


def person(number: int, role: Role = Role.REP, **values: Any) -> Person:
    given = {"slack_id": f"U{number}", "flags": SEEN, "side": Side.SALES, "tz": "Europe/Berlin"} | values
    return Person(id=f"p{number}", name=f"Person {number}", roles=frozenset({role}), **given)


def rule(number: int, target: Target = Target.TEAM, to: str = "t1", **condition: Any) -> Rule:
    where = Condition(**({"field": "", "operator": Operator.ANY} | condition))
    return Rule(id=f"r{number}", position=number, name=f"Rule {number}", condition=where, target=target, target_id=to)


REP, MANAGER = person(1, manager_id="p2"), person(2, Role.MANAGER)
ADMIN, MARKETER = person(3, Role.ADMIN), person(4, Role.MARKETER)
TEAM = Team(id="t1", key="europe", name="Europe", pool_channel="C1")
WELL = Company(
    now=NOW,
    config=Config(fallback_channel="C0", marketing_channel="C9", admin_id="p3", sales_channels=("C8",)),
    people=(REP, MANAGER, ADMIN, MARKETER),
    named_people={"p2": MANAGER, "p4": MARKETER},
    teams=((TEAM, (Member(person=REP, weight=1),)),),
    rules=(rule(1),),
    sources=(Source(key="crm", name="CRM", secrets=("whsec_x",), created_at=NOW),),
    last_leads={"crm": NOW - timedelta(hours=1)},
    targets=(),
    outbox=Outbox(),
    campaigns=(Campaign(id="c1", key="webinar", name="Webinar", owner_id="p4", created_at=NOW),),
)


def wrong(findings: list[Finding]) -> list[Finding]:
    return [one for one in findings if one.verdict is not Verdict.OK]


def with_rep(**values: Any) -> dict[str, Any]:
    changed = replace(REP, **values)
    return {
        "people": (changed, MANAGER, ADMIN, MARKETER),
        "teams": ((TEAM, (Member(person=changed, weight=1),)),),
    }


def test_a_company_in_order_has_a_line_of_each_area_and_nothing_to_fix() -> None:
    found = check_company(WELL)
    assert wrong(found) == []
    areas = [one.area for one in found]
    assert areas == [Area.PEOPLE, Area.ROUTING, Area.SOURCES, Area.TARGETS, Area.OUTBOX, Area.CAMPAIGNS]


BROKEN: dict[str, tuple[dict[str, Any], Area, Verdict, str]] = {
    "nobody": ({"people": ()}, Area.PEOPLE, Verdict.FIX, "Nobody is on the roster"),
    "no admin": ({"people": (REP, MANAGER, MARKETER)}, Area.PEOPLE, Verdict.FIX, "is an admin"),
    "an admin who is gone": (
        {"people": (REP, MANAGER, replace(ADMIN, flags=SlackFlags(is_deleted=True, checked_at=NOW)))},
        Area.PEOPLE, Verdict.FIX, "is an admin",
    ),
    "no rep": ({"people": (MANAGER, ADMIN, MARKETER)}, Area.PEOPLE, Verdict.FIX, "No rep"),
    "not found in Slack": (with_rep(slack_id=None), Area.PEOPLE, Verdict.FIX, "address of Person 1"),
    "not looked up yet": (
        with_rep(slack_id=None, flags=SlackFlags()), Area.PEOPLE, Verdict.NOTE, "Not looked up in Slack yet",
    ),
    "deactivated": (
        with_rep(flags=SlackFlags(is_deleted=True, checked_at=NOW)), Area.PEOPLE, Verdict.FIX, "deactivated",
    ),
    "a guest": (with_rep(flags=SlackFlags(is_guest=True, checked_at=NOW)), Area.PEOPLE, Verdict.FIX, "guests"),
    "an app": (with_rep(flags=SlackFlags(is_bot=True, checked_at=NOW)), Area.PEOPLE, Verdict.FIX, "apps"),
    "a stranger": (
        with_rep(flags=SlackFlags(is_stranger=True, checked_at=NOW)), Area.PEOPLE, Verdict.FIX, "another organisation",
    ),
    "a rep in no team": (
        {"people": (REP, person(5, manager_id="p2"), MANAGER, ADMIN)}, Area.PEOPLE, Verdict.NOTE,
        "no lead comes to: Person 5",
    ),
    "a rep without a manager": (with_rep(manager_id=None), Area.PEOPLE, Verdict.NOTE, "without a manager: Person 1"),
    "a manager who left": (
        {"named_people": {"p2": replace(MANAGER, on_roster=False), "p4": MARKETER}}, Area.PEOPLE, Verdict.FIX,
        "manager is not on the roster",
    ),
    "a deputy who left": (with_rep(deputy_id="gone"), Area.PEOPLE, Verdict.FIX, "deputy is not on the roster"),
    "a deputy who acts for somebody who is gone": (
        {"people": (REP, replace(MANAGER, deputy_id="p4", flags=GONE), ADMIN, MARKETER)},
        Area.PEOPLE, Verdict.NOTE, "Person 4 acts in their place",
    ),
    "no such zone": (with_rep(tz="Europe/Brelin"), Area.PEOPLE, Verdict.FIX, "Europe/Brelin"),
    "no fallback": ({"config": Config(marketing_channel="C9")}, Area.ROUTING, Verdict.FIX, "nowhere to go"),
    "no rules": ({"rules": ()}, Area.ROUTING, Verdict.NOTE, "no routing rules"),
    "no rules and no fallback": (
        {"rules": (), "config": Config(marketing_channel="C9")}, Area.ROUTING, Verdict.NOTE, "waits for somebody",
    ),
    "a team that is gone": ({"rules": (rule(1, to="t9"),)}, Area.ROUTING, Verdict.FIX, "is not there any more"),
    "an empty team": ({"teams": ((TEAM, ()),)}, Area.ROUTING, Verdict.FIX, "in which nobody can be offered"),
    "a team of weight 0": (
        {"teams": ((TEAM, (Member(person=REP, weight=0),)),)}, Area.ROUTING, Verdict.FIX, "in which nobody",
    ),
    "a pool without a channel": (
        {
            "rules": (rule(1, Target.POOL),),
            "teams": ((replace(TEAM, pool_channel=None), (Member(person=REP, weight=1),)),),
        },
        Area.ROUTING, Verdict.FIX, "which has no channel",
    ),
    "a pool of nobody": (
        {"rules": (rule(1, Target.POOL),), "teams": ((TEAM, ()),)}, Area.ROUTING, Verdict.FIX, "nobody may take",
    ),
    "a rep who is gone": ({"rules": (rule(1, Target.REP, "p9"),)}, Area.ROUTING, Verdict.FIX, "not on the roster"),
    "a rep who takes no leads": (
        {"rules": (rule(1, Target.REP, "p3"),)}, Area.ROUTING, Verdict.FIX, "cannot be offered leads",
    ),
    "after all leads went to a pool": (
        {"rules": (rule(1, Target.POOL), rule(2, field="country", operator=Operator.IS, value="DE"))},
        Area.ROUTING, Verdict.FIX, "Rule 2, “Rule 2”, has no turn",
    ),
    "the same condition twice": (
        {
            "rules": (
                rule(1, Target.POOL, field="country", operator=Operator.IS, value="DE"),
                rule(2, field="country", operator=Operator.IS, value="DE"),
            )
        },
        Area.ROUTING, Verdict.FIX, "has no turn",
    ),
    "a field that is none": (
        {"rules": (rule(1, field="colour", operator=Operator.IS, value="red"),)}, Area.ROUTING, Verdict.FIX,
        "can never match",
    ),
    "a priority that is none": (
        {"rules": (rule(1, field="priority", operator=Operator.IS, value="boiling"),)}, Area.ROUTING, Verdict.FIX,
        "boiling is no priority",
    ),
    "no source": ({"sources": ()}, Area.SOURCES, Verdict.NOTE, "No source may send leads"),
    "a source without a secret": (
        {"sources": (Source(key="crm", name="CRM", secrets=(), created_at=NOW),)},
        Area.SOURCES, Verdict.FIX, "has no secret",
    ),
    "two secrets": (
        {"sources": (Source(key="crm", name="CRM", secrets=("whsec_a", "whsec_b"), created_at=NOW),)}, Area.SOURCES,
        Verdict.NOTE, "2 secrets in force",
    ),
    "a source that never sent": ({"last_leads": {}}, Area.SOURCES, Verdict.NOTE, "Nothing ever came"),
    "a source gone quiet": (
        {"last_leads": {"crm": NOW - timedelta(days=15)}}, Area.SOURCES, Verdict.NOTE, "came 15 d ago",
    ),
    "a disabled target": (
        {
            "targets": (
                Told(
                    key="crm", url="https://example.com", secrets=("whsec_x",), events=(), created_at=NOW,
                    disabled_at=NOW, disabled_why="410 Gone",
                ),
            )
        },
        Area.TARGETS, Verdict.FIX, "410 Gone",
    ),
    "given up": (
        {"outbox": Outbox(parked=2, reasons=("channel_not_found",))}, Area.OUTBOX, Verdict.FIX,
        "2 messages were given up. Last: channel_not_found",
    ),
    "a timer that does not fire": (
        {"timer_due_at": NOW - timedelta(minutes=3)}, Area.OUTBOX, Verdict.FIX, "was due 3 min ago, and was not done",
    ),
    "overdue": (
        {"outbox": Outbox(unsent=3, due_at=NOW - timedelta(hours=2))}, Area.OUTBOX, Verdict.FIX, "due since 2 h ago",
    ),
    "nobody in marketing hears": (
        {"config": Config(fallback_channel="C0", sales_channels=("C8",))}, Area.CAMPAIGNS, Verdict.FIX, "nobody hears",
    ),
    "a campaign of nobody": (
        {"campaigns": (replace(WELL.campaigns[0], owner_id=None),)}, Area.CAMPAIGNS, Verdict.NOTE, "Without an owner",
    ),
    "many campaigns of nobody": (
        {"campaigns": (replace(WELL.campaigns[0], owner_id=None),), "more_campaigns": 40}, Area.CAMPAIGNS, Verdict.NOTE,
        "Webinar and 40 more",
    ),
    "an owner who left": (
        {"named_people": {"p2": MANAGER}}, Area.CAMPAIGNS, Verdict.NOTE, "not there any more: Webinar",
    ),
    "campaign alerts are told nowhere": (
        {"config": replace(WELL.config, sales_channels=())}, Area.CAMPAIGNS, Verdict.NOTE, "There is no sales channel",
    ),
    "nobody approves campaign alerts": (
        {"people": (replace(REP, manager_id=None), ADMIN, MARKETER)}, Area.CAMPAIGNS, Verdict.FIX,
        "nobody can approve a campaign alert",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_one_thing_broken_is_found_where_it_is_with_a_fix(what: str) -> None:
    changes, area, verdict, words = BROKEN[what]
    found = [one for one in wrong(check_company(replace(WELL, **changes))) if words in one.says]
    assert [(one.area, one.verdict) for one in found] == [(area, verdict)]
    assert found[0].fix


def test_what_was_due_a_moment_ago_is_no_finding() -> None:
    busy = replace(WELL, outbox=Outbox(unsent=40, due_at=NOW - timedelta(seconds=20)))
    assert wrong(check_company(busy)) == []


def test_a_rule_behind_a_team_that_may_be_away_has_a_turn() -> None:
    """Only pools take every lead; a team may have nobody free."""
    later = replace(WELL, rules=(rule(1), rule(2)))
    assert wrong(check_company(later)) == []


def test_a_rule_behind_a_pool_without_a_channel_has_a_turn() -> None:
    """Routing passes such a pool over; only that rule itself is a finding."""
    nowhere = (replace(TEAM, pool_channel=None), (Member(person=REP, weight=1),))
    found = wrong(check_company(replace(WELL, teams=(nowhere,), rules=(rule(1, Target.POOL), rule(2)))))
    assert [one.says.partition(" points")[0] for one in found] == ["Rule 1, “Rule 1”,"]


def test_a_roster_that_slack_was_not_asked_about_yet_has_nothing_to_mend() -> None:
    """Right after a file was applied, before the first start."""
    people = [replace(one, slack_id=None, flags=SlackFlags()) for one in (REP, MANAGER, ADMIN, MARKETER)]
    fresh = replace(
        WELL, people=tuple(people), named_people={"p2": people[1], "p4": people[3]},
        teams=((TEAM, (Member(person=people[0], weight=1),)),), rules=(rule(1), rule(2, Target.REP, "p1")),
    )  # fmt: skip
    assert [one.says for one in wrong(check_company(fresh)) if one.verdict is Verdict.FIX] == []


def test_many_names_are_cut_with_their_number() -> None:
    assert named(["a"]) == "a"
    assert named(["a", "b"]) == "a and b"
    assert named([str(number) for number in range(11)]).endswith("7 and 3 more")


@pytest.mark.parametrize(
    ("apart", "verdict"),
    [
        (timedelta(seconds=-29), Verdict.OK),
        (timedelta(seconds=30), Verdict.NOTE),
        (timedelta(seconds=-299), Verdict.NOTE),
        (timedelta(minutes=5), Verdict.FIX),
        (timedelta(hours=-2), Verdict.FIX),
    ],
)
def test_clocks_may_differ_by_less_than_signatures_live(apart: timedelta, verdict: Verdict) -> None:
    (found,) = check_clock(NOW, NOW + apart)
    assert found.verdict is verdict
    if verdict is not Verdict.OK:
        assert ("ahead of" if apart > timedelta(0) else "behind") in found.says


def test_a_clock_slack_does_not_tell_is_a_note() -> None:
    assert [one.verdict for one in check_clock(None, NOW)] == [Verdict.NOTE]


def test_a_missing_scope_is_named_with_what_it_is_for() -> None:
    (found,) = wrong(check_scopes(set(NEEDED) - {"im:write"}))
    assert found.verdict is Verdict.FIX
    assert "im:write is missing, with which Lockstep opens direct messages" in found.says
    (comfort,) = wrong(check_scopes(set(NEEDED) - {"usergroups:read"}))
    assert comfort.verdict is Verdict.NOTE
    (more,) = wrong(check_scopes({*NEEDED, "files:write"}))
    assert (more.verdict, "files:write" in more.says) == (Verdict.NOTE, True)
    assert wrong(check_scopes(set(NEEDED))) == []


USE = ChannelUse(channel="C1", what="pool of Europe", takes_leads=True)


@pytest.mark.parametrize(
    ("answer", "verdict", "words"),
    [
        (ChannelAnswer(error="channel_not_found"), Verdict.FIX, "not known to Slack"),
        (ChannelAnswer(name="pool", is_archived=True), Verdict.FIX, "#pool, is archived"),
        (ChannelAnswer(name="pool", is_member=False), Verdict.FIX, "does not have Lockstep in it"),
        (ChannelAnswer(name="pool", is_ext_shared=True), Verdict.FIX, "shared with another organisation"),
        (ChannelAnswer(error="internal_error"), Verdict.NOTE, "could not be looked at"),
        (None, Verdict.NOTE, "was not asked about"),
    ],
)
def test_a_channel_that_cannot_be_used_is_named_with_its_use(
    answer: ChannelAnswer | None, verdict: Verdict, words: str
) -> None:
    (found,) = check_channels([USE], {} if answer is None else {"C1": answer})
    assert found.verdict is verdict
    assert "pool of Europe" in found.says
    assert words in found.says


def test_a_shared_channel_that_takes_no_leads_is_a_note() -> None:
    use = ChannelUse(channel="C1", what="channel of marketing")
    (found,) = check_channels([use], {"C1": ChannelAnswer(name="mkt", is_ext_shared=True)})
    assert found.verdict is Verdict.NOTE


@pytest.mark.parametrize(
    ("bot", "socket_error", "words"),
    [
        (TokenAnswer(reached=False, error="no answer"), None, "cannot be reached"),
        (TokenAnswer(error="invalid_auth"), None, "does not accept SLACK_BOT_TOKEN (invalid_auth)"),
        (TokenAnswer(is_bot=False), None, "not a bot's token"),
        (TokenAnswer(team="Brightwater"), "not_allowed_token_type", "does not open Socket Mode"),
    ],
)
def test_a_token_that_does_not_work_is_named(bot: TokenAnswer, socket_error: str | None, words: str) -> None:
    (found,) = wrong(check_tokens(bot, socket_error, socket_mode=True))
    assert found.verdict is Verdict.FIX
    assert words in found.says


def test_room_and_clock_of_the_database() -> None:
    assert [one.verdict for one in check_room(50 * MEGABYTE, 1)] == [Verdict.FIX]
    assert [one.verdict for one in check_room(500 * MEGABYTE, 1)] == [Verdict.NOTE]
    assert [one.verdict for one in check_room(2000 * MEGABYTE, 3000 * MEGABYTE)] == [Verdict.NOTE]
    assert [one.verdict for one in check_room(9000 * MEGABYTE, 3000 * MEGABYTE)] == [Verdict.OK]
    assert [one.verdict for one in check_room(None, 3000 * MEGABYTE)] == [Verdict.OK]
    assert check_database_clock(None, NOW) == []
    assert check_database_clock(NOW + timedelta(seconds=29), NOW) == []
    (late,) = check_database_clock(NOW - timedelta(minutes=2), NOW)
    assert "120 s behind" in late.says
    assert check_time_zones(500) == []
    assert [one.verdict for one in check_time_zones(0)] == [Verdict.FIX]
