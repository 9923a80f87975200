"""What is counted on the message of a campaign alert follows what happens, without a thousand updates for a thousand
leads: a change is shown at once, and what changes in the next EVERY is shown together at its end.

Two timers hold that: `<alert>` is due when its message is to be brought up to date, `<alert>@gate` stands as long as it
was just done. Neither needs the lock of the alert. The first is held by whoever relies on it: fired at the same moment,
it would show what was before. It waits for nothing that they hold: all it writes is the second timer, and the outbox.
"""

from __future__ import annotations

from datetime import timedelta

from bot.domain.post import TimerKind
from storage.transaction import Transaction

EVERY = timedelta(minutes=2)
GATE = "@gate"
AT_ONCE = 5
"""So many alerts of one campaign follow its leads: the latest."""


def changed(tx: Transaction, alert_id: str) -> None:
    """Something that is counted on the alert's message has changed."""
    if tx.timers.hold(TimerKind.CAMPAIGN_COUNTS, alert_id) is not None:
        return
    gate = tx.timers.get(TimerKind.CAMPAIGN_COUNTS, f"{alert_id}{GATE}")
    tx.timers.set(TimerKind.CAMPAIGN_COUNTS, alert_id, tx.now if gate is None else max(gate.due_at, tx.now))


def leads_changed(tx: Transaction, campaign_id: str | None) -> None:
    """Something became of a lead of this campaign."""
    if campaign_id is not None:
        for alert_id in tx.alert_lists.told_of_campaign(campaign_id, AT_ONCE):
            changed(tx, alert_id)


def shown(tx: Transaction, alert_id: str) -> None:
    """The message is just brought up to date: what changes from now on waits a little."""
    tx.timers.set(TimerKind.CAMPAIGN_COUNTS, f"{alert_id}{GATE}", tx.now + EVERY)
