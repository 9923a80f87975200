"""What every digest says around its content: its days, that it is late, what was skipped, and good-bye."""

from __future__ import annotations

from datetime import date, timedelta

from bot.domain.local_time import local_date, spoken
from bot.services.digest_frame import Frame
from bot.views.blocks import Block, context
from bot.views.durations import human_duration
from bot.views.untrusted import Mrkdwn, mrkdwn, trusted

SKIPPED_SHOWN = 3
_INSTANT = timedelta(microseconds=1)
CLOSING = (
    trusted("That was it. Good conversations, everybody."),
    trusted("One note a day keeps the surprises away."),
    trusted("The best slide is still a buyer's own sentence."),
    trusted("Thank you for listening out there."),
    trusted("Nobody ever lost a deal by asking one question more."),
    trusted("Small notes, big difference. See you at the next one."),
    trusted("And now: coffee."),
    trusted("Both sides of the loop, one page. Have a good day."),
    trusted("If it was said twice, it is a pattern. If it was said five times, it is a plan."),
    trusted("Until next time: write it down while you remember it."),
    trusted("Sales hears it, marketing answers it, buyers notice it."),
    trusted("End of the digest, not of the conversation."),
)
"""One of them ends a digest, another one each time."""


def days(frame: Frame) -> str:
    """The local days of the period: `9 November 2026`, `2 to 9 November 2026`."""
    return day_span(first_day(frame), local_date(max(frame.from_at, frame.until_at - _INSTANT), frame.tz))


def day_span(first: date, last: date, frame: Frame | None = None) -> str:
    """Two dates as people say them, with no more of the first than it takes; with a frame, also no more of the last."""
    end = spoken(last) if frame is None or first.year != last.year else day_in(last, frame)
    if first == last:
        return end
    kept = 3
    if first.year == last.year:
        kept = 1 if first.month == last.month else 2
    return f"{' '.join(spoken(first).split(' ')[:kept])} to {end}"


def first_day(frame: Frame) -> date:
    return local_date(frame.from_at, frame.tz)


def day_in(day: date, frame: Frame) -> str:
    """A date as people say it who read the digest: without the year it is made in."""
    said = spoken(day)
    return said.rpartition(" ")[0] if day.year == local_date(frame.until_at, frame.tz).year else said


def troubles(frame: Frame) -> list[Block]:
    """That it is late, and which before it were not sent; nothing when all is as it should be."""
    said: list[Mrkdwn] = []
    if frame.late_s is not None:
        said.append(mrkdwn("⏱️ Late by {span}: Lockstep stood still.", span=human_duration(frame.late_s)))
    if frame.skipped:
        said.append(mrkdwn("⏭️ {skipped}", skipped=_skipped(frame.skipped)))
    return [context(one) for one in said]


def closing(frame: Frame) -> list[Block]:
    """The light line at the end, where it is wanted."""
    if frame.closing is None:
        return []
    return [context(mrkdwn("_{line}_", line=CLOSING[frame.closing % len(CLOSING)]))]


def _skipped(skipped: tuple[date, ...]) -> str:
    why = "Lockstep stood still"
    if len(skipped) == 1:
        return f"The digest of {spoken(skipped[0])} was not sent: {why}."
    if len(skipped) > SKIPPED_SHOWN:
        first, last = spoken(skipped[0]), spoken(skipped[-1])
        return f"{len(skipped)} digests, from {first} to {last}, were not sent: {why}."
    *before, last = [spoken(day) for day in skipped]
    return f"The digests of {', '.join(before)} and {last} were not sent: {why}."
