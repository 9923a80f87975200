"""The forms of working hours and of Snooze, and Home by the clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.work_times import WorkTimes
from bot.domain.working_hours import week_of
from bot.services.due import Urgency
from bot.services.snoozing import For
from bot.services.work_times import Whose
from bot.views.home import render_home
from bot.views.hours_form import HOURS_BLOCKS, hours_form, read_hours_of
from bot.views.ids import ActionId, BlockId
from bot.views.set_up_ref import read_ref
from bot.views.snooze_form import snooze_form
from tests.views.oracle import blocks_of, options_of, words
from tests.views.samples import NOW, OTHER, make_home, make_row, needs_list
from tests.views.samples_clock import COUNTDOWN, make_due, make_hours_form, make_parked, make_snooze_form


def shown(view: dict[str, object]) -> dict[str, str | None]:
    """What each field of a form holds."""
    inputs = [block for block in blocks_of(view) if block["type"] == "input"]
    return {block["block_id"]: block["element"].get("initial_value") for block in inputs}


def test_the_form_shows_every_part_as_it_is_written_again() -> None:
    week = week_of({"mon": [["09:00", "12:30"], ["13:30", "18:00"]], "fri": [["09:00", "12:00"]]})
    times = WorkTimes(tz="Europe/Lisbon", week=week, days_off=("2026-12-24/2026-12-31",), country="PT")
    fields = shown(hours_form(make_hours_form(times=times)))
    assert fields[BlockId.HOURS_MON] == "09:00-12:30, 13:30-18:00"
    assert fields[BlockId.HOURS_TUE] is None
    assert fields[BlockId.TZ] == "Europe/Lisbon"
    assert fields[BlockId.COUNTRY] == "PT"
    assert fields[BlockId.DAYS_OFF] == "2026-12-24 to 2026-12-31"
    assert set(HOURS_BLOCKS.values()) < set(fields)


def test_the_next_holidays_stand_in_the_form() -> None:
    assert "Next: 1 December 2026 Restoration of Independence Day, 8 December" in words(hours_form(make_hours_form()))
    assert "Next:" not in words(hours_form(make_hours_form(next_holidays=())))


def test_where_no_zone_is_set_the_form_says_which_one_is_in_force() -> None:
    form = make_hours_form(times=WorkTimes(), tz_now="America/Denver")
    assert "now America/Denver" in words(hours_form(form))


@pytest.mark.parametrize("whose", list(Whose))
def test_the_form_says_whose_hours_it_is_about(whose: Whose) -> None:
    view = hours_form(make_hours_form(whose=whose, name="Fast lane"))
    ref = read_ref(view["private_metadata"])
    assert read_hours_of(ref.thing) == (whose, OTHER)
    assert ("Fast lane" in words(view)) == (whose is not Whose.MINE)


def test_snooze_offers_what_is_possible_with_its_end() -> None:
    view = snooze_form(make_snooze_form())
    (block,) = [block for block in blocks_of(view) if block["type"] == "input"]
    options = block["element"]["options"]
    assert [option["value"] for option in options] == [For.QUARTER, For.LATEST]
    assert options[0]["description"]["text"] == "until Tue 6 Oct, 11:45"
    assert view["private_metadata"] == COUNTDOWN
    assert "Dana Whitfield" in words(view)


def test_home_has_the_hours_and_a_button_for_them() -> None:
    home = render_home(make_home(hours="Mon to Fri 09:00-17:00, Lisbon, holidays of Portugal"))
    said = words(home).replace("\u2060", "")  # what keeps clients from reading an emoji into it
    assert "You work Mon to Fri 09:00-17:00, Lisbon, holidays of Portugal." in said
    assert "My hours…" in options_of(home, ActionId.HOME_MENU)


def test_a_row_on_home_says_until_when_to_decide() -> None:
    due = make_due(urgency=Urgency.AT_RISK, due_at=NOW + timedelta(minutes=5))
    home = render_home(make_home(needs_you=needs_list(make_row(1, due=due))))
    assert "At risk: decide by <!date^" in words(home)


def test_a_manager_reads_what_is_at_risk_and_what_is_parked() -> None:
    home = words(render_home(make_home(at_risk=3, parked=make_parked())))
    assert "3 leads of your people are at risk" in home
    assert "Parked · 1" in home
    assert "Dana Whitfield" in home
    assert "Parked" not in words(render_home(make_home(parked=make_parked(rows=(), total=0))))
