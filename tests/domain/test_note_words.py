"""What the words of a field note tell, and how Slack's writing reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.note import NoteKind
from bot.domain.note_words import (
    ALIKE,
    TITLE,
    guess_kind,
    likeness,
    says_something,
    telling_words,
    title_of,
    without_name,
)
from bot.domain.slack_text import people_in, readable


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Objection: too dear", NoteKind.OBJECTION),
        ("  COMPETITOR : Globex", NoteKind.COMPETITOR),
        ("buyer’s own words: we are full", NoteKind.BUYERS_WORDS),
        ("missing content: a page for hospitals", NoteKind.MISSING_CONTENT),
        ("Lost: price", NoteKind.WIN_LOSS),
        ("Won: speed", NoteKind.WIN_LOSS),
        ("idea: a calculator", NoteKind.IDEA),
        ("“We are full until May”", NoteKind.BUYERS_WORDS),
        ('"We are full until May"', NoteKind.BUYERS_WORDS),
        ('"SSO" and "audit log" are missing', NoteKind.OTHER),
        ("They have an objection to the price", NoteKind.OTHER),
        ("We lost: price", NoteKind.OTHER),
        ("", NoteKind.OTHER),
        ('"', NoteKind.OTHER),
    ],
)
def test_a_kind_is_read_only_where_the_text_names_it(text: str, kind: NoteKind) -> None:
    assert guess_kind(text) is kind


@pytest.mark.parametrize(
    ("text", "kind", "left"),
    [
        ("Competitor: Acme undercut us", NoteKind.COMPETITOR, "Acme undercut us"),
        ("  MISSING :\n a deck: on price ", NoteKind.MISSING_CONTENT, "a deck: on price"),
        ("Buyer: “We are full”", NoteKind.BUYERS_WORDS, "“We are full”"),
        ("Lost: price", NoteKind.WIN_LOSS, "Lost: price"),
        ("Won: speed", NoteKind.WIN_LOSS, "Won: speed"),
        ("Competitor:", NoteKind.COMPETITOR, "Competitor:"),
        ("Competitor: Acme", NoteKind.OBJECTION, "Competitor: Acme"),
        ("Note: Acme", NoteKind.OTHER, "Note: Acme"),
    ],
)
def test_the_name_of_a_kind_is_taken_off_where_the_kind_says_it_and_nothing_else_is(
    text: str, kind: NoteKind, left: str
) -> None:
    assert without_name(text, kind) == left


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Too expensive for teams of five", "it is too expensive for a small team"),
        ("No SSO", "They need SSO"),
        ("missing integration with SAP", "SAP integrations are missing"),
        ("Zu teuer für kleine Teams", "für ein kleines Team zu teuer"),
        ("Précio demasiado alto", "precio demasiado alto para nosotros"),
    ],
)
def test_what_says_the_same_in_other_words_is_alike(one: str, other: str) -> None:
    assert likeness(one, other) >= ALIKE
    assert likeness(one, other) == likeness(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Too expensive for teams of five", "The onboarding took three months"),
        ("They want it and they have it", "They have it and they want it"),
        ("Globex is cheaper for schools in spring", "Our spring webinar was not relevant to hospitals at all"),
        ("", "anything"),
    ],
)
def test_what_says_something_else_is_not(one: str, other: str) -> None:
    assert likeness(one, other) < ALIKE


@given(st.text(max_size=300), st.text(max_size=300))
def test_likeness_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    assert 0.0 <= likeness(one, other) == likeness(other, one) <= 1.0


@given(st.text(max_size=500))
def test_a_text_is_like_itself_when_it_has_words_at_all(text: str) -> None:
    assert likeness(text, text) == (1.0 if telling_words(text) else 0.0)


@pytest.mark.parametrize("text", ["No", "5", "👍", "Objection: no", "価格", "Objection", "Acme: dear", '"dear"'])
def test_a_word_a_figure_or_an_emoji_says_something(text: str) -> None:
    assert says_something(text)


@pytest.mark.parametrize("text", ["", " ", '""', "«…»", "Objection:", "buyer’s words : ?!", "– -"])
def test_signs_and_the_name_of_a_kind_say_nothing(text: str) -> None:
    assert not says_something(text)


@given(st.text(max_size=1000))
def test_a_title_is_one_short_line(text: str) -> None:
    assert len(title_of(text)) <= TITLE
    assert len(title_of(text).splitlines()) <= 1


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&amp;lt;", "&lt;"),
        ("<@U1> and <@U2|bob> and <@U3>", "@Ines and @bob and @U3"),
        ("<#C1|deals> <#C2>", "#deals #C2"),
        ("<!here> <!channel> <!subteam^S1|@sales>", "@here @channel @sales"),
        ("<!date^1700000000^{date}|14 Nov>", "14 Nov"),
        ("<https://a.example/?b=1&amp;c=2>", "https://a.example/?b=1&c=2"),
        ("<https://a.example|our page>", "our page (https://a.example)"),
        ("<https://a.example|https://a.example>", "https://a.example"),
        ("<mailto:a@example.com|a@example.com>", "a@example.com"),
        ("<tel:+491234567890|call>", "call (+491234567890)"),
        ("*bold* and `code` stay", "*bold* and `code` stay"),
        ("a < b > c", "a < b > c"),
        ("<>", "<>"),
    ],
)
def test_slacks_writing_reads_as_people_see_it(written: str, read: str) -> None:
    assert readable(written, {"U1": "Ines"}) == read


def test_whom_a_text_mentions() -> None:
    assert people_in("<@U1> <@W2|x> <#C1> <@nobody>") == {"U1", "W2"}


@given(st.text(max_size=300))
def test_reading_never_fails_and_escaped_text_comes_back(text: str) -> None:
    readable(text, {})
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert readable(escaped, {}) == text
