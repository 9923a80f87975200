"""Working hours: the form of a person's or a team's, and the line about them on Home."""

from __future__ import annotations

from bot.domain.local_time import spoken
from bot.domain.work_times import DAY_NAMES, spoken_days_off, written_days
from bot.services.work_times import HoursForm, Whose
from bot.views.blocks import Block, View, context, input_block, modal, plain_text_input, section
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.set_up_ref import ref_metadata
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

NAME = 80
ZONE = 60
HOURS_BLOCKS = {
    "mon": BlockId.HOURS_MON,
    "tue": BlockId.HOURS_TUE,
    "wed": BlockId.HOURS_WED,
    "thu": BlockId.HOURS_THU,
    "fri": BlockId.HOURS_FRI,
    "sat": BlockId.HOURS_SAT,
    "sun": BlockId.HOURS_SUN,
}
TITLES = {Whose.MINE: "My hours", Whose.PERSON: "Working hours", Whose.TEAM: "Working hours"}


def hours_form(form: HoursForm) -> View:
    """Zone, hours of each weekday, whose holidays, days off."""
    times = form.times
    zone_hint = {
        Whose.MINE: f"Such as Europe/Lisbon. Empty: the one you set in Slack (now {form.tz_now[:ZONE]}).",
        Whose.PERSON: f"Such as Europe/Lisbon. Empty: the one set in Slack (now {form.tz_now[:ZONE]}).",
        Whose.TEAM: f"Such as Europe/Lisbon. Empty: that of most of its reps (now {form.tz_now[:ZONE]}).",
    }[form.whose]
    blocks: list[Block] = [
        section(_explained(form)),
        _text(BlockId.TZ, "Time zone", times.tz, form.tz_now[:ZONE] or "UTC", zone_hint, most=60),
    ]
    for day, written in written_days(times.week).items():
        hint = "From and to; a comma between. Empty: a free day." if day == "mon" else None
        blocks.append(_text(HOURS_BLOCKS[day], DAY_NAMES[day], written, "9:00-12:30, 13:30-18", hint, most=200))
    blocks += [
        _text(
            BlockId.COUNTRY, "Public holidays of", times.country, "PT, or Portugal", "A country. Empty: none.", most=60
        ),
        _text(
            BlockId.SUBDIVISION, "State or region", times.subdivision, "BY",
            "Its code, where it has holidays of its own.", most=60,
        ),
        *_next(form),
        _text(
            BlockId.DAYS_OFF, "Days off", spoken_days_off(times.days_off), "2026-12-24 to 2026-12-31",
            "A day or a span a line, written YYYY-MM-DD.", most=3000, multiline=True,
        ),
    ]  # fmt: skip
    metadata = ref_metadata(thing=f"{form.whose}:{form.id}", seen=form.seen)
    return modal(CallbackId.HOURS_SUBMIT, TITLES[form.whose], blocks, submit="Save", private_metadata=metadata)


def read_hours_of(thing: str) -> tuple[str, str]:
    """Whose hours a form is about, and the person's id or the team's key, as `hours_form` wrote them."""
    whose, _, found = thing.partition(":")
    return whose, found


def _explained(form: HoursForm) -> Mrkdwn:
    match form.whose:
        case Whose.MINE:
            return trusted(
                "The clock counts only these hours: nights, holidays and days off are not held against you, and no"
                " lead is due in them. What runs now is planned anew when you save."
            )
        case Whose.PERSON:
            return mrkdwn(
                "*{name}*: the clock counts only these hours. They can set the same under *My hours…* on Home.",
                name=escape(form.name, NAME),
            )
        case Whose.TEAM:
            return mrkdwn(
                "*{name}*: leads in its pool are due by these hours, whoever of it works when.",
                name=escape(form.name, NAME),
            )


def _next(form: HoursForm) -> list[Block]:
    if not form.next_holidays:
        return []
    named = [mrkdwn("{day} {name}", day=spoken(day), name=escape(name, NAME)) for day, name in form.next_holidays]
    return [context(mrkdwn("Next: {days}", days=join(named, ", ")))]


def _text(
    block_id: BlockId, label: str, initial: str | None, placeholder: str, hint: str | None, *, most: int,
    multiline: bool = False,
) -> Block:  # fmt: skip
    element = plain_text_input(
        ActionId.ANSWER, initial=initial or None, placeholder=placeholder, max_length=most, multiline=multiline
    )
    return input_block(block_id, label, element, hint=hint, optional=True)
