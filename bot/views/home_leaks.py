"""Home: accepted leads that nobody has touched, named until somebody acts."""

from __future__ import annotations

from collections.abc import Collection

from bot.services.home_leaks import LeakList
from bot.views.blocks import Block, context, header, section
from bot.views.home_rows import lines, more, short, since
from bot.views.ids import More
from bot.views.standing import leaking_line
from bot.views.untrusted import join, mrkdwn, trusted


def leaking(leaks: LeakList, shown: Collection[str] = ()) -> list[Block]:
    """The longest first; nothing where nothing leaks, or where all of it stands in *My leads* anyhow: `shown` are the
    handoffs that do."""
    if leaks.total == len([row for row in leaks.rows if row.handoff_id in shown]):
        return []
    built = [header(f"⚠️ Leaking · {leaks.total}")]
    what = "Accepted, and nobody has tried to reach them in the agreed time. *Log outcome* once somebody has."
    built.append(context(trusted(what)))
    everything_is_mine = leaks.mine == leaks.total
    for row in leaks.rows:
        who = since("Accepted", row)
        if not everything_is_mine:
            who = join([mrkdwn("With {name}", name=short(row.owner)), since("accepted", row)], ", ")
        leak = leaking_line(row.standing) if row.standing is not None else None
        further = [More.OUTCOME] if everything_is_mine else [More.OUTCOME, More.REASSIGN]
        built.append(section(lines(row, who, leak), accessory=more(row, *further)))
    if leaks.total > len(leaks.rows):
        built.append(context(mrkdwn("The longest {shown} of {total}.", shown=len(leaks.rows), total=leaks.total)))
    return built
