"""Home: the numbers of this week, for one's role."""

from __future__ import annotations

from bot.services.home import Home
from bot.services.home_week import Numbers
from bot.views.blocks import Block, context, header, section
from bot.views.durations import human_duration
from bot.views.links import when
from bot.views.untrusted import Mrkdwn, mrkdwn


def this_week(home: Home) -> list[Block]:
    """From Monday on; nothing for whom there are no numbers."""
    built: list[Block] = []
    if home.week.own is not None:
        built.append(section(fields=four_numbers(home.week.own, "Offered to you")))
    if not built:
        return []
    asof = mrkdwn("From {since} to {now}", since=when(home.week.since), now=when(home.now))
    return [header("This week"), *built, context(asof)]


def four_numbers(numbers: Numbers, offered: str) -> list[Mrkdwn]:
    """Four numbers are read faster than a chart of them."""
    median = numbers.median_seconds_to_accept
    return [
        mrkdwn("{offered}\n*{count}*", offered=offered, count=numbers.offered),
        mrkdwn("Accepted\n*{count}*", count=numbers.accepted),
        mrkdwn("Rejected\n*{count}*", count=numbers.rejected),
        mrkdwn("Median time to accept\n*{span}*", span="–" if median is None else human_duration(median)),
    ]
