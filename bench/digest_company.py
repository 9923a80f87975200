"""A company with far more notes and campaigns than anybody reads: what its digests say must still be short."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.bulk import Loader, filled, loader
from bot.domain.note import NoteKind
from bot.domain.person import Person, Role, Side, SlackFlags
from storage.database import run_now
from storage.postgres_connection import make_sync_engine
from storage.tables.campaign_alerts import alert_questions, campaign_alerts, got_its
from storage.tables.configuration import campaigns
from storage.tables.handoffs import handoffs
from storage.tables.leads import leads
from storage.tables.notes import notes, themes
from storage.transaction import Transaction
from storage.urls import parse_url

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)
NOTES, CAMPAIGNS = 5_000, 200
BEFORE = 4
"""Weeks before the digest's, with as many notes each."""
THEMES_A_WEEK = 1_200
LEADS_A_CAMPAIGN = 40
REPS, MARKETERS = 80, 10
AGREEMENT = "00000000-0000-7000-8000-000000000000"
_KINDS = list(NoteKind)
_LONG = "<!channel> *sale* <https://evil.example|click> & \u202egnp.exe " + "they said the price is too high " * 30


@dataclass(frozen=True)
class StandingClock:
    def now(self) -> datetime:
        return NOW


def build(url: str, *, number: int = NOTES, campaigns_number: int = CAMPAIGNS, seed: int = 5) -> None:
    """The migrated, empty database at `url` holds `number` notes of the week before NOW, as many in each of the four
    weeks before, and so many campaigns told, started and ended about that week."""
    run_now(url, StandingClock(), _people)
    bulk = loader(url)
    chance = random.Random(seed)
    written: dict[str, list[dict[str, Any]]] = _written_notes(bulk, chance, number)
    written |= _written_campaigns(bulk, chance, campaigns_number)
    for table in (campaigns, campaign_alerts, alert_questions, got_its, leads, handoffs, themes, notes):
        rows = written[table.name]
        if not rows:
            continue
        columns, values = filled(table, " ".join(rows[0]), _tuples(rows))
        bulk.load(table, columns, values)
    bulk.close()
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite":
        # What PostgreSQL does by itself within minutes.
        engine = make_sync_engine(parsed, patient=True)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
        engine.dispose()


