"""Who may do what, where (P6): every kind of person, every id we ever hand to Slack, every kind of place.

Allowed is what the tables list; everything else is refused, and nothing has changed afterwards. A new id, command or
shortcut that is in no table fails here. Real Bolt and signed payloads over a real database.
"""

from __future__ import annotations

import shutil
import sqlite3
import uuid
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from bot.domain.brief import Brief, Why
from bot.domain.budget import Kind
from bot.domain.config import Config, Source
from bot.domain.matching import Condition, Operator
from bot.domain.person import Person, Role, Side, SlackFlags, Team
from bot.domain.routing import Rule, Target
from bot.integrations.holidays import PublicHolidays
from bot.services.home_rows import HomeLists
from bot.views import ids
from bot.views.ids import ActionId, CallbackId, More
from storage.database import Database
from storage.schema import migrate
from storage.transaction import Transaction
from tests import (
    rights_of_agreement,
    rights_of_alert_talk,
    rights_of_campaign_alerts,
    rights_of_clock,
    rights_of_digest_windows,
    rights_of_digests,
    rights_of_lists,
    rights_of_marketing,
    rights_of_note_answers,
    rights_of_notes,
    rights_of_outcomes,
    rights_of_people,
    rights_of_roster,
    rights_of_search,
)
from tests.handlers import office as offices
from tests.handlers import wire as wires
from tests.handlers.office import Office
from tests.services.signed import put_in_force
from tests.services.world import FALLBACK, MIRROR, POOL, START, StandingClock, World

PEOPLE = {
    "rep": "the rep it is offered to, of the team whose pool it is, and its owner once accepted",
    "mate": "another rep of that team",
    "other": "a rep of another team",
    "manager": "a sales manager",
    "cmo": "a marketing manager",
    "marketer": "a marketer",
    "admin": "the admin",
    "unlisted": "a colleague on no roster",
    "guest": "a guest, though the roster says rep of the team",
    "stranger": "somebody of another organisation, though the roster says so",
    "deactivated": "a deactivated account, though the roster says so",
    "app": "an app, though the roster says so",
    "unknown": "an account Slack never told us about",
}
PLACES = ("own", "pool", "fallback", "mirror", "home")
"""The card in the rep's messages, in the team's pool, in the fallback pool, its copy, and its line on Home."""

ON_LEADS = """
action           | own     | pool     | fallback               | mirror  | home    | the lead is
handoff.accept   | rep     | rep mate | rep mate other manager | rep     | rep     | offered
handoff.reject   | rep     | rep mate | rep mate other manager | rep     | rep     | offered
reject.reason    | rep     | rep mate | rep mate other manager | rep     | rep     | offered
reject.submit    | rep     | rep mate | rep mate other manager | rep     | rep     | offered
more:details     | rep manager | rep mate manager | rep mate other manager | rep manager | rep manager | offered
more:reassign    | manager | manager  | manager                | manager | manager | offered
more:withdraw    | manager | manager  | manager                | manager | manager | offered
reassign.submit  | manager | manager  | manager                | manager | manager | offered
withdraw.submit  | manager | manager  | manager                | manager | manager | offered
handoff.undo     | rep     | rep      | rep                    | rep     | rep     | accepted
more:release     | rep     | rep      | rep                    | rep     | rep     | accepted
release.submit   | rep     | rep      | rep                    | rep     | rep     | accepted
"""
ON_UNROUTED = {"lead.assign": {"manager"}, "assign.submit": {"manager"}}
"""On a lead that nobody could be offered: it stands on the Home of sales managers only."""
ON_ROSTER = "rep mate other manager cmo marketer admin"
ON_ONESELF = {
    "home.away": ON_ROSTER,
    "home.back": ON_ROSTER,
    "away.submit": ON_ROSTER,
    "/lockstep away": ON_ROSTER,
    "/lockstep back": ON_ROSTER,
    "home.settings": ON_ROSTER,
    "settings.submit": ON_ROSTER,
    "brief.now": ON_ROSTER,
    "/lockstep settings": ON_ROSTER,
    **dict.fromkeys(rights_of_clock.ON_ONESELF, ON_ROSTER),
    "practice.start": "rep mate other manager",
}
"""What people do with themselves."""
ON_NEW_LEADS = {"lead.new": ON_ROSTER, "lead.submit": ON_ROSTER}
"""Handing a lead over by hand: whoever is a rep, marketer, manager or admin."""
ON_BRIEF = {"brief.all": {"rep"}, "brief.page.on": {"rep"}, "brief.page.back": {"rep"}}
"""Under a brief of the rep's: in a channel all see it, and only its reader opens it."""
CHANGE_NOTHING = (
    "open.crm", "more:crm", "answer", "home.page.back", "home.page.on", "home.help", "help.view", "check.view",
    "details.view", "message.view", "brief.view", "/lockstep",
    "/lockstep help", "/lockstep home", "/lockstep nonsense", *rights_of_lists.WINDOWS, *rights_of_outcomes.WINDOWS,
    "more:terms", "more:ladder", *rights_of_agreement.READ,
    *rights_of_campaign_alerts.WINDOWS, *rights_of_alert_talk.WINDOWS, *rights_of_roster.WITH_AN_ADMIN,
    *rights_of_note_answers.WINDOWS, *rights_of_notes.WINDOWS, *rights_of_search.WORDS, *rights_of_digests.WINDOWS,
    *rights_of_digest_windows.WINDOWS,
)  # fmt: skip
"""Links, inputs, pages and words: whoever sends them, nothing changes, and nobody reads a lead that is not theirs."""

