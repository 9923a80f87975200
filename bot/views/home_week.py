"""Home: the numbers of this week, for one's role. Pictures where people would rather look, with text beside them."""

from __future__ import annotations

from bot.domain.local_time import local_date, spoken
from bot.services.home import Home
from bot.services.home_week import Condition, Everybody, Numbers, OfCampaigns, RepNumbers
from bot.views.blocks import Block, button, context, header, section
from bot.views.durations import human_duration
from bot.views.home_marketing import numbers_of_week
from bot.views.home_rows import short
from bot.views.ids import ActionId
from bot.views.lead_lines import DOT
from bot.views.links import when
from bot.views.pictures import bar_chart, table
from bot.views.untrusted import Mrkdwn, join, mrkdwn, trusted

WORTH_A_PICTURE = 2
"""Reasons, days or people from which on a picture says more than a line."""
REASONS_SHOWN = 8
REPS_SHOWN = 20
"""Rows of the table of people; their sum above it is of all of them."""
OVERDUE_S = 60


def this_week(home: Home) -> list[Block]:
    """From Monday on; nothing for whom there are no numbers."""
    week = home.week
    built: list[Block] = []
    if week.own is not None:
        built.append(section(fields=_four(week.own, "Offered to you")))
    if week.campaigns is not None:
        built += _of_campaigns(week.campaigns)
    built += numbers_of_week(week.answers)
    if week.reps is not None:
        built += _of_reps(week.reps)
    if week.everybody is not None:
        built += _of_everybody(week.everybody)
    if not built:
        return []
    monday = spoken(local_date(week.since, home.tz))
    said = mrkdwn("Since Monday, {monday} ({tz}), as of {now}", monday=monday, tz=short(home.tz), now=when(home.now))
    return [header("This week"), *built, context(said)]


def _four(numbers: Numbers, offered: str) -> list[Mrkdwn]:
    """Four numbers are read faster than a chart of them."""
    return [
        mrkdwn("{offered}\n*{count}*", offered=offered, count=numbers.offered),
        mrkdwn("Accepted\n*{count}*", count=numbers.accepted),
        mrkdwn("Rejected\n*{count}*", count=numbers.rejected),
        mrkdwn("Median time to accept\n*{span}*", span=_median(numbers)),
    ]


def _of_campaigns(numbers: OfCampaigns) -> list[Block]:
    fields = [
        mrkdwn("Handed over\n*{count}*", count=numbers.handed_over),
        mrkdwn("Accepted\n*{count}*", count=numbers.accepted),
        mrkdwn("Rejected\n*{count}*", count=numbers.rejected),
        mrkdwn("Waiting now\n*{count}*", count=numbers.waiting),
    ]
    built = [section(fields=fields)]
    if numbers.reasons:
        shown = numbers.reasons[:REASONS_SHOWN]
        parts = [mrkdwn("{label}: {count}", label=short(label), count=count) for label, count in shown]
        built.append(section(mrkdwn("*Why leads were rejected*\n{parts}", parts=join(parts, DOT))))
        if len(shown) >= WORTH_A_PICTURE:
            labels, counts = [label for label, _ in shown], [count for _, count in shown]
            built.append(bar_chart("Rejected by reason", labels, {"Rejected": counts}, x="Reason", y="Leads"))
    return built


def _of_reps(reps: tuple[RepNumbers, ...]) -> list[Block]:
    if not reps:
        return [section(trusted("None of your people is a rep."))]
    offered, accepted, rejected = (
        sum(getattr(rep.numbers, name) for rep in reps) for name in ("offered", "accepted", "rejected")
    )
    said = mrkdwn(
        "*My people*\n{offered} offered{dot}{accepted} accepted{dot}{rejected} rejected",
        offered=offered, accepted=accepted, rejected=rejected, dot=trusted(DOT),
    )  # fmt: skip
    built = [section(said)]
    if len(reps) >= WORTH_A_PICTURE:
        rows = [
            [
                rep.name,
                str(rep.numbers.offered),
                str(rep.numbers.accepted),
                str(rep.numbers.rejected),
                _median(rep.numbers),
            ]
            for rep in reps[:REPS_SHOWN]
        ]
        built.append(table(["Rep", "Offered", "Accepted", "Rejected", "Median time"], rows))
    if len(reps) > REPS_SHOWN:
        more = "The first {shown} of your {count} reps, by name. The numbers above are of all of them."
        built.append(context(mrkdwn(more, shown=REPS_SHOWN, count=len(reps))))
    return built


def _of_everybody(everybody: Everybody) -> list[Block]:
    built = [section(trusted("*All teams*"), fields=_four(everybody.numbers, "Offered"))]
    days = everybody.days
    if len(days) >= WORTH_A_PICTURE and any(day.accepted or day.rejected for day in days):
        series = {"Accepted": [day.accepted for day in days], "Rejected": [day.rejected for day in days]}
        built.append(bar_chart("Decided by day", [day.name for day in days], series, x="Day", y="Leads"))
    return built


def lockstep_itself(home: Home) -> list[Block]:
    """For admins: whether Lockstep needs somebody, and a look at everything."""
    condition = home.week.condition
    if condition is None:
        return []
    look = button("Check now", ActionId.HOME_CHECK, "check")
    return [header("Lockstep itself"), section(_condition(condition), accessory=look)]


def _condition(condition: Condition) -> Mrkdwn:
    lines = []
    if condition.given_up:
        lines.append(
            mrkdwn(
                "⚠️ {count} could not be said and {verb} for you: `lockstep outbox` lists them with the reason.",
                count="1 message" if condition.given_up == 1 else f"{condition.given_up} messages",
                verb="waits" if condition.given_up == 1 else "wait",
            )
        )
    if condition.overdue_s >= OVERDUE_S:
        lines.append(
            mrkdwn(
                "⚠️ {count} still to be said, the oldest for {span}.",
                count=condition.unsent,
                span=human_duration(condition.overdue_s),
            )
        )
    if not lines:
        lines.append(trusted("✅ Everything is said, nothing is overdue."))
    lines.append(mrkdwn("{sources}.", sources=_sources(condition.sources)))
    return join(lines)


def _sources(count: int) -> str:
    return "No source may send leads" if not count else f"{count} source{'' if count == 1 else 's'} may send leads"


def _median(numbers: Numbers) -> str:
    median = numbers.median_seconds_to_accept
    return "–" if median is None else human_duration(median)
