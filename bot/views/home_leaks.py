"""Home: accepted leads that nobody has touched, named until somebody acts."""

from __future__ import annotations

from bot.services.home_leaks import LeakList
from bot.views.blocks import Block, context, header, section
from bot.views.home_rows import lines, more, short, since
from bot.views.ids import More
from bot.views.standing import leaking_line
from bot.views.untrusted import join, mrkdwn, trusted


def leaking(leaks: LeakList) -> list[Block]:
    """The longest first; nothing where nothing leaks."""
    if not leaks.rows:
        return []
    built = [header(f"⚠️ Leaking · {leaks.total}")]
    what = "Accepted, and nobody has tried to reach them in the agreed time. *Log outcome* once somebody has."
    built.append(context(trusted(what)))
    everything_is_mine = leaks.mine == leaks.total
    for row in leaks.rows:
        accepted = since("accepted", row)
        who = accepted if everything_is_mine else join([mrkdwn("With {name}", name=short(row.owner)), accepted], ", ")
        leak = leaking_line(row.standing) if row.standing is not None else None
        further = [More.OUTCOME] if everything_is_mine else [More.OUTCOME, More.REASSIGN]
        built.append(section(lines(row, who, leak), accessory=more(row, *further)))
    if leaks.total > len(leaks.rows):
        built.append(context(mrkdwn("The longest {shown} of {total}.", shown=len(leaks.rows), total=leaks.total)))
    return built