SEE_LEADS = {"rep", "mate", "other", "manager"}
"""Whom the lead's card may show somebody; all others never read its name, address or number."""
SECRETS = ("Maria Lopez", "maria@example.com", "030 901820")

Act = Callable[[Office, str, str, int, dict[str, Any]], Awaitable[object]]


def table() -> dict[tuple[str, str], tuple[set[str], str]]:
    """(action, place) to who may, and what the lead must be."""
    heads, *lines = [[cell.strip() for cell in line.split("|")] for line in ON_LEADS.strip().splitlines()]
    return {
        (line[0], place): (set(line[heads.index(place)].split()), line[-1])
        for line in lines
        for place in PLACES
    }  # fmt: skip


ROWS = table()


# -- the world ---------------------------------------------------------------------------------------------------
def populate(tx: Transaction) -> None:
    rep = {"side": Side.SALES, "roles": frozenset({Role.REP})}
    kinds: dict[str, dict[str, Any]] = {
        "rep": rep,
        "mate": rep,
        "other": rep,
        "manager": {"side": Side.SALES, "roles": frozenset({Role.MANAGER})},
        "cmo": {"side": Side.MARKETING, "roles": frozenset({Role.MANAGER})},
        "marketer": {"side": Side.MARKETING, "roles": frozenset({Role.MARKETER})},
        "admin": {"side": Side.OTHER, "roles": frozenset({Role.ADMIN})},
        "unlisted": {"on_roster": False},
        "guest": {**rep, "flags": {"is_guest": True}},
        "stranger": {**rep, "flags": {"is_stranger": True}},
        "deactivated": {**rep, "flags": {"is_deleted": True}},
        "app": {**rep, "flags": {"is_bot": True}},
    }
    for kind, values in kinds.items():
        flags = SlackFlags(checked_at=START, **values.pop("flags", {})) if "flags" in values else None
        person = Person(id=kind, slack_id=slack_id(kind), name=kind.title(), email=f"{kind}@example.com", **values)
        tx.people.add(replace(person, flags=flags or SlackFlags(checked_at=START)))
    tx.teams.add(Team(id="t1", key="europe", name="Europe", pool_channel=POOL, mirror_channel=MIRROR))
    tx.teams.add(Team(id="t2", key="americas", name="Americas"))
    tx.teams.set_members("t1", [(kind, 1) for kind in ("rep", "mate", "guest", "stranger", "deactivated", "app")])
    tx.teams.set_members("t2", [("other", 1)])
    tx.settings.save(Config(fallback_channel=FALLBACK, admin_id="admin"))
    tx.sources.add(Source(key="form", name="Form", secrets=(offices.SECRET,), created_at=START))


def slack_id(kind: str) -> str:
    return f"U0{kind.upper()}"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rights") / "lockstep.db"
    migrate(f"sqlite:///{path}", lambda _: None)
    return path


@asynccontextmanager
async def office_with(prepared: Path, folder: Path) -> AsyncIterator[Office]:
    path = folder / f"{uuid.uuid4().hex}.db"
    shutil.copy(prepared, path)
    clock = StandingClock()
    db = Database.open(f"sqlite:///{path}", clock=clock, holidays=PublicHolidays())
    watcher = sqlite3.connect(path)
    try:
        await db.run(populate)
        async with wires.running() as wire, offices.opened(World(db, clock), wire) as office:
            SEEN[office] = Seen(watcher)
            yield office
    finally:
        watcher.close()
        await db.close()


@dataclass(slots=True)
class Seen:
    """What was read of an office last, and at which version of its file: of the same version nothing has changed."""

    watcher: sqlite3.Connection
    version: int | None = None
    found: list[object] = field(default_factory=list)


SEEN: weakref.WeakKeyDictionary[Office, Seen] = weakref.WeakKeyDictionary()


async def hand_over(office: Office, place: str, state: str) -> tuple[str, int]:
    """A lead offered where `place` says, accepted by the rep if `state` says so; its handoff and version."""
    target, target_id = {"pool": (Target.POOL, "t1"), "fallback": (Target.POOL, "t2")}.get(place, (Target.REP, "rep"))
    anything = Condition(field="", operator=Operator.ANY)
    await office.world.rules(
        Rule(id="r1", position=1, name="All", condition=anything, target=target, target_id=target_id)
    )
    lead = {"name": "Maria Lopez", "email": "maria@example.com", "phone": "030 901820", "title": "CFO"}
    handed = await office.world.hand_over(f"{place}-{state}", **lead)
    assert handed.handoff_id is not None
    if state == "accepted":
        await office.world.accept(handed.handoff_id, slack_id("rep"))
    handoff = await office.world.handoff(handed.handoff_id)
    return handoff.id, handoff.version


