"""Places where the process can be told to die, so that tests can ask what is left.

Nothing is armed unless `LOCKSTEP_CRASH_AT` names a point, and that is refused when Slack is not a sandbox on this
machine. An armed point ends the process as `kill -9` would: at once, with nothing closed, flushed or said.
"""

from __future__ import annotations

import os
from enum import StrEnum

KILLED = 137
"""The exit code of a process that a shell killed with signal 9."""


class CrashPoint(StrEnum):
    """Named in the order in which a lead, a click, a decision told to others, a digest and an import pass them.

    Five further points lie outside the process, on the wire: half a request sent, an answer never read (Slack's, and
    a target's), a 2xx received, an acknowledgement received. There the tests themselves kill it.
    """

    INGEST_BEFORE_SIGNATURE = "ingest.before_signature"
    INGEST_BEFORE_TRANSACTION = "ingest.before_transaction"
    INGEST_LEAD_INSERTED = "ingest.lead_inserted"
    INGEST_OUTBOX_INSERTED = "ingest.outbox_inserted"
    INGEST_COMMITTED = "ingest.committed"
    """Committed, and no 2xx sent."""
    DISPATCH_LEASED = "dispatch.leased"
    DISPATCH_ANSWERED = "dispatch.answered"
    """Slack's answer is read, and not recorded."""
    DISPATCH_RECORDING = "dispatch.recording"
    """Inside the transaction that records it."""
    DISPATCH_RECORDED = "dispatch.recorded"
    CLICK_IN_TRANSACTION = "click.in_transaction"
    CLICK_COMMITTED = "click.committed"
    """Committed, and neither acknowledged nor shown."""
    CLICK_LOSER_NOT_TOLD = "click.loser_not_told"
    """The winner's card is under way; who came second has been acknowledged and told nothing."""
    ANNOUNCE_LEASED = "announce.leased"
    ANNOUNCE_ANSWERED = "announce.answered"
    """The target has taken it, and that is not recorded."""
    ANNOUNCE_RECORDED = "announce.recorded"
    DIGEST_SETTLED = "digest.settled"
    """A digest is stored and its message planned, and nothing of it is committed."""
    IMPORT_MID_FILE = "import.mid_file"
    """Some rows are committed, the others were not looked at."""
    IMPORT_BEFORE_FINAL = "import.before_final"
    """Every row is committed, and the import is not finished."""


_armed: CrashPoint | None = None
# A module's variable, because a point is passed deep inside storage, where no settings reach.


def arm(point: CrashPoint | None) -> None:
    """From now on the process dies when it reaches `point`; None disarms."""
    global _armed  # noqa: PLW0603 - see above
    _armed = point


def reached(point: CrashPoint) -> None:
    """Returns, unless `point` is armed: then nothing of this process is left."""
    if point is _armed:
        os._exit(KILLED)
