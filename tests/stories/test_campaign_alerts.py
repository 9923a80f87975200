"""Story: a marketer drafts a campaign alert, previews it and sends it; a sales manager approves it with one click; the
clock moves: sales is reminded on its eve, it is live, it is over; and what is changed on the way is in the message."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.stories.brightwater import Brightwater, labels, words

pytestmark = pytest.mark.story


async def test_drafted_previewed_approved_with_one_click_reminded_live_changed_ended(office: Brightwater) -> None:
    sam, anna, jonas = office.sam, office.anna, office.jonas
    sales = "#campaigns"
    starts = (await office.now()).date() + timedelta(days=10 - (await office.now()).weekday())  # a Thursday
    await sam.types("/lockstep", "campaign")
    for block_id, value in {
        "name": "Spring webinar",
        "start_date": starts.isoformat(),
        "start_time": "10:00",
        "end_date": (starts + timedelta(days=7)).isoformat(),
        "buyer_sees": "Join *our* webinar <!channel> on freight.",
        "audience": "Heads of logistics",
        "new_offer": "Two months free",
        "channels": [await sam.place(sales)],
    }.items():
        await sam.fills(block_id, value)

    # What cannot be read is said at its field, and everything typed is still there.
    refused = await sam.submits(**{"questions.0": "Is it free?", "assets": "ftp://nowhere"})
    assert set(refused["errors"]) == {"questions.0", "assets"}
    await sam.fills("questions.0", "Q: Is it free?\nA: Yes, until the end of May.")
    await sam.fills("assets", "Landing page | https://example.com/spring")
    await sam.presses_in_form("Preview")
    tried = await sam.form()
    assert tried is not None
    assert "Two months free" in words(tried)
    await sam._act("close")
    preview = await sam.submits()
    assert preview["title"]["text"] == "As sales will see it"
    assert "Join ∗our∗ webinar" in words(preview)
    sent = await sam.submits()
    assert "Sent for approval: Anna Keller" in words(sent)
    await sam._act("close")
    await jonas.sees_none(sales, "Campaign alert")

    asked = await anna.sees("messages", "The campaign alert Spring webinar of Sam Patel waits for your approval")
    assert "Is it free?" in words(asked)
    await anna.presses("Approve", asked, "messages")
    await anna.sees("messages", "Approved by Anna Keller: the campaign alert Spring webinar")
    told = await jonas.sees(sales, "Campaign alert: Spring webinar", "*Starts*", "Yes, until the end of May.")
    assert "Got it" in labels(told)

    await office.passes(days=(starts - (await office.now()).date()).days - 1, hours=8)
    await jonas.sees(sales, "Reminder: the campaign Spring webinar starts")
    await office.passes(days=1)
    await jonas.sees(sales, "Campaign alert: Spring webinar", "*Live* since")
    await jonas.sees(sales, "Reminder on the eve of the campaign Spring webinar", "*Live* since")

    # What Sam changes changes the message, which says so in a line.
    await sam.presses("Details", await sam.sees(sales, "Campaign alert: Spring webinar"), sales)
    await sam.presses_in_form("Change…")
    left = await sam.submits(new_offer="Three months free")
    assert "Three months free" in words(left) or left["title"]["text"] == "Campaign alert", words(left)
    await jonas.sees(sales, "Campaign alert: Spring webinar", "Three months free", ": the offer")
    await jonas.presses("Details", await jonas.sees(sales, "Campaign alert: Spring webinar"), sales)
    opened = await jonas.form()
    assert opened is not None
    assert "Change…" not in labels(opened)
    await office.passes(days=8)
    await jonas.sees(sales, "Campaign alert: Spring webinar", "*Ended*")
    await jonas.sees(sales, "Reminder on the eve of the campaign Spring webinar", "*Ended*")