async def fingerprint(office: Office) -> list[object]:
    """Everything an action could change. It is read again when anybody has committed anything since:
    https://www.sqlite.org/pragma.html#pragma_data_version."""
    seen = SEEN[office]
    (version,) = seen.watcher.execute("PRAGMA data_version").fetchone()
    if version != seen.version:
        seen.version, seen.found = version, await everything(office)
    return seen.found


async def everything(office: Office) -> list[object]:
    def read(tx: Transaction) -> list[object]:
        found: list[object] = list(tx.people.all(on_roster=False))
        found += [tx.handoffs.practised_by(kind) for kind in PEOPLE]
        found += [(tx.person_settings.of(kind), tx.briefs.waiting(kind)) for kind in PEOPLE]
        for handoff, lead in tx.handoffs.waiting(50, 0) + tx.handoffs.owned_by("rep", 50, 0):
            posts = [(post.id, post.subject) for post in tx.posts.of_lead(lead.id)]
            found += [handoff, lead, posts, len(tx.events.of_lead(lead.id, 500)), len(tx.handoffs.of_lead(lead.id))]
        return (
            found
            + rights_of_lists.state(tx)
            + rights_of_roster.state(tx)
            + rights_of_clock.snoozed(tx)
            + rights_of_agreement.state(tx)
            + rights_of_marketing.state(tx)
            + rights_of_campaign_alerts.state(tx)
            + rights_of_alert_talk.state(tx)
            + rights_of_note_answers.state(tx)
            + rights_of_digests.state(tx)
        )

    return await office.world.db.read(read)


def where(office: Office, place: str) -> dict[str, Any]:
    """The part of a click's payload that says where it was."""
    if place == "home":
        return {"view": {"id": "V1", "type": "home", "private_metadata": ""}}
    channel = {"own": "D1", "pool": POOL, "fallback": FALLBACK, "mirror": MIRROR}[place]
    return {
        "container": {"type": "message", "message_ts": "1.1", "channel_id": channel},
        "channel": {"id": channel, "name": "x"},
        "message": {"ts": "1.1", "text": "card"},
        "response_url": office.wire.response_url,
    }


# -- the actions -------------------------------------------------------------------------------------------------
def button(action: ActionId) -> Act:
    async def act(office: Office, by: str, handoff_id: str, version: int, at: dict[str, Any]) -> object:
        return await office.click(by, action, ids.handoff_value(handoff_id, version), **at)

    return act


def more(what: More) -> Act:
    async def act(office: Office, by: str, handoff_id: str, version: int, at: dict[str, Any]) -> object:
        action = ActionId.HOME_MORE if "view" in at else ActionId.HANDOFF_MORE
        return await office.click(by, action, ids.more_value(what, handoff_id), **at)

    return act


def form(callback: CallbackId, **answers: str) -> Act:
    async def act(office: Office, by: str, handoff_id: str, version: int, at: dict[str, Any]) -> object:
        return await office.submit(by, callback, ids.form_metadata(handoff_id, version), **answers)

    return act


def word(text: str) -> Act:
    async def act(office: Office, by: str, handoff_id: str, version: int, at: dict[str, Any]) -> object:
        return await office.command(by, text)

    return act


def plain(action: ActionId, value: str = "x") -> Act:
    async def act(office: Office, by: str, handoff_id: str, version: int, at: dict[str, Any]) -> object:
        return await office.click(by, action, value, **at)

    return act


async def assign(office: Office, by: str, lead_id: str, version: int, at: dict[str, Any]) -> object:
    return await office.click(by, ActionId.LEAD_ASSIGN, lead_id, **at)


async def submit_assign(office: Office, by: str, lead_id: str, version: int, at: dict[str, Any]) -> object:
    return await office.submit(by, CallbackId.ASSIGN_SUBMIT, lead_id, person_id="other", note="nobody was free")


async def choose_reason(office: Office, by: str, handoff_id: str, version: int, at: dict[str, Any]) -> object:
    view = {"id": "V1", "type": "modal", "private_metadata": ids.form_metadata(handoff_id, version)}
    return await office.click(by, ActionId.REJECT_REASON, "not_icp", view=view)


async def submit_lead(office: Office, by: str, handoff_id: str, version: int, at: dict[str, Any]) -> object:
    answers = {"name": "Ada Byron", "company": "Engines", "summary": "Asked for a price", "priority": "warm"}
    # A form of their own: the same form sent twice is the same lead.
    return await office.submit(by, CallbackId.LEAD_SUBMIT, "", view_id=f"V-{by}", **answers)


def open_brief(action: ActionId) -> Act:
    async def act(office: Office, by: str, brief_id: str, page: int, at: dict[str, Any]) -> object:
        return await office.click(by, action, ids.brief_page_value(brief_id, page), **at)

    return act


