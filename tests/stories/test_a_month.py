"""The month of the demo: its files are whole, and its people find what they press, on its first days."""

from __future__ import annotations

import contextlib
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from bot.demo.a_month import story
from bot.demo.demo import start_company
from bot.demo.people import words
from bot.domain.campaign_alert import AlertState
from bot.domain.note import NoteKind
from bot.domain.note_words import ALIKE, likeness
from bot.integrations.web import Web

pytestmark = pytest.mark.story


def test_the_month_has_notes_of_every_kind_that_grow_into_themes_and_are_answered() -> None:
    themes = tomllib.loads((story.FOLDER / "notes.toml").read_text(encoding="utf-8"))["themes"]
    notes = [(theme, note) for theme in themes for note in theme["notes"]]
    assert len(notes) >= 80
    assert {theme["kind"] for theme in themes} == set(NoteKind)
    weeks = Counter(note["day"] // 7 for theme, note in notes if theme.get("key") == "price")
    assert weeks[3] > weeks[2] > weeks[0]
    for theme in themes:
        said = [note["text"] for note in theme["notes"]]
        for number, text in enumerate(said[1:], 1):
            rival = ALIKE if theme.get("competitor") else 0.0
            assert max(likeness(text, one) for one in said[:number]) + rival >= ALIKE, text
    assert {theme["answer"]["state"] for theme in themes if "answer" in theme} == {"seen", "acted", "declined"}


def test_the_month_has_an_alert_in_every_state() -> None:
    told = tomllib.loads((story.FOLDER / "campaigns.toml").read_text(encoding="utf-8"))["campaigns"]
    assert len(told) == 12
    states = {
        AlertState.WITHDRAWN if "withdrawn" in one
        else AlertState.DRAFT if one["made"].get("draft")
        else AlertState.PROPOSED if "approved" not in one
        else AlertState.SCHEDULED if one["starts"]["day"] > story.DAYS
        else AlertState.ENDED if one.get("ends", {"day": 99})["day"] < story.DAYS
        else AlertState.LIVE
        for one in told
    }  # fmt: skip
    assert states == set(AlertState)
    outcomes = Counter(lead[-1] for one in told for lead in one.get("leads", ()))
    assert outcomes["accept"] > 20
    assert len(outcomes) >= 6


async def test_the_first_days_of_the_month_are_played_to_their_end(tmp_path: Path) -> None:
    async with contextlib.AsyncExitStack() as stack:
        web = await stack.enter_async_context(Web())
        slack, bot_url = await start_company(stack, web, tmp_path)
        told: list[str] = []
        played = story.Story(web, slack, bot_url)
        await played.play(told.append, days=2)
        assert any("approves the alert: Webinar" in line for line in told)
        jonas = played.person("jonas")
        alerts = (await slack.screen(jonas.email, await jonas.place("campaigns")))["messages"]
        webinar = next(one for one in alerts if "forecasting without spreadsheets" in words(one))
        assert "*6 of" in words(webinar)
        assert webinar["reply_count"] >= 1
