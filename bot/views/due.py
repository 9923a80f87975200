"""Until when something is to be done: the line on cards and Home, and what turns urgent at each step of the ladder."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.domain.local_time import zone
from bot.domain.windows import spoken_minutes
from bot.services.due import DueShown, Took, Urgency
from bot.views.durations import human_duration
from bot.views.lead_lines import DOT
from bot.views.links import at_time
from bot.views.untrusted import Mrkdwn, join, mrkdwn, trusted

TRIAL = trusted("_Trial: nothing escalates_")


class DoneBy(NamedTuple):
    """The words before a due time, where a line begins with them and where it does not."""

    first: Mrkdwn
    within: Mrkdwn


class Shared(NamedTuple):
    """What all due times of a list have in common: it is said once, above them. `window` None: they differ in it."""

    window: timedelta | None = None
    trial: bool = False


NOTHING = Shared()
DECIDE = DoneBy(trusted("Decide by"), trusted("decide by"))
REPLY = DoneBy(trusted("Answer by"), trusted("answer by"))
"""Of marketing, to a reject."""
SETTLE = DoneBy(trusted("Settle by"), trusted("settle by"))
"""Of the two managers, a dispute."""
HEADLINE = {
    Urgency.CALM: "",
    Urgency.REMINDED: "⏰ ",
    Urgency.AT_RISK: "⚠️ At risk · ",
    Urgency.OVERDUE: "⌛ Overdue · ",
}
"""What stands before the headline of a card; the words, too, because not everybody sees the sign."""
MARK = {Urgency.CALM: "⏳", Urgency.REMINDED: "⏰", Urgency.AT_RISK: "⚠️", Urgency.OVERDUE: "⌛"}


def shared(dues: Collection[DueShown]) -> Shared:
    """What need not be repeated in a list of these; nothing where there is but one."""
    if len(dues) < 2:
        return NOTHING
    windows = {due.window for due in dues}
    return Shared(windows.pop() if len(windows) == 1 else None, all(due.trial for due in dues))


def shared_line(common: Shared) -> Mrkdwn | None:
    """`40 h of working time each · Trial: nothing escalates`; None where every line says its own."""
    parts = []
    if common.window is not None:
        parts.append(mrkdwn("{window} of working time each", window=working_time(common.window)))
    if common.trial:
        parts.append(TRIAL)
    return join(parts, DOT) if parts else None


def due_line(due: DueShown, what: DoneBy = DECIDE, said: Shared = NOTHING) -> Mrkdwn:
    """`⏳ Decide by 14:30 today · 2 h of working time in all`: the whole window as agreed, whatever is left of it. What
    `said` has is left out."""
    if due.due_at is None:
        parts = [trusted("⏳ No due time: there is no working time ahead")]
    else:
        parts = [mrkdwn("{mark} {said}", mark=MARK[due.urgency], said=_said(due, what, due.due_at))]
        if due.window != said.window:
            parts.append(mrkdwn("{window} of working time in all", window=working_time(due.window)))
    if due.trial and not said.trial:
        parts.append(TRIAL)
    return join(parts, DOT)


def _said(due: DueShown, what: DoneBy, due_at: datetime) -> Mrkdwn:
    at = at_time(due_at, zone(due.tz))
    match due.urgency:
        case Urgency.CALM:
            return mrkdwn("*{what} {at}*", what=what.first, at=at)
        case Urgency.REMINDED:
            return mrkdwn("*{what} {at}* (reminded)", what=what.first, at=at)
        case Urgency.AT_RISK:
            return mrkdwn("*At risk: {what} {at}*", what=what.within, at=at)
        case Urgency.OVERDUE:
            return mrkdwn("*Overdue: was due {at}*", at=at)


def due_text(due: DueShown | None) -> Mrkdwn:
    """The same in the line for notifications, after what it is about: `, decide by 14:30 today`; "" without a time."""
    if due is None or due.due_at is None:
        return trusted("")
    at = at_time(due.due_at, zone(due.tz))
    if due.urgency is Urgency.OVERDUE:
        return mrkdwn(", overdue since {at}", at=at)
    risk = trusted(", at risk") if due.urgency is Urgency.AT_RISK else trusted("")
    return mrkdwn("{risk}, decide by {at}", risk=risk, at=at)


def working_time(span: timedelta) -> str:
    """Working time in hours and minutes: a day of it is nobody's day. `4 h`, `1 h 30 min`, `45 s`."""
    seconds = int(span.total_seconds())
    return f"{max(0, seconds)} s" if seconds < 60 else spoken_minutes(seconds // 60)


def took_line(verb: Mrkdwn, took: Took) -> Mrkdwn:
    """`Accepted after 12 min of working time; 40 s until the card was there`. Where the wall clock showed far more, it
    says so: `(16 h by the wall clock)`."""
    own = mrkdwn(
        "{verb} after {own} of working time{wall}", verb=verb, own=_short(took.own_business),
        wall=_wall(took.own, took.own_business),
    )  # fmt: skip
    system = mrkdwn(
        "{system} until the card was there{working}",
        system=human_duration(took.system.total_seconds()),
        working=mrkdwn(" ({business} of it working time)", business=_short(took.system_business))
        if took.system - took.system_business >= timedelta(minutes=1)
        else "",
    )
    return join([own, system], "; ")


def _wall(wall: timedelta, business: timedelta) -> Mrkdwn:
    if wall - business < timedelta(minutes=1):
        return trusted("")
    return mrkdwn(" ({wall} by the wall clock)", wall=human_duration(wall.total_seconds()))


def _short(span: timedelta) -> str:
    return "less than 1 s" if span < timedelta(seconds=1) else working_time(span)