ACTS: dict[str, Act] = {
    "lead.new": plain(ActionId.LEAD_NEW, "new"),
    "lead.submit": submit_lead,
    "handoff.accept": button(ActionId.HANDOFF_ACCEPT),
    "handoff.reject": button(ActionId.HANDOFF_REJECT),
    "handoff.undo": button(ActionId.HANDOFF_UNDO),
    "reject.reason": choose_reason,
    "reject.submit": form(CallbackId.REJECT_SUBMIT, reason="not_icp", criterion="Role", comment="too small"),
    "more:details": more(More.DETAILS),
    "more:crm": more(More.CRM),
    "more:release": more(More.RELEASE),
    "more:reassign": more(More.REASSIGN),
    "more:withdraw": more(More.WITHDRAW),
    "release.submit": form(CallbackId.RELEASE_SUBMIT, note="on holiday"),
    "reassign.submit": form(CallbackId.REASSIGN_SUBMIT, person_id="other", note="sick"),
    "withdraw.submit": form(CallbackId.WITHDRAW_SUBMIT, note="test lead"),
    "lead.assign": assign,
    "assign.submit": submit_assign,
    "check.view": form(CallbackId.CHECK_VIEW),
    "home.help": plain(ActionId.HOME_HELP, "help"),
    "help.view": form(CallbackId.HELP_VIEW),
    "details.view": form(CallbackId.DETAILS_VIEW),
    "message.view": form(CallbackId.MESSAGE_VIEW),
    "away.submit": form(CallbackId.AWAY_SUBMIT, back_on="2026-03-09"),
    "home.away": plain(ActionId.HOME_AWAY, "away"),
    "home.back": plain(ActionId.HOME_BACK, "back"),
    "home.page.back": plain(ActionId.HOME_PAGE_BACK, ids.page_value(HomeLists.TEAM, 0)),
    "home.page.on": plain(ActionId.HOME_PAGE_ON, ids.page_value(HomeLists.NEEDS, 1)),
    "open.crm": plain(ActionId.OPEN_CRM, ""),
    "answer": plain(ActionId.ANSWER),
    "/lockstep": word(""),
    "/lockstep help": word("help"),
    "/lockstep home": word("home"),
    "/lockstep nonsense": word("nonsense"),
    "home.settings": plain(ActionId.HOME_SETTINGS, "settings"),
    "settings.submit": form(CallbackId.SETTINGS_SUBMIT, brief_at="07:30", brief_place="messages"),
    "brief.now": plain(ActionId.BRIEF_NOW, "now"),
    "brief.all": open_brief(ActionId.BRIEF_ALL),
    "brief.page.on": open_brief(ActionId.BRIEF_PAGE_ON),
    "brief.page.back": open_brief(ActionId.BRIEF_PAGE_BACK),
    "brief.view": form(CallbackId.BRIEF_VIEW),
    "/lockstep settings": word("settings"),
    "/lockstep away": word("away"),
    "/lockstep back": word("back"),
    **rights_of_lists.ADMINS_ONLY,
    **rights_of_lists.WINDOWS,
    **rights_of_roster.ADMINS_ONLY,
    **rights_of_roster.WITH_AN_ADMIN,
    **rights_of_people.MANAGERS_ONLY,
    **rights_of_clock.ON_ONESELF,
    **rights_of_clock.ADMINS_ONLY,
    **rights_of_clock.ON_REMINDERS,
    "practice.start": rights_of_people.practise,
    **rights_of_outcomes.ON_ACCEPTED,
    **rights_of_outcomes.WINDOWS,
    "more:terms": more(More.TERMS),
    "more:ladder": more(More.LADDER),
    **rights_of_agreement.READ,
    **{action: act for action, (act, _) in rights_of_agreement.EVERYTHING.items()},
    **{action: act for action, (act, _) in rights_of_marketing.EVERYTHING.items()},
    **{action: act for action, (act, _) in rights_of_campaign_alerts.EVERYTHING.items()},
    **rights_of_campaign_alerts.WINDOWS,
    **{action: act for action, (act, _) in rights_of_alert_talk.EVERYTHING.items()},
    **rights_of_alert_talk.WINDOWS,
    **{action: act for action, (act, _) in rights_of_note_answers.ON_NOTE.items()},
    **rights_of_note_answers.WINDOWS,
    **{action: act for action, (act, _) in rights_of_notes.EVERYTHING.items()},
    **rights_of_notes.WINDOWS,
    **rights_of_search.EVERYTHING,
    **rights_of_search.WORDS,
    **rights_of_digests.EVERYTHING,
    **rights_of_digests.WINDOWS,
    **rights_of_digest_windows.EVERYTHING,
    **rights_of_digest_windows.WINDOWS,
}
FORMS = ("views.open", "views.push", "views.update")
TO_READ = {
    CallbackId.MESSAGE_VIEW, CallbackId.HELP_VIEW, CallbackId.AGREEMENT_VIEW, CallbackId.AGREEMENT_CHANGES_VIEW,
}  # fmt: skip
"""Windows that say something to everybody, and no more."""


