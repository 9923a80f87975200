"""What is found, by whom, in which order: the same on both databases, and no longer than it is there."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.search import Circle, Entry, Found, Query, Sight, query, words_of
from storage.database import Database
from storage.transaction import Transaction
from tests.storage.samples import NOON

ALL = Sight(person_id="reader", circles=frozenset({Circle.NOTES, Circle.TOLD}))


def entry(text: str, subject_id: str = "n1", **changed: object) -> Entry:
    shared = Entry(kind=Found.NOTE, subject_id=subject_id, text=text, at=NOON, circle=Circle.NOTES, author_id="author")
    return replace(shared, **changed)  # type: ignore[arg-type]


def keep(*entries: Entry) -> Callable[[Transaction], None]:
    def unit(tx: Transaction) -> None:
        for one in entries:
            tx.search.keep(one)

    return unit


async def found(db: Database, words: str, sight: Sight = ALL, limit: int = 20, before: int | None = None) -> list[str]:
    hits = await db.read(lambda tx: tx.search.find(query(words), sight, limit, before))
    return [hit.subject_id for hit in hits]


async def test_what_has_every_word_is_found_the_newest_first(db: Database) -> None:
    await db.run(keep(entry("Price too high", "n1"), entry("The price is right", "n2"), entry("Too slow", "n3")))
    assert await found(db, "price") == ["n2", "n1"]
    assert await found(db, "price too") == ["n1"]
    assert await found(db, "TOO, price!") == ["n1"]
    assert await found(db, "nothing") == []
    assert await found(db, "") == []


async def test_pages_go_on_where_the_last_one_ended(db: Database) -> None:
    await db.run(keep(*(entry(f"price {number}", f"n{number}") for number in range(7))))
    first = await db.read(lambda tx: tx.search.find(query("price"), ALL, 3))
    assert [hit.subject_id for hit in first] == ["n6", "n5", "n4"]
    assert await found(db, "price", limit=3, before=first[-1].place) == ["n3", "n2", "n1"]
    assert await found(db, "price", limit=3, before=first[-1].place - 3) == ["n0"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The prices are rising", "price"),
        ("Integration with Teams", "teams integr"),
        ("Café Müller, Łódź", "cafe muller lodz"),
        ("cafe", "CAFÉ"),
        ("straße", "STRASSE"),
        ("Crème brûlée", "cre\u0300me brule"),
        ("Ёлка", "елка"),
        ("価格が高いと言われた", "価格"),
        ("価格が高いと言われた", "高いと言"),
        ("価格が高い", "い"),
        ("고객이 가격을 물었다", "고객"),
        ("ราคาแพงเกินไป", "แพง"),
        ("हिन्दी में लिखा", "हिन्दी"),
        ("السعر مرتفع", "السعر"),
        ("full ＷＩＤＴＨ", "width"),
        ("see https://example.com/pricing.pdf", "example.com pricing"),
        ("They said: don't", "don't"),
        ("a*b(c)^d:e-f", "e-f"),
        ("x" * 500, "x" * 300),
        ("nul\x00inside", "inside"),
    ],
)
async def test_it_is_found_however_it_is_written(db: Database, text: str, words: str) -> None:
    await db.run(keep(entry(text)))
    assert await found(db, words) == ["n1"]


@pytest.mark.parametrize(
    "words",
    [
        '"', "'", '""""', "'; DROP TABLE notes; --", "NOT", "AND OR NOT NEAR", "NEAR(a b)", "price:", "*", "-price",
        "^price", "words : price", "{words}", "price\x00price", "\ud800", "🎉🎉🎉", ":*", "a & b | !c", "<->", "\\",
        "%_", "/of/n", "/p/author", "x" * 10_000, "wort " * 2_000, "漢" * 10_000, "().,;", "\n\t\r", "''':*", "price''",
    ],
)  # fmt: skip
async def test_whatever_is_asked_gets_an_answer(db: Database, words: str) -> None:
    await db.run(keep(entry("price of nothing"), entry("漢" * 30, "n2")))
    assert set(await found(db, words)) <= {"n1", "n2"}


async def test_signs_are_not_looked_for_and_find_nothing_by_themselves(db: Database) -> None:
    await db.run(keep(entry("Done 🎉 & dusted")))
    assert await found(db, "🎉") == []
    assert await found(db, "dusted 🎉") == ["n1"]


async def test_nobody_finds_what_they_may_not_read(db: Database) -> None:
    await db.run(
        keep(
            entry("price for all", "n1"),
            entry("price for managers", "n2", circle=Circle.MANAGERS_NOTES),
            entry("price of a campaign", "n3", circle=Circle.MANAGERS_NOTES, campaign_id="c-1"),
            entry("price told", "a1", kind=Found.ALERT, circle=Circle.TOLD, author_id="owner"),
            entry("price drafted", "a2", kind=Found.ALERT, circle=Circle.DRAFTS, author_id="o2", also=frozenset({"p"})),
        )
    )  # fmt: skip
    assert await found(db, "price", Sight(person_id="stranger")) == []
    assert await found(db, "price", Sight(person_id="author")) == ["n3", "n2", "n1"]
    assert await found(db, "price", Sight(person_id="owner")) == ["a1"]
    assert await found(db, "price", Sight(person_id="o2")) == ["a2"]
    assert await found(db, "price", Sight(person_id="p")) == ["a2"]
    assert await found(db, "price", Sight(person_id="x", campaign_ids=frozenset({"c-1", "c-2"}))) == ["n3"]
    assert await found(db, "price", ALL) == ["a1", "n1"]
    every = Sight(person_id="x", circles=frozenset(Circle))
    assert await found(db, "price", every) == ["a2", "a1", "n3", "n2", "n1"]
    # Whom a word names nobody can ask for.
    for guess in ("/of/n", "of n", "p author", "/p/author", "author"):
        assert await found(db, guess, Sight(person_id="stranger")) == []


