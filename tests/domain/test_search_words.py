"""The words by which a text is found, and the part of it that is shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.search import LONGEST_WORD, MOST_WORDS, Piece, excerpt, query, words_of

ANYTHING = st.text(max_size=300) | st.text(alphabet="aé価格가แ ー'\"*\x00🎉ßﬁİ\u0301", max_size=60)


def said(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def marked(pieces: tuple[Piece, ...]) -> list[str]:
    return [piece.text for piece in pieces if piece.marked]


@given(ANYTHING)
def test_words_hold_nothing_that_means_anything_to_a_database(text: str) -> None:
    for word in (*words_of(text), *(one.word for one in query(text).wanted)):
        assert 0 < len(word) <= LONGEST_WORD
        assert all(unicodedata.category(one)[0] in "LNM" for one in word)


@given(ANYTHING)
def test_a_text_is_found_by_itself(text: str) -> None:
    """Whatever is asked for in the words of a text has only words, or beginnings of words, of that text."""
    words = words_of(text)
    for one in query(text).wanted:
        assert one.word in words or (one.begins and any(word.startswith(one.word) for word in words))


@given(ANYTHING)
def test_accents_and_capitals_make_no_difference(text: str) -> None:
    assert words_of(unicodedata.normalize("NFD", text)) == words_of(unicodedata.normalize("NFC", text))
    assert query(unicodedata.normalize("NFD", text)) == query(unicodedata.normalize("NFC", text))


@given(ANYTHING, ANYTHING)
def test_an_excerpt_is_a_part_of_the_text_in_one_line(text: str, words: str) -> None:
    pieces = excerpt(text, query(words), room=80)
    shown = said(pieces)
    assert "\n" not in shown
    assert len(shown) <= 80 + 2
    line = " ".join(text.replace("\x00", " ").split())
    assert shown.removeprefix("…").removesuffix("…") in line or shown in line
    assert all(piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Prices rose; the PRICE too", "price", ["Prices", "PRICE"]),
        ("Café au lait, cafe noir", "cafe", ["Café", "cafe"]),
        ("お客様は価格が高いと言われた", "価格 高い", ["価格", "高い"]),
        ("AI製品のAI", "ai", ["AI", "AI"]),
        ("nothing of it", "else", []),
        ("a plan for b", "plan", ["plan"]),
        ("an answer about a", "a", ["an", "answer", "about", "a"]),
    ],
)
def test_what_was_looked_for_is_marked(text: str, words: str, expected: list[str]) -> None:
    pieces = excerpt(text, query(words))
    assert marked(pieces) == expected
    assert said(pieces) == text


def test_the_part_with_most_of_the_words_is_shown() -> None:
    text = f"price {'filler ' * 100}the budget and the price {'filler ' * 100}"
    pieces = excerpt(text, query("price budget"), room=120)
    assert marked(pieces) == ["budget", "price"]
    assert said(pieces).startswith("…")
    assert said(pieces).endswith("…")
    assert len(said(pieces)) <= 122


def test_without_any_of_the_words_the_beginning_is_shown() -> None:
    assert said(excerpt("one two " * 50, query("three"), room=20)).startswith("one two")


def test_a_single_letter_at_the_end_is_a_beginning_and_elsewhere_a_word() -> None:
    assert [(one.word, one.begins) for one in query("plan b").wanted] == [("plan", True), ("b", True)]
    assert [(one.word, one.begins) for one in query("b plan").wanted] == [("b", False), ("plan", True)]


def test_in_a_sentence_only_the_last_word_is_a_beginning() -> None:
    asked = query("they said that prices were rising")
    assert [one.word for one in asked.wanted if one.begins] == ["rising"]


def test_more_words_than_are_looked_for_are_left_out_and_that_is_known() -> None:
    asked = query(" ".join(f"word{number}" for number in range(MOST_WORDS + 1)))
    assert len(asked.wanted) == MOST_WORDS
    assert asked.left_out
    assert not query(" ".join(f"word{number}" for number in range(MOST_WORDS))).left_out