def _tuples(rows: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    return (tuple(row.values()) for row in rows)


def _people(tx: Transaction) -> None:
    flags = SlackFlags(checked_at=NOW)
    for number in range(REPS + MARKETERS):
        sells = number < REPS
        tx.people.add(
            Person(
                id=f"p{number:03}", name=f"Person {number} {_LONG[:80]}", slack_id=f"U{number:03}",
                side=Side.SALES if sells else Side.MARKETING,
                roles=frozenset({Role.REP if sells else Role.MARKETER}), flags=flags,
            )
        )  # fmt: skip


def _written_notes(bulk: Loader, chance: random.Random, number: int) -> dict[str, list[dict[str, Any]]]:
    made: list[dict[str, Any]] = []
    of_theme: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for week in range(BEFORE + 1):
        since = NOW - WEEK * (BEFORE + 1 - week)
        for count in range(number):
            # A few themes are everybody's, most are somebody's alone, and some go on over weeks.
            rank = int(THEMES_A_WEEK * chance.random() ** 3)
            theme = f"t{(week % 2) * THEMES_A_WEEK + rank:06}"
            at = since + WEEK * (count / number)
            answered = chance.random() < (0.4 if week == BEFORE else 0.9)
            state = chance.choice(["acted", "acted", "declined"]) if answered else chance.choice(["new", "seen"])
            state_at = min(at + timedelta(hours=chance.uniform(1, 100)), NOW - timedelta(minutes=1))
            note = {
                "id": f"n{week}{count:06}", "theme_id": theme, "author_id": f"p{chance.randrange(REPS):03}",
                "kind": _KINDS[rank % len(_KINDS)].value, "text": f"{rank} {_LONG}", "managers_only": False,
                "quoted_link": None, "quoted_name": None, "quoted_private": None, "state": state,
                "state_at": bulk.instant(state_at) if state != "new" else None,
                "answer": f"We wrote it down. {_LONG}" if answered else "", "version": 1, "created_at": at,
            }  # fmt: skip
            if count % 3 == 0:
                link = f"https://northwind.slack.com/archives/C0SALES01/p{1700000000000000 + week * 10**6 + count}"
                note |= {"quoted_link": link, "quoted_name": "Ana", "quoted_private": count % 2 == 0}
            made.append(note)
            of_theme[theme].append(note)
    rows = []
    for theme, those in of_theme.items():
        waits = [one["created_at"] for one in those if one["state"] in ("new", "seen")]
        rows.append(
            {
                "id": theme, "kind": those[0]["kind"], "title": those[0]["text"][:100], "managers_only": False,
                "notes": len(those), "people": len({one["author_id"] for one in those}), "open": len(waits),
                "first_at": bulk.instant(min(one["created_at"] for one in those)),
                "last_at": bulk.instant(max(one["created_at"] for one in those)),
                "waits_since": bulk.instant(min(waits)) if waits else None, "merged_into": None,
            }
        )  # fmt: skip
    for note in made:
        note["created_at"] = bulk.instant(note["created_at"])
    return {"notes": made, "themes": rows}


def _written_campaigns(bulk: Loader, chance: random.Random, number: int) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("campaigns", "campaign_alerts", "alert_questions", "got_its", "leads", "handoffs")
    }
    day = timedelta(days=1)
    for count in range(number):
        # A third each: over, running, starting.
        starts = NOW - WEEK + (-10 * day, -5 * day, 3 * day)[count % 3] + day * (count % 7) / 2
        ended = NOW - timedelta(hours=1 + count % 100) if count % 3 == 0 else None
        state = "ended" if ended else "live" if starts <= NOW else "scheduled"
        told = starts - 5 * day
        campaign, alert = f"c{count:04}", f"a{count:04}"
        found["campaigns"].append(
            {"id": campaign, "key": campaign, "name": f"{count} {_LONG}", "created_at": bulk.instant(told)}
        )
        found["campaign_alerts"].append(
            {
                "id": alert, "campaign_id": campaign, "owner_id": f"p{REPS + count % MARKETERS:03}", "state": state,
                "version": 1, "buyer_sees": _LONG, "audience": _LONG, "segment": _LONG,
                "starts_at": bulk.instant(starts), "ends_at": bulk.instant(starts + 30 * day), "tz": "Europe/Berlin",
                "offer": f"{count} {_LONG}", "offer_is_new": False, "lead_looks_like": _LONG, "expected_volume": 100,
                "channels": json.dumps(["C0SALES01"]), "assets": "[]", "made_by": f"p{REPS:03}",
                "created_at": bulk.instant(told), "updated_at": bulk.instant(told), "sent_back": "",
                "told_at": bulk.instant(told), "ended_at": bulk.instant(ended) if ended else None, "changed": "[]",
            }
        )  # fmt: skip
        found["alert_questions"].append(
            {
                "id": f"q{count:04}", "alert_id": alert, "place": 1, "text": f"Why {_LONG}", "expected": False,
                "asked_by": "p000", "asked_at": bulk.instant(told + timedelta(hours=2)),
            }
        )  # fmt: skip
        for rep in range(0, REPS, 2 + count % 4):
            found["got_its"].append(
                {"alert_id": alert, "person_id": f"p{rep:03}", "version": 1, "at": bulk.instant(told)}
            )
        if starts <= NOW:
            _leads(bulk, chance, found, count, campaign, starts)
    return found


def _leads(
    bulk: Loader, chance: random.Random, found: dict[str, list[dict[str, Any]]], count: int, campaign: str,
    starts: datetime,
) -> None:  # fmt: skip
    for number in range(LEADS_A_CAMPAIGN):
        lead, at = f"l{count:04}{number:03}", starts + (NOW - starts) * (number / LEADS_A_CAMPAIGN)
        status = chance.choice(["accepted", "accepted", "rejected", "expired"])
        found["leads"].append(
            {
                "id": lead, "source": "crm", "external_id": lead, "priority": "warm", "fields": "{}", "stage": "mql",
                "campaign_id": campaign, "created_at": bulk.instant(at), "updated_at": bulk.instant(at), "version": 1,
            }
        )  # fmt: skip
        found["handoffs"].append(
            {
                "id": f"h{lead}", "lead_id": lead, "agreement_id": AGREEMENT, "status": status,
                "opened": "handed_over", "rep_id": f"p{chance.randrange(REPS):03}", "priority": "warm",
                "source": "crm", "campaign_id": campaign, "routed_because": "", "received_at": bulk.instant(at),
                "offered_at": bulk.instant(at), "decided_at": bulk.instant(at),
                "reason": "low_intent" if status == "rejected" else None, "version": 2, "extra": "{}",
                "ended_at": None,
            }
        )  # fmt: skip
