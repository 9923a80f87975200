"""Stories: the clock as people see it. Due times, reminders, hours set from Home, and what is at risk."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.integrations.clock import SystemClock
from storage.database import run_now
from storage.transaction import Transaction
from tests.sandbox.slack_driver import Json
from tests.services.signed import put_in_force
from tests.stories.brightwater import HOT, Brightwater, labels, words

pytestmark = pytest.mark.story


def due_in(message: Json) -> datetime:
    """The time after “decide by” in a message."""
    found = re.search(r"ecide by <!date\^(\d+)\^", words(message))
    assert found, words(message)
    return datetime.fromtimestamp(int(found[1]), UTC)


async def signed(office: Brightwater) -> None:
    """Both sides have signed, at the office's own time."""
    now = await office.now()

    def sign(tx: Transaction) -> None:
        tx.now = now
        put_in_force(tx)

    run_now(office.database_url, SystemClock(), sign)


async def test_a_reminder_is_answered_with_its_own_button_and_every_message_follows(office: Brightwater) -> None:
    await signed(office)
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    due = due_in(card)
    assert "4 h of working time" in words(card)
    await office.until(due - timedelta(hours=2) + timedelta(seconds=10))
    reminder = await rep.sees("messages", "Waits for a decision", "Étienne Marchand")
    assert due_in(reminder) == due
    assert {"Accept", "Reject", "Snooze…"} <= set(labels(reminder))
    card = await rep.sees("messages", "(reminded)")
    await rep.presses("Accept", reminder, "messages")
    assert not labels(await rep.sees("messages", "Accepted by you."))
    assert "Accept" not in labels(await rep.sees("messages", "Accepted by", "Call"))


async def test_what_is_at_risk_reaches_the_manager_in_one_message_that_is_edited(office: Brightwater) -> None:
    await signed(office)
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    await office.until(due_in(card) - timedelta(minutes=59))
    listed = await office.anna.sees("messages", "At risk: 1 lead is nearly out of time", "Étienne Marchand")
    assert await office.name_of(rep) in words(listed)
    assert "At risk" in words(await rep.sees("messages", "At risk: decide by"))
    reminder = await rep.sees("messages", "At risk: nearly out of time")
    first = await rep.sees("messages", "A newer reminder has the buttons.")
    assert not labels(first)
    await rep.presses("Accept", reminder, "messages")
    await office.anna.sees("messages", "Nothing is at risk here any more. 1 that stood here was decided, ran out")


async def test_hours_set_from_home_move_the_due_time_on_the_card(office: Brightwater) -> None:
    await signed(office)
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    before = due_in(card)
    assert "You work Mon to Fri" in words(await rep.opens_home())
    await rep.presses_on_home("My hours…")
    left = await rep.submits(hours_mon="8-9", hours_tue="13:00-14:00, 15-20", country="Narnia")
    assert "no country with holidays" in str(left["errors"])
    answer = await rep.submits(country="")
    assert "Your hours are saved. 1 open lead: its due time changed; it is now due" in words(answer)
    after = due_in(await rep.sees("messages", "Étienne Marchand", "Decide by"))
    assert after > before
    # An hour of it passes from 13 to 14, the rest from 15 on; some seconds have passed already.
    six = (after + timedelta(seconds=30)).astimezone(rep.tz)
    assert (six.weekday(), six.hour, six.minute) == (1, 18, 0)


async def test_snooze_puts_the_next_reminder_off(office: Brightwater) -> None:
    await signed(office)
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    due = due_in(card)
    await office.until(due - timedelta(hours=2) + timedelta(seconds=10))
    reminder = await rep.sees("messages", "Waits for a decision")
    await rep.presses("Snooze…", reminder, "messages")
    answer = await rep.submits(snooze_for="15 minutes")
    assert "No reminder before" in words(answer)
    assert "Snoozed" in words(await rep.sees("messages", "Waits for a decision"))
    await office.until(due - timedelta(hours=1, minutes=44))
    assert len([one for one in await rep.messages("messages") if "Waits for a decision" in words(one)]) == 2


async def test_in_trial_the_due_time_shows_and_nobody_is_reminded(office: Brightwater) -> None:
    await office.hands_over(HOT)
    card = await office.jonas.sees("#lead-pool", "Ateliers Marchand")
    assert "Trial: nothing escalates" in words(card)
    await office.passes(days=2)
    await office.jonas.sees_none("#lead-pool", "Waits for a decision")
    await office.anna.sees_none("messages", "At risk")
