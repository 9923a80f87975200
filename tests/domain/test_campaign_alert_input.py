"""What marketers write into the form of a campaign alert is read as they meant it, and written back unchanged."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.campaign_alert import Asset
from bot.domain.campaign_alert_input import (
    LONGEST_INPUT,
    MOST_QUESTIONS,
    Expected,
    is_web_link,
    key_from,
    read_assets,
    read_questions,
    write_assets,
    write_questions,
)


def test_questions_and_answers_are_read_as_people_write_them() -> None:
    text = "Q: Is it free?\nA: Yes.\nUntil May.\n\nq) Who speaks?\nanswer: Dana\nQ: Recorded?"
    assert read_questions(text) == (
        Expected(text="Is it free?", answer="Yes.\nUntil May."),
        Expected(text="Who speaks?", answer="Dana"),
        Expected(text="Recorded?"),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Is it free?\nA: Yes", "“Is it free?” belongs to no question"),
        ("A: Yes", "belongs to no question"),
        ("Q: \nA: Yes", "Question 1 is empty"),
        ("Q: a\n" * (MOST_QUESTIONS + 1), "at most 50 fit"),
    ],
)
def test_what_is_no_question_is_said_in_a_sentence(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        read_questions(text)


LINES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=60)
TEXTS = st.lists(LINES, min_size=1, max_size=3).map("\n".join)


@given(st.lists(st.builds(Expected, text=TEXTS, answer=TEXTS), max_size=8))
def test_no_question_is_lost_or_changed_between_the_form_and_its_rows(questions: list[Expected]) -> None:
    texts, left = write_questions(questions)
    assert all(len(text) <= LONGEST_INPUT for text in texts)
    read = [one for text in texts for one in read_questions(text)]
    assert sorted([*read, *left], key=repr) == sorted(questions, key=repr)


def test_many_long_questions_stand_in_several_inputs() -> None:
    questions = [Expected(text=f"Question {number}?", answer="x" * 1000) for number in range(7)]
    texts, left = write_questions(questions)
    assert (len(texts), left) == (4, [])


def test_links_are_read_with_and_without_a_label() -> None:
    text = "Landing page | https://example.com/spring\nhttps://example.com/deck.pdf\nPlaybook: https://example.com/p?q=1|2\n"
    with pytest.raises(ValueError, match="Playbook"):
        read_assets(text)
    assert read_assets(text.replace("|2", "")) == (
        Asset(label="Landing page", url="https://example.com/spring"),
        Asset(label="", url="https://example.com/deck.pdf"),
        Asset(label="Playbook", url="https://example.com/p?q=1"),
    )


@given(
    st.lists(
        st.builds(
            Asset,
            label=st.text(st.characters(categories=("L", "N")), max_size=20),
            url=st.text("abc/?=&", max_size=20).map("https://example.com/{}".format),
        ),
        max_size=20,
    )
)
def test_links_are_written_as_they_are_read(assets: list[Asset]) -> None:
    assert read_assets(write_assets(assets)) == tuple(assets)


@pytest.mark.parametrize(
    "url",
    ["http://example.com", "https://me@example.com", "https://example.com:8443", "javascript:alert(1)", "https://",
     "https://exa mple.com", "https://example.com>|x", "https://[::1", ""],
)  # fmt: skip
def test_only_plain_https_addresses_are_links(url: str) -> None:
    assert not is_web_link(url)


@pytest.mark.parametrize(
    ("name", "key"),
    [("Spring webinar 2026", "spring-webinar-2026"), ("  Größe & Co. ", "grösse-co"), ("!!!", ""), ("会议", "会议")],
)
def test_a_key_is_suggested_from_the_name(name: str, key: str) -> None:
    assert key_from(name) == key


def test_a_key_is_no_longer_than_a_lead_can_name() -> None:
    assert len(key_from("word " * 100)) <= 200
