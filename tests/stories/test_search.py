"""Story: what a rep heard is found by a colleague, opened, and found no more once it is taken back."""

from __future__ import annotations

import pytest

from tests.stories.brightwater import Brightwater, words

pytestmark = pytest.mark.story


async def test_what_was_heard_is_found_opened_and_gone_when_it_is_taken_back(office: Brightwater) -> None:
    jonas, ines = office.jonas, office.ines
    for number in range(7):
        await jonas.types("/note", f"Objection: café prices, said by customer {number}")
    await ines.types("/lockstep", "find CAFE price")
    found = await ines.told("messages", "Found for", "the newest first")
    assert "*café* *prices*, said by customer 6" in words(found)
    assert "customer 1" not in words(found)

    await ines.presses("Show all…", found, "messages")
    window = await ines.form()
    assert window is not None
    assert "*café* *prices*, said by customer 0" in words(window)
    again = await ines.submits(words="customer 3")
    assert "*customer* *3*" in words(again)
    assert "Nothing that you may read" in words(await ines.submits(words="giraffe"))
    await ines.submits(words="customer 3")
    await ines.presses_in_form("Open…")
    whole = words(await ines.form())
    assert "café prices, said by customer 3" in whole
    await ines._act("close")

    await jonas.types("/note", "a word too many: hippopotamus")
    saved = await jonas.told("messages", "hippopotamus")
    assert "*hippopotamus*" in words(await ines.submits(words="hippo"))
    await jonas.presses("Take back", saved, "messages")
    assert "Nothing that you may read" in words(await ines.submits(words="hippo"))


async def test_home_has_a_button_for_it(office: Brightwater) -> None:
    await office.jonas.types("/note", "They asked for a discount")
    await office.anna.opens_home()
    await office.anna.presses_on_home("Find…")
    assert "every word must be in it" in words(await office.anna.form()).casefold()
    assert "They asked for a *discount*" in words(await office.anna.submits(words="discount"))
