"""The list of digests: what each is, where it goes, when it comes and came, in words used elsewhere, too."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from bot.domain.digest import Digest, DigestKind, DigestState, Schedule
from bot.services.digest_set_up import DigestRow, DigestsList, Offer
from bot.views.digest_ids import DigestAction
from bot.views.digests import digests_view
from tests.views.oracle import blocks_of, words
from tests.views.samples import OTHER

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""9:00 in Berlin."""


def row(**changes: Any) -> DigestRow:
    values: dict[str, Any] = {
        "id": OTHER, "name": "Field notes", "kind": DigestKind.FIELD_NOTES, "place": "C0MARKETING", "weekdays": (0,),
        "at": time(9), "tz": "Europe/Berlin", "next_period": MONDAY.date(), "next_at": MONDAY, "told_until": MONDAY,
        "made_by": None, "created_at": MONDAY, "updated_at": MONDAY,
    }  # fmt: skip
    more = {name: changes.pop(name) for name in ("reader", "reader_left", "last") if name in changes}
    return DigestRow(schedule=Schedule(**values | changes), **more)


def settled(**changes: Any) -> Digest:
    values: dict[str, Any] = {
        "id": OTHER, "schedule_id": OTHER, "period": date(2026, 11, 16), "state": DigestState.SENT, "due_at": MONDAY,
        "from_at": MONDAY, "until_at": MONDAY, "made_at": MONDAY,
    }  # fmt: skip
    return Digest(**values | changes)


def said(one: DigestRow) -> str:
    return words(digests_view(DigestsList(rows=(one,), offers=())))


def asked(one: DigestRow) -> str:
    """What is asked before it is sent now."""
    blocks = blocks_of(digests_view(DigestsList(rows=(one,), offers=())))
    found = [
        item for block in blocks for item in block.get("elements", ()) if item["action_id"] == DigestAction.SEND_NOW
    ]
    return str(found[0]["confirm"]["text"]["text"])


def test_an_offer_says_whose_channel_it_goes_to_for_slack_may_not_name_it() -> None:
    offers = tuple(Offer(kind=kind, place="C0PRIVATE", tz="Europe/Berlin") for kind in DigestKind)
    shown = words(digests_view(DigestsList(rows=(), offers=offers)))
    assert "*Field notes*, Mondays 09:00, to the channel of marketing, <#C0PRIVATE>, Europe/Berlin" in shown
    assert "*Campaigns*, Mondays 09:00, to the first sales channel, <#C0PRIVATE>, Europe/Berlin" in shown


def test_a_digest_named_like_its_kind_says_so_once() -> None:
    assert "*Field notes* · <#C0MARKETING>" in said(row())
    assert "*field notes* · <#C0MARKETING>" in said(row(name="field notes"))
    assert "*Weekly* · Field notes · <#C0MARKETING>" in said(row(name="Weekly"))
    assert "*Campaigns* · Field notes · <#C0MARKETING>" in said(row(name="Campaigns"))


@pytest.mark.parametrize(
    ("last", "sentence"),
    [
        (settled(), "last: 16 November 2026"),
        (settled(late_s=7200), "last: 16 November 2026, 2 h late"),
        (settled(state=DigestState.SKIPPED), "last: 16 November 2026, skipped"),
        (settled(period=None, sent_by=OTHER), "last: 23 November 2026, sent by hand"),
    ],
)
def test_its_days_are_said_as_everywhere_else(last: Digest, sentence: str) -> None:
    shown = said(row(last=last))
    assert "next: Monday, 23 November 2026, 09:00" in shown
    assert sentence in shown
    assert "2026-1" not in json.dumps(shown)


def test_whoever_sends_it_now_reads_where_it_goes() -> None:
    assert asked(row()) == "Field notes goes to <#C0MARKETING> now, beside its schedule."
    assert asked(row(place="U0SAM", reader="Sam Patel")) == "Field notes goes to Sam Patel now, beside its schedule."