async def acted(office: Office, action: str, kind: str, handoff: tuple[str, int], place: str) -> bool:
    """Whether something changed or a form opened. Whoever has no business with leads has read nothing of this one."""
    before = await fingerprint(office)
    office.wire.calls.clear()
    answer = await ACTS[action](office, slack_id(kind), *handoff, where(office, place))
    opened = [
        call
        for method, call in office.wire.calls
        if method in FORMS and call.get("view", {}).get("callback_id") not in TO_READ
    ]
    if kind not in SEE_LEADS:
        read = f"{office.wire.calls} {getattr(answer, 'text', answer)}"
        assert not [secret for secret in SECRETS if secret in read], f"{kind} reads the lead by {action} in {place}"
    return bool(opened) or _answered_by_a_form(answer) or await fingerprint(office) != before


def _answered_by_a_form(answer: object) -> bool:
    """Whether another form stands in the place of the one that was sent off."""
    if not isinstance(answer, httpx.Response) or not answer.text.startswith("{"):
        return False
    return answer.json().get("view", {}).get("callback_id", CallbackId.MESSAGE_VIEW) not in TO_READ


# -- the tests ---------------------------------------------------------------------------------------------------
def test_every_id_command_and_shortcut_is_in_a_table() -> None:
    manifest = yaml.safe_load((Path(__file__).parent.parent / "manifest.yml").read_text(encoding="utf-8"))
    features = manifest["features"]
    overflows = {ActionId.HANDOFF_MORE, ActionId.HOME_MORE, ActionId.HOME_MENU}  # their options are the actions
    known = {*(set(ActionId) - overflows), *CallbackId, *(f"more:{one}" for one in More)}
    known |= {command["command"] for command in features["slash_commands"]}
    known |= {shortcut["callback_id"] for shortcut in features.get("shortcuts", ())}
    listed = {action for action, _ in ROWS} | set(ON_UNROUTED) | set(ON_NEW_LEADS)
    listed |= set(ON_BRIEF) | set(ON_ONESELF) | set(CHANGE_NOTHING) | set(rights_of_lists.ADMINS_ONLY)
    listed |= set(rights_of_roster.ADMINS_ONLY) | set(rights_of_people.MANAGERS_ONLY)
    listed |= set(rights_of_clock.ADMINS_ONLY) | set(rights_of_clock.ON_REMINDERS)
    listed |= set(rights_of_outcomes.ON_ACCEPTED) | set(rights_of_marketing.EVERYTHING)
    listed |= set(rights_of_agreement.EVERYTHING) | set(rights_of_note_answers.ON_NOTE)
    known |= rights_of_note_answers.IDS | rights_of_search.IDS
    listed |= set(rights_of_search.EVERYTHING)
    known |= rights_of_notes.IDS
    listed |= set(rights_of_notes.EVERYTHING)
    known |= rights_of_campaign_alerts.IDS
    listed |= set(rights_of_campaign_alerts.EVERYTHING)
    known |= rights_of_alert_talk.IDS
    listed |= set(rights_of_alert_talk.EVERYTHING)
    known |= rights_of_digests.IDS | rights_of_digest_windows.IDS
    listed |= set(rights_of_digest_windows.EVERYTHING)
    listed |= set(rights_of_digests.EVERYTHING)
    assert known <= listed, f"in no table: {sorted(known - listed)}"
    assert listed == set(ACTS)


@pytest.mark.parametrize(("action", "place"), ROWS)
async def test_a_person_may_only_what_the_table_lists(prepared: Path, tmp_path: Path, action: str, place: str) -> None:
    allowed, state = ROWS[action, place]
    assert allowed <= PEOPLE.keys()
    async with office_with(prepared, tmp_path) as office:
        handoff = await hand_over(office, place, state)
        for kind in PEOPLE.keys() - allowed:
            assert not await acted(office, action, kind, handoff, place), f"{kind} may {action} in {place}"
    for kind in sorted(allowed):
        async with office_with(prepared, tmp_path) as office:
            handoff = await hand_over(office, place, state)
            assert await acted(office, action, kind, handoff, place), f"{kind} may not {action} in {place}"


@pytest.mark.parametrize("action", ON_UNROUTED)
async def test_a_lead_without_a_rep_is_assigned_by_whom_the_table_lists(
    prepared: Path, tmp_path: Path, action: str
) -> None:
    async with office_with(prepared, tmp_path) as office:
        await office.world.configure(fallback_channel=None)
        lead = await office.world.hand_over("1", name="Maria Lopez", email="maria@example.com", phone="030 901820")
        assert lead.handoff_id is None
        # Those who may come last, so that the lead still waits when the others try.
        for kind in sorted(PEOPLE, key=lambda kind: kind in ON_UNROUTED[action]):
            done = await acted(office, action, kind, (lead.lead_id, 0), "home")
            assert done == (kind in ON_UNROUTED[action]), kind


@pytest.mark.parametrize("action", ON_ONESELF)
async def test_people_on_the_roster_may_be_away_and_nobody_else(prepared: Path, tmp_path: Path, action: str) -> None:
    allowed = set(ON_ONESELF[action].split())
    async with office_with(prepared, tmp_path) as office:
        handoff = await hand_over(office, "own", "offered")
        if "back" in action:
            await office.world.db.run(everybody_away)
        await office.world.db.run(something_waits_for_everybody)
        for kind in PEOPLE:
            assert await acted(office, action, kind, handoff, "home") == (kind in allowed), kind


