"""Values that come back from Slack are read exactly as we wrote them, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NotFound
from bot.services.home_rows import HomeLists
from bot.views.ids import (
    HandoffRef,
    More,
    form_metadata,
    handoff_value,
    more_value,
    page_value,
    pages_metadata,
    read_form_metadata,
    read_handoff_value,
    read_more_value,
    read_pages,
)
from tests.views.samples import HANDOFF, full_home, make_home

ids = st.uuids().map(str)
versions = st.integers(min_value=0, max_value=2**31 - 1)


@given(handoff_id=ids, version=versions)
def test_a_buttons_value_is_read_as_it_was_written(handoff_id: str, version: int) -> None:
    value = handoff_value(handoff_id, version)
    assert read_handoff_value(value) == HandoffRef(handoff_id=handoff_id, version=version)


@given(handoff_id=ids, version=versions, reason=st.none() | st.text(max_size=40))
def test_a_forms_metadata_is_read_as_it_was_written(handoff_id: str, version: int, reason: str | None) -> None:
    ref = read_form_metadata(form_metadata(handoff_id, version, reason=reason))
    assert (ref.handoff_id, ref.version, ref.reason) == (handoff_id, version, reason)


@given(more=st.sampled_from(More), handoff_id=ids)
def test_a_menus_value_is_read_as_it_was_written(more: More, handoff_id: str) -> None:
    assert read_more_value(more_value(more, handoff_id)) == (more, handoff_id)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "x",
        "x.",
        ".3",
        "x.-1",
        "x.1e3",
        "x.٣",
        "x.99999999999",
        "x.2147483648",
        "a/b.1",
        "a b.1",
        f"{'a' * 65}.1",
    ],
)
def test_an_unreadable_buttons_value_is_refused(text: str) -> None:
    with pytest.raises(NotFound):
        read_handoff_value(text)


@pytest.mark.parametrize("text", ["", "details", "details:", "erase:x", "details:a/b", ":x", f"details:{'a' * 65}"])
def test_an_unreadable_menus_value_is_refused(text: str) -> None:
    with pytest.raises(NotFound):
        read_more_value(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "[]",
        "null",
        "{}",
        '{"handoff_id":1,"version":1}',
        '{"handoff_id":"a","version":"1"}',
        '{"handoff_id":"a","version":true}',
        '{"handoff_id":"a","version":-1}',
        '{"handoff_id":"../a","version":1}',
        '{"handoff_id":"a","version":1,"reason":[]}',
        "[" * 3000,
    ],
)
def test_unreadable_metadata_is_refused(text: str) -> None:
    with pytest.raises(NotFound):
        read_form_metadata(text)


@given(text=st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_handoff_value, read_more_value, read_form_metadata):
        try:
            read(text)
        except NotFound:
            continue
    assert set(read_pages(text, text)) <= set(HomeLists)


def test_turning_a_page_keeps_the_other_lists_where_they_are() -> None:
    there = full_home().pages()
    metadata = pages_metadata(there)
    assert set(there.values()) == {1}
    assert read_pages(metadata) == there
    turned = read_pages(metadata, page_value(HomeLists.MINE, 2))
    assert turned == {**there, HomeLists.MINE: 2}


def test_unreadable_pages_are_the_first_ones() -> None:
    assert read_pages("needs:x rubbish mine:-4", "team:") == {}
    assert not any(read_pages(pages_metadata(make_home().pages()), f"needs:{'9' * 11}").values())


def test_a_handoffs_value_fits_a_menu_option() -> None:
    assert all(len(more_value(more, HANDOFF)) <= 150 for more in More)
