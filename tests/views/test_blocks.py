"""Whatever text comes in, the house's builders make blocks that Slack takes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views import blocks
from bot.views.untrusted import escape, trusted
from sandbox.blockkit import validate_blocks, validate_view

texts = st.one_of(st.text(), st.sampled_from(["", "\u200b", "x" * 5000, "&" * 4000, "<!channel>" * 500, "\ud800"]))


@given(texts, texts)
def test_a_message_of_any_words_is_valid(first: str, second: str) -> None:
    words = escape(first, 3000, multiline=True)
    made = [
        blocks.header(first),
        blocks.section(words, accessory=blocks.overflow("more", [blocks.option(second, "v", description=first)])),
        blocks.section(fields=[escape(second, 2000)] * 10, block_id="fields"),
        blocks.plain_section(second),
        blocks.context(words, escape(second, 300)),
        blocks.divider(),
        blocks.actions(
            blocks.button(first, "go", "v", style="primary", accessibility_label=second),
            blocks.button(second, "ask", confirm=blocks.confirm(first, words, second, first)),
        ),
    ]
    assert validate_blocks(made) == []


@given(texts, texts)
def test_a_form_of_any_words_is_valid(first: str, second: str) -> None:
    options = [blocks.option(first, "a", description=second), blocks.option(second, "b")]
    fields = [
        blocks.plain_text_input("a", initial=first, placeholder=second, multiline=True, focus=True),
        blocks.plain_text_input("a", initial=second, max_length=10),
        blocks.static_select("a", options, placeholder=first, initial="a"),
        blocks.radio_buttons("a", options, initial="b"),
        blocks.datepicker("a", initial=date(2026, 11, 23), placeholder=first),
    ]
    made = [blocks.input_block(f"b{index}", first, field, hint=second) for index, field in enumerate(fields)]
    assert validate_view(blocks.modal("form", first, made, submit=second, close=first)) == []


def test_a_home_tab_that_is_too_long_says_so() -> None:
    view = blocks.home([blocks.divider()] * 150)
    assert validate_view(view) == []
    assert len(view["blocks"]) == 100
    assert "more than fits" in view["blocks"][-1]["elements"][0]["text"]
    assert len(blocks.fit([blocks.divider()] * 51)) == 50


def test_a_mistake_of_ours_is_found_before_slack_finds_it() -> None:
    one = blocks.option("x", "v")
    field = blocks.input_block("b", "l", blocks.plain_text_input("a"))
    for wrong in (
        lambda: blocks.option("x", "v" * 151),
        lambda: blocks.option("x", ""),
        lambda: blocks.overflow("a", [one] * 6),
        lambda: blocks.radio_buttons("a", [one] * 11),
        lambda: blocks.static_select("a", []),
        blocks.actions,
        blocks.context,
        blocks.section,
        lambda: blocks.section(fields=[trusted("x")] * 11),
        lambda: blocks.button("x", "a" * 256),
        lambda: blocks.button("x", "a", url="http://example.com"),
        lambda: blocks.modal("c", "t", [field]),
        lambda: blocks.modal("c", "t", [blocks.divider()] * 101),
        lambda: blocks.modal("c", "t", [field], submit="s", private_metadata="x" * 3001),
    ):
        with pytest.raises(ValueError, match=r"[a-z]"):
            wrong()