@pytest.mark.parametrize("action", rights_of_people.MANAGERS_ONLY)
async def test_only_sales_managers_give_all_leads_of_a_person_to_others(
    prepared: Path, tmp_path: Path, action: str
) -> None:
    async with office_with(prepared, tmp_path) as office:
        handoff = await hand_over(office, "own", "offered")
        for kind in sorted(PEOPLE, key=lambda kind: kind == "manager"):
            assert await acted(office, action, kind, handoff, "home") == (kind == "manager"), kind


@pytest.mark.parametrize("action", rights_of_people.STANDS_IN_MAY)
async def test_who_stands_in_may_what_the_manager_may_until_she_is_back(
    prepared: Path, tmp_path: Path, action: str
) -> None:
    """Here the marketer, who may nothing of it otherwise. What the table allows others stays as it is."""
    async with office_with(prepared, tmp_path) as office:
        handoff = await hand_over(office, "own", "offered")
        assert not await acted(office, action, "marketer", handoff, "home")
        await office.world.db.run(rights_of_people.stand_in)
        for kind in PEOPLE.keys() - {"rep", "manager", "marketer"}:
            assert not await acted(office, action, kind, handoff, "home"), kind
        await office.world.db.run(rights_of_people.be_back)
        assert not await acted(office, action, "marketer", handoff, "home")
        await office.world.db.run(rights_of_people.stand_in)
        SEE_LEADS.add("marketer")
        try:
            assert await acted(office, action, "marketer", handoff, "home")
        finally:
            SEE_LEADS.remove("marketer")


@pytest.mark.parametrize("action", rights_of_outcomes.ON_ACCEPTED)
async def test_what_became_of_a_lead_is_logged_by_its_owner_and_sales_managers(
    prepared: Path, tmp_path: Path, action: str
) -> None:
    for number, may in enumerate(rights_of_outcomes.MAY):
        async with office_with(prepared, tmp_path) as office:
            handoff = await hand_over(office, "own", "accepted")
            handoff = await rights_of_outcomes.an_attempt_is_logged(office, handoff, slack_id("rep"))
            for kind in sorted(PEOPLE.keys() - set(rights_of_outcomes.MAY)) if number == 0 else ():
                assert not await acted(office, action, kind, handoff, "home"), f"{kind} may {action}"
            assert await acted(office, action, may, handoff, "home"), f"{may} may not {action}"


