"""Home: the agreement on one line, with a button to it."""

from __future__ import annotations

from bot.domain.signing import State
from bot.services.agreement_shown import Standing
from bot.views.blocks import Block, button, section
from bot.views.ids import ActionId
from bot.views.links import when
from bot.views.untrusted import Mrkdwn, mrkdwn, trusted


def agreement_line(standing: Standing | None) -> list[Block]:
    """Which version holds, whether it is signed, and what waits for the reader's signature."""
    if standing is None:
        return []
    waits = trusted("")
    if standing.waits:
        count = "A new version waits" if standing.waits == 1 else f"{standing.waits} new versions wait"
        waits = mrkdwn("\n{count} for your signature.", count=count)
    said = mrkdwn("*Agreement*  {state}{waits}", state=_state(standing), waits=waits)
    look = button("Open", ActionId.AGREEMENT_OPEN, "agreement", style="primary" if standing.waits else None)
    return [section(said, accessory=look)]


def _state(standing: Standing) -> Mrkdwn:
    version = standing.version
    match standing.state:
        case State.IN_FORCE if standing.in_force_from is not None:
            since = when(standing.in_force_from)
            return mrkdwn(
                "Version {version}, signed, in force since {since}. Leads offered before it in trial stay in trial.",
                version=version, since=since,
            )  # fmt: skip
        case State.SUSPENDED:
            return mrkdwn("Version {version} is suspended; nothing escalates.", version=version)
        case State.ENDED:
            return mrkdwn("Version {version} has ended; a trial again, nothing escalates.", version=version)
        case _:
            return mrkdwn("Trial: version {version} is not signed yet; nothing escalates.", version=version)