async def test_what_changes_is_found_by_its_new_words_only(db: Database) -> None:
    await db.run(keep(entry("first words"), entry("other", "n2")))
    await db.run(keep(entry("second thoughts")))
    assert await found(db, "first") == []
    assert await found(db, "second") == ["n1"]
    await db.run(keep(entry("second thoughts", circle=Circle.MANAGERS_NOTES)))
    assert await found(db, "second") == []
    assert await found(db, "second", Sight(person_id="author")) == ["n1"]
    await db.run(keep(entry("")))
    assert await found(db, "second", Sight(person_id="author")) == []


async def test_with_another_instant_it_is_among_the_newest(db: Database) -> None:
    await db.run(keep(entry("price", "n1"), entry("price", "n2")))
    await db.run(keep(entry("price again", "n1")))
    assert await found(db, "price") == ["n2", "n1"]
    await db.run(keep(entry("price again", "n1", at=NOON + timedelta(days=1))))
    assert await found(db, "price") == ["n1", "n2"]


async def test_what_is_removed_is_not_found_and_two_kinds_have_ids_of_their_own(db: Database) -> None:
    await db.run(keep(entry("price"), entry("price", kind=Found.ALERT, circle=Circle.TOLD)))
    await db.run(lambda tx: tx.search.remove(Found.NOTE, "n1"))
    hits = await db.read(lambda tx: tx.search.find(query("price"), ALL, 9))
    assert [(hit.kind, hit.subject_id) for hit in hits] == [(Found.ALERT, "n1")]


async def test_of_a_change_that_failed_nothing_is_found(db: Database) -> None:
    def breaks(tx: Transaction) -> None:
        keep(entry("half done"))(tx)
        raise LookupError

    with pytest.raises(LookupError):
        await db.run(breaks)
    assert await found(db, "half") == []
    await db.run(keep(entry("whole")))
    assert await found(db, "whole") == ["n1"]


async def test_a_rare_word_is_found_however_much_was_written_since(db: Database) -> None:
    await db.run(keep(entry("zebra", "n0"), *(entry(f"horse {number}", f"h{number}") for number in range(2_100))))
    assert await found(db, "zebra") == ["n0"]
    assert await found(db, "zebra horse") == []
    assert await found(db, "horse", limit=2) == ["h2099", "h2098"]


async def test_after_any_changes_it_finds_what_a_slow_search_finds(db: Database) -> None:
    """Entries are kept, changed, moved and removed in any order, against reading all of them."""
    chance = random.Random(4)
    vocabulary = ["price", "prices", "priced", "cafe", "Café", "東京で", "京都", "a", "ab", "abc", "zebra"]
    kept: dict[str, Entry] = {}
    order: dict[str, int] = {}

    def change(tx: Transaction) -> None:
        for _ in range(50):
            one = f"n{chance.randrange(30)}"
            if chance.random() < 0.2:
                tx.search.remove(Found.NOTE, one)
                kept.pop(one, None)
                continue
            at = kept[one].at if one in kept and chance.random() < 0.7 else NOON + timedelta(chance.randrange(9))
            changed = entry(
                " ".join(chance.choices(vocabulary, k=chance.randint(1, 5))), one, at=at,
                circle=chance.choice((Circle.NOTES, Circle.MANAGERS_NOTES)),
                author_id=chance.choice(("author", "other")),
            )  # fmt: skip
            tx.search.keep(changed)
            if one not in kept or kept[one].at != at:
                order[one] = next(numbers)
            kept[one] = changed

    numbers = itertools.count()
    sights = (ALL, Sight(person_id="author"), Sight(person_id="x", circles=frozenset(Circle)))
    for _ in range(5):
        await db.run(change)
        for words in ("price", "cafe", "a", "ab price", "東京", "京", "zebra priced", "ab cafe a"):
            for sight in sights:
                slow = [one for one in kept.values() if _has(one, query(words)) and _sees(sight, one)]
                slow.sort(key=lambda one: -order[one.subject_id])
                assert await found(db, words, sight, limit=50) == [one.subject_id for one in slow], words
    await db.run(_check)


def _has(one: Entry, asked: Query) -> bool:
    words = words_of(one.text)
    return all(
        any(word == wanted.word or (wanted.begins and word.startswith(wanted.word)) for word in words)
        for wanted in asked.wanted
    )


def _sees(sight: Sight, one: Entry) -> bool:
    return one.circle in sight.circles or one.author_id == sight.person_id


def _check(tx: Transaction) -> None:
    """SQLite compares its full text with the table it is of."""
    if tx.search._dialect == "sqlite":
        tx.search._connection.exec_driver_sql(
            "INSERT INTO search_words (search_words, rank) VALUES ('integrity-check', 1)"
        )