@pytest.mark.parametrize("action", rights_of_marketing.EVERYTHING)
async def test_rejects_are_answered_and_disputes_settled_by_whom_the_table_lists(
    prepared: Path, tmp_path: Path, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, allowed = rights_of_marketing.EVERYTHING[action]
    # It is a lead of theirs; the arbiter reads what is to be ruled on.
    monkeypatch.setitem(globals(), "SEE_LEADS", SEE_LEADS | {"marketer", "cmo", *allowed})
    async with office_with(prepared, tmp_path) as office:
        await hand_over(office, "own", "offered")
        thing = await rights_of_marketing.in_state(office, action)
        for kind in sorted(PEOPLE.keys() - allowed):
            assert not await acted(office, action, kind, thing, "home"), f"{kind} may {action}"
        for kind in sorted(allowed):
            thing = await rights_of_marketing.in_state(office, action, kind)
            assert await acted(office, action, kind, thing, "home"), f"{kind} may not {action}"


@pytest.mark.parametrize("action", rights_of_note_answers.ON_NOTE)
async def test_field_notes_are_read_and_answered_by_whom_the_table_lists(
    prepared: Path, tmp_path: Path, action: str
) -> None:
    _, allowed = rights_of_note_answers.ON_NOTE[action]
    async with office_with(prepared, tmp_path) as office:
        thing = await rights_of_note_answers.in_state(office)
        for kind in sorted(PEOPLE.keys() - allowed):
            assert not await acted(office, action, kind, thing, "home"), f"{kind} may {action}"
        for kind in sorted(allowed):
            thing = await rights_of_note_answers.in_state(office, kind)
            assert await acted(office, action, kind, thing, "home"), f"{kind} may not {action}"


@pytest.mark.parametrize("action", rights_of_notes.EVERYTHING)
async def test_field_notes_are_written_and_changed_by_whom_the_table_lists(
    prepared: Path, tmp_path: Path, action: str
) -> None:
    _, allowed = rights_of_notes.EVERYTHING[action]
    async with office_with(prepared, tmp_path) as office:
        thing = await rights_of_notes.in_state(office)
        for kind in sorted(PEOPLE.keys() - allowed):
            assert not await acted(office, action, kind, thing, "home"), f"{kind} may {action}"
        for kind in sorted(allowed):
            thing = await rights_of_notes.in_state(office, kind)
            assert await acted(office, action, kind, thing, "home"), f"{kind} may not {action}"


@pytest.mark.parametrize("action", rights_of_campaign_alerts.EVERYTHING)
async def test_campaign_alerts_are_made_and_approved_by_whom_the_table_lists(
    prepared: Path, tmp_path: Path, action: str
) -> None:
    _, allowed = rights_of_campaign_alerts.EVERYTHING[action]
    async with office_with(prepared, tmp_path) as office:
        thing = await rights_of_campaign_alerts.in_state(office, action)
        for kind in sorted(PEOPLE.keys() - allowed):
            assert not await acted(office, action, kind, thing, "home"), f"{kind} may {action}"
        for kind in sorted(allowed):
            thing = await rights_of_campaign_alerts.in_state(office, action, kind)
            assert await acted(office, action, kind, thing, "home"), f"{kind} may not {action}"


@pytest.mark.parametrize("action", rights_of_alert_talk.EVERYTHING)
async def test_campaign_alerts_are_talked_about_by_whom_the_table_lists(
    prepared: Path, tmp_path: Path, action: str
) -> None:
    _, allowed = rights_of_alert_talk.EVERYTHING[action]
    async with office_with(prepared, tmp_path) as office:
        thing = await rights_of_alert_talk.in_state(office, action)
        for kind in sorted(PEOPLE.keys() - allowed):
            assert not await acted(office, action, kind, thing, "home"), f"{kind} may {action}"
        for kind in sorted(allowed):
            thing = await rights_of_alert_talk.in_state(office, action, kind)
            assert await acted(office, action, kind, thing, "home"), f"{kind} may not {action}"


@pytest.mark.parametrize("action", rights_of_alert_talk.NOT_TOLD)
async def test_of_a_campaign_alert_that_is_not_told_nobody_knows_but_whom_the_table_lists(
    prepared: Path, tmp_path: Path, action: str
) -> None:
    async with office_with(prepared, tmp_path) as office:
        thing = await rights_of_alert_talk.in_state(office, action, told=False)
        for kind in PEOPLE:
            done = await acted(office, action, kind, thing, "home")
            assert done == (kind in rights_of_alert_talk.NOT_TOLD[action]), kind


@pytest.mark.parametrize("action", {**rights_of_search.EVERYTHING, **rights_of_search.WORDS})
async def test_everybody_on_the_roster_finds_what_they_may_read(prepared: Path, tmp_path: Path, action: str) -> None:
    async with office_with(prepared, tmp_path) as office:
        await rights_of_search.in_state(office)
        for kind in PEOPLE:
            office.wire.calls.clear()
            answer = await ACTS[action](office, slack_id(kind), "", 0, where(office, "home"))
            shown = f"{office.wire.calls} {getattr(answer, 'text', answer)}"
            assert ("Find" in shown or "zebra" in shown) == (kind in rights_of_search.ROSTER), kind
            assert ("delicate" in shown) == (kind in rights_of_search.READERS), kind


@pytest.mark.parametrize("action", rights_of_digest_windows.EVERYTHING)
async def test_everybody_on_the_roster_opens_a_digest_and_reads_what_they_may(
    prepared: Path, tmp_path: Path, action: str
) -> None:
    async with office_with(prepared, tmp_path) as office:
        await rights_of_digest_windows.in_state(office)
        for kind in PEOPLE:
            opened = await acted(office, action, kind, ("", 0), "home")
            assert opened == (kind in rights_of_digest_windows.ROSTER), kind
            assert ("delicate" in str(office.wire.calls)) == (kind in rights_of_digest_windows.READERS), kind


@pytest.mark.parametrize("action", rights_of_digests.EVERYTHING)
async def test_digests_are_set_up_by_managers_and_admins_alone(prepared: Path, tmp_path: Path, action: str) -> None:
    async with office_with(prepared, tmp_path) as office:
        thing = (await rights_of_digests.in_state(office, action), 0)
        for kind in sorted(PEOPLE.keys() - rights_of_digests.SCHEDULERS):
            assert not await acted(office, action, kind, thing, "home"), f"{kind} may {action}"
        for kind in sorted(rights_of_digests.SCHEDULERS):
            thing = (await rights_of_digests.in_state(office, action), 0)
            assert await acted(office, action, kind, thing, "home"), f"{kind} may not {action}"


@pytest.mark.parametrize("action", rights_of_agreement.EVERYTHING)
async def test_the_agreement_is_changed_and_signed_by_whom_the_table_lists(
    prepared: Path, tmp_path: Path, action: str
) -> None:
    _, allowed = rights_of_agreement.EVERYTHING[action]
    async with office_with(prepared, tmp_path) as office:
        thing = await rights_of_agreement.in_state(office, action)
        for kind in sorted(PEOPLE.keys() - allowed):
            assert not await acted(office, action, kind, thing, "home"), f"{kind} may {action}"
        for kind in sorted(allowed):
            thing = await rights_of_agreement.in_state(office, action, kind)
            assert await acted(office, action, kind, thing, "home"), f"{kind} may not {action}"


@pytest.mark.parametrize("action", ON_NEW_LEADS)
async def test_a_lead_is_handed_over_by_hand_by_whom_the_table_lists(
    prepared: Path, tmp_path: Path, action: str
) -> None:
    async with office_with(prepared, tmp_path) as office:
        handoff = await hand_over(office, "own", "offered")
        for kind in PEOPLE:
            done = await acted(office, action, kind, handoff, "home")
            assert done == (kind in ON_NEW_LEADS[action].split()), kind


@pytest.mark.parametrize("action", rights_of_lists.ADMINS_ONLY)
async def test_only_admins_set_up_routing_sources_and_reasons(prepared: Path, tmp_path: Path, action: str) -> None:
    async with office_with(prepared, tmp_path) as office:
        handoff = await hand_over(office, "own", "offered")
        await office.world.db.run(rights_of_lists.prepare)
        for kind in sorted(PEOPLE, key=lambda kind: kind == "admin"):
            assert await acted(office, action, kind, handoff, "home") == (kind == "admin"), kind


@pytest.mark.parametrize("action", rights_of_clock.ON_REMINDERS)
async def test_reminders_are_put_off_by_whom_they_wait_for(prepared: Path, tmp_path: Path, action: str) -> None:
    async with office_with(prepared, tmp_path) as office:
        await office.world.db.run(put_in_force)
        handoff = await hand_over(office, "own", "offered")
        for kind in sorted(PEOPLE, key=lambda kind: kind in rights_of_clock.MAY_SNOOZE):
            done = await acted(office, action, kind, handoff, "home")
            assert done == (kind in rights_of_clock.MAY_SNOOZE), kind


@pytest.mark.parametrize("action", {**rights_of_roster.ADMINS_ONLY, **rights_of_clock.ADMINS_ONLY})
async def test_only_admins_set_up_people_teams_and_channels(prepared: Path, tmp_path: Path, action: str) -> None:
    async with office_with(prepared, tmp_path) as office:
        handoff = await hand_over(office, "own", "offered")
        await office.world.rules()
        for kind in sorted(PEOPLE, key=lambda kind: kind == "admin"):
            assert await acted(office, action, kind, handoff, "home") == (kind == "admin"), kind


@pytest.mark.parametrize("kind", PEOPLE)
@pytest.mark.parametrize("flag", ["is_admin", "is_owner", "is_primary_owner", None])
async def test_who_looks_after_the_workspace_may_be_the_first_admin(
    prepared: Path, tmp_path: Path, kind: str, flag: str | None
) -> None:
    """The admin of the roster was deactivated: there is none any more. Slack is believed, and asked at the click."""
    async with office_with(prepared, tmp_path) as office:
        handoff = await hand_over(office, "own", "offered")
        await office.world.db.run(without_admin, {kind} if flag else set())
        account = rights_of_roster.user(slack_id(kind), **({flag: True} if flag else {}))
        office.wire.content = {"users.info": account}
        done = await acted(office, "set_up.first_admin", kind, handoff, "home")
        assert done == (flag is not None and kind in FIRST_ADMINS)


FIRST_ADMINS = {"rep", "mate", "other", "manager", "cmo", "marketer", "unlisted"}
"""Everybody of the workspace who may act at all, on the roster or not; never guests, apps, or who is not of it."""


def without_admin(tx: Transaction, runs_workspace: set[str]) -> None:
    for person in tx.people.all(on_roster=False):
        is_deleted = person.flags.is_deleted or Role.ADMIN in person.roles
        flags = replace(person.flags, runs_workspace=person.id in runs_workspace, is_deleted=is_deleted)
        tx.people.set_flags(person.id, flags)


@pytest.mark.parametrize("place", PLACES)
async def test_links_pages_and_words_change_nothing(prepared: Path, tmp_path: Path, place: str) -> None:
    async with office_with(prepared, tmp_path) as office:
        handoff = await hand_over(office, place, "offered")
        for action in CHANGE_NOTHING:
            for kind in PEOPLE:
                changed = await acted(office, action, kind, handoff, place)
                assert not changed or action == "/lockstep home", f"{kind} changes something by {action} in {place}"


@pytest.mark.parametrize("action", ON_BRIEF)
async def test_a_brief_is_opened_by_its_reader_and_nobody_else(prepared: Path, tmp_path: Path, action: str) -> None:
    async with office_with(prepared, tmp_path) as office:
        await hand_over(office, "own", "accepted")
        brief_id = await office.world.db.run(brief_of_the_rep)
        for kind in PEOPLE:
            for place in PLACES:
                done = await acted(office, action, kind, (brief_id, 0), place)
                assert done == (kind in ON_BRIEF[action]), f"{kind} in {place}"


def brief_of_the_rep(tx: Transaction) -> str:
    (_, lead), *_ = tx.handoffs.owned_by("rep", 1, 0)
    tx.briefs.keep("rep", Kind.CAME_BACK, lead.id, lead.id, {})
    made = Brief(id=tx.new_id(), person_id="rep", why=Why.REQUESTED, day=tx.now.date(), created_at=tx.now)
    tx.briefs.add(made)
    return made.id


def something_waits_for_everybody(tx: Transaction) -> None:
    for person in tx.people.all(on_roster=False):
        tx.briefs.keep(person.id, Kind.UPKEEP, "x", None, {"title": "x"})


def everybody_away(tx: Transaction) -> None:
    for person in tx.people.all(on_roster=False):
        tx.people.set_away(person.id, START, None)
