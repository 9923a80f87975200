"""Find: everybody finds what they may read, as it is now, and learns nothing of the rest."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.campaign_alert import AlertState, Asset, CampaignAlert, Question
from bot.domain.note import NoteKind
from bot.domain.person import Role, Side
from bot.domain.search import Found, Piece
from bot.errors import NotAllowed, PersonUnknown
from bot.services import erasure, notes, search
from bot.services.notes import ChangeNote
from bot.services.search import Part
from storage.transaction import Transaction
from tests.services import noting
from tests.services.marketing import CMO, add_marketing
from tests.services.world import ADMIN, INES, JONAS, MANAGER, MARKETER, START, World, person


async def find(world: World, by: str, words: str, **page: Any) -> search.Results:
    return await world.db.read(lambda tx: search.find(tx, by, words, **page))


async def found(world: World, by: str, words: str) -> list[str]:
    """What is opened by what was found."""
    return [line.opens for line in (await find(world, by, words)).lines]


def alert(**changed: Any) -> CampaignAlert:
    made = CampaignAlert(
        id="alert", campaign_id="", owner_id="p5", state=AlertState.SCHEDULED, version=1,
        buyer_sees="A mail about zebras", audience="Zoos", segment="", starts_at=START, ends_at=None, tz="UTC",
        offer="A free lion", offer_is_new=False,
        lead_looks_like="", expected_volume=None, cost=None, currency=None, channels=(),
        assets=(Asset(label="Price sheet", url="https://files.example.com/sheets/giraffe.pdf?token=secret"),),
        made_by="p5", created_at=START, updated_at=START, told_at=START,
    )  # fmt: skip
    return replace(made, **changed)


@pytest.fixture
async def told(world: World) -> World:
    """Sales has been told of a campaign alert, and asked about it."""

    def tell(tx: Transaction) -> None:
        add_marketing(tx)
        campaign = tx.campaigns.ensure("spring")
        tx.campaigns.save(replace(campaign, name="Spring safari"))
        tx.campaign_alerts.add(alert(campaign_id=campaign.id))
        asked = {"asked_by": "p1", "asked_at": START}
        tx.alert_questions.add(
            Question(id="q1", alert_id="alert", place=1, text="Is it tame?", expected=False, **asked)
        )  # fmt: skip

    await world.db.run(tell)
    return world


async def test_a_note_is_found_by_what_it_says_and_whom_it_is_about(world: World) -> None:
    note = await noting.write(world, "They call us pricey", account="Northwind", competitor="Acme")
    for words in ("pricey", "northwind", "acme call", "They CALL us"):
        assert await found(world, INES, words) == [note.id]
    line = (await find(world, INES, "pricey")).lines[0]
    assert (line.kind, line.by, line.note_kind) == (Found.NOTE, "Jonas", note.kind)
    assert [piece.text for piece in line.pieces if piece.marked] == ["pricey"]


async def test_a_changed_note_is_found_by_its_new_words_only(world: World) -> None:
    note = await noting.write(world, "first words")
    change = ChangeNote(by=JONAS, note_id=note.id, version=note.version, text="second thoughts", kind=note.kind)
    await world.db.run(notes.change_note, change)
    assert await found(world, JONAS, "first") == []
    assert await found(world, JONAS, "second") == [note.id]
    assert (await find(world, JONAS, "second")).lines[0].at == note.created_at


async def test_an_answer_is_found_with_every_note_it_answers(world: World) -> None:
    one, other = await noting.same(world, JONAS, INES)
    await noting.answer(world, one, text="We wrote a comparison", link="https://files.example.com/okapi.pdf")
    assert sorted(await found(world, INES, "comparison")) == sorted([one.id, other.id])
    assert sorted(await found(world, INES, "okapi")) == sorted([one.id, other.id])


def shown(pieces: tuple[Piece, ...]) -> str:
    return "".join(f"*{one.text}*" if one.marked else one.text for one in pieces)


async def test_what_marketing_answered_is_not_shown_as_what_the_rep_said(world: World) -> None:
    await world.db.run(add_marketing)
    note = await noting.write(world, "They call us pricey", account="Northwind", competitor="Acme")
    await noting.answer(world, note, text="We wrote a comparison", link="https://files.example.com/okapi.pdf")
    (line,) = (await find(world, INES, "pricey")).lines
    assert (shown(line.pieces), line.by, line.beside) == ("They call us *pricey*", "Jonas", ())
    (line,) = (await find(world, INES, "comparison okapi acme")).lines
    assert (shown(line.pieces), line.by) == ("They call us pricey", "Jonas")
    assert [(one.part, shown(one.pieces), one.by) for one in line.beside] == [
        (Part.COMPETITOR, "*Acme*", ""),
        (Part.ANSWER, "We wrote a *comparison*", "Sam"),
        (Part.LINK, "files.example.com/*okapi*.pdf", ""),
    ]


async def test_content_that_exists_is_found_as_such(world: World) -> None:
    await world.db.run(add_marketing)
    note = await noting.write(world, "A page for hospitals", kind=NoteKind.MISSING_CONTENT)
    await noting.answer(world, note, "exists", "Here.", link="https://files.example.com/a")
    (line,) = (await find(world, INES, "hospitals")).lines
    assert line.exists


async def test_a_note_that_is_taken_back_is_found_by_nobody(world: World) -> None:
    note = await noting.write(world, "said too much")
    await world.db.run(notes.take_back, JONAS, note.id)
    assert await found(world, JONAS, "much") == []


async def test_managers_notes_are_found_by_managers_their_author_and_the_owner_of_the_campaign(world: World) -> None:
    await world.db.run(add_marketing)
    campaign = (await world.db.read(lambda tx: tx.campaigns.by_key("spring"))) or pytest.fail("no campaign")
    note = await noting.write(world, "a delicate price", managers_only=True, campaign_id=campaign.id)
    for by in (JONAS, MANAGER, CMO, MARKETER):
        assert await found(world, by, "delicate") == [note.id]
    results = await find(world, INES, "price")
    assert (results.lines, results.more) == ((), False)
    # Whoever owns the campaign from now on finds it.
    await world.db.run(lambda tx: tx.campaigns.save(replace(campaign, owner_id=None)))
    assert await found(world, MARKETER, "delicate") == []


async def test_pages_tell_nothing_of_what_somebody_may_not_read(world: World) -> None:
    for number in range(30):
        await noting.write(world, f"price {number}", managers_only=number % 2 == 0)
    page = await find(world, INES, "price")
    seen = list(page.lines)
    while page.more:
        page = await find(world, INES, "price", before=page.last)
        seen += page.lines
    assert [line.pieces[-1].text for line in seen] == [f" {number}" for number in range(29, 0, -2)]


async def test_who_may_read_notes_by_side_is_asked_at_each_search(world: World) -> None:
    note = await noting.write(world, "price")
    assert await found(world, MARKETER, "price") == [note.id]
    await world.configure(notes_read_by=("sales",))
    assert await found(world, MARKETER, "price") == []
    assert await found(world, INES, "price") == [note.id]
    assert await found(world, ADMIN, "price") == []


async def test_who_is_not_on_the_roster_finds_nothing(world: World) -> None:
    await noting.write(world, "price")
    await world.db.run(lambda tx: tx.people.add(person(20, "Otto", Role.REP, Side.SALES, on_roster=False)))
    with pytest.raises((NotAllowed, PersonUnknown)):
        await find(world, "U20", "price")
    with pytest.raises((NotAllowed, PersonUnknown)):
        await find(world, "U99", "price")


@pytest.mark.parametrize("words", ["zebra", "safari", "free lion", "zoos"])
async def test_an_alert_is_found_by_all_it_says_and_its_campaign(told: World, words: str) -> None:
    assert await found(told, JONAS, words) == ["alert"]


async def test_a_link_is_found_by_its_name_and_where_it_leads(told: World) -> None:
    for words in ("price sheet", "giraffe", "files.example.com"):
        (line,) = (await find(told, JONAS, words)).lines
        assert (line.kind, line.opens) == (Found.LINK, "alert")
        assert line.link == "https://files.example.com/sheets/giraffe.pdf?token=secret"
    assert await found(told, JONAS, "secret") == []
    await told.db.run(lambda tx: tx.campaign_alerts.save(replace(_alert(tx), assets=())))
    assert await found(told, JONAS, "giraffe") == []


async def test_a_question_is_found_with_its_answer(told: World) -> None:
    (line,) = (await find(told, INES, "tame")).lines
    assert (line.kind, line.opens, line.answered) == (Found.QUESTION, "alert", False)
    assert (line.by, line.question) == ("Jonas", "q1"), "who asked, and where it stands"
    answered = {"answer": "As a lamb", "answered_by": "p5", "answered_at": START + timedelta(days=1)}

    def answer(tx: Transaction) -> None:
        question = tx.alert_questions.get("q1")
        assert question is not None
        tx.alert_questions.save(replace(question, **answered))

    await told.db.run(answer)
    (line,) = (await find(told, INES, "lamb tame")).lines
    assert line.answered is True
    assert shown(line.pieces) == "Is it *tame*?"
    assert [(shown(one.pieces), one.by) for one in line.beside] == [("As a *lamb*", "Sam")]
    await told.db.run(lambda tx: tx.alert_questions.remove("q1"))
    assert await found(told, INES, "lamb") == []


async def test_before_sales_is_told_only_those_who_write_it_find_an_alert(told: World) -> None:
    await told.db.run(lambda tx: tx.campaign_alerts.save(replace(_alert(tx), state=AlertState.DRAFT, told_at=None)))
    for words in ("zebra", "giraffe", "tame"):
        assert await found(told, MARKETER, words) == ["alert"]
        assert await found(told, CMO, words) == ["alert"]
        assert await found(told, JONAS, words) == []
        assert await found(told, MANAGER, words) == []
    await told.db.run(lambda tx: tx.campaign_alerts.save(replace(_alert(tx), told_at=START)))
    for words in ("zebra", "giraffe", "tame"):
        assert await found(told, JONAS, words) == ["alert"]


async def test_of_somebody_erased_no_word_is_found_nor_in_the_file(world: World, tmp_path: Path) -> None:
    handed = await world.hand_over("1", name="Maria Lopez", email="maria@example.com")
    handoff = await world.handoff(handed.handoff_id)
    by = {"p1": JONAS, "p2": INES}[handoff.rep_id or ""]
    await world.accept(handoff.id, by)
    note = await noting.write(world, "Maria hates quaggaword", by=by, lead_id=handoff.lead_id)
    await world.db.run(lambda tx: tx.campaigns.ensure("unrelated"))
    assert await found(world, by, "quaggaword") == [note.id]
    assert b"quaggaword" in _bytes(tmp_path)

    await world.db.run(lambda tx: erasure.erase_lead(tx, handoff.lead_id, actor="crm"))
    assert await found(world, by, "quaggaword") == []
    for _ in range(400):
        if b"uaggaword" not in _bytes(tmp_path):
            break
        await asyncio.sleep(0.05)
    await noting.write(world, "life goes on")
    assert b"uaggaword" not in _bytes(tmp_path)


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("lockstep.db*"))


def _alert(tx: Transaction) -> CampaignAlert:
    found = tx.campaign_alerts.get("alert")
    assert found is not None
    return found


async def test_of_a_long_list_of_words_the_first_are_looked_for_and_that_is_said(world: World) -> None:
    note = await noting.write(world, " ".join(f"word{number}" for number in range(40)))
    results = await find(world, INES, " ".join(f"word{number}" for number in range(40)))
    assert [line.opens for line in results.lines] == [note.id]
    assert results.left_out
    assert not (await find(world, INES, "word1 word2")).left_out
