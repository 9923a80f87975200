"""What the database's condition means: room, clocks, time zones. Values in, findings out."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.findings import Area, Finding, fix, note, ok

MEGABYTE = 1024 * 1024
TOO_LITTLE = 100 * MEGABYTE
"""Bytes free, below which a write may fail any time."""
LITTLE = 1024 * MEGABYTE
CLOCKS_APART = timedelta(seconds=30)


def check_room(free_bytes: int | None, size_bytes: int) -> list[Finding]:
    """Room on the database's disk; where it cannot be seen, how large the database is."""
    area = Area.DATABASE
    size = f"the database has {_size(size_bytes)}"
    if free_bytes is None:
        return [ok(area, f"{size[0].upper()}{size[1:]}; how much room its server has cannot be seen from here.")]
    if free_bytes < TOO_LITTLE:
        return [
            fix(
                area, f"Only {_size(free_bytes)} are free on its disk.", "Make room: leads are refused when it is full."
            )
        ]
    if free_bytes < max(LITTLE, size_bytes):
        return [note(area, f"{_size(free_bytes)} are free on its disk, {size}.", "Make room before it is needed.")]
    return [ok(area, f"{_size(free_bytes)} are free on its disk, {size}.")]


def check_database_clock(its: datetime | None, ours: datetime) -> list[Finding]:
    """A database server's clock against this machine's; Lockstep goes by this machine's."""
    if its is None or abs(its - ours) < CLOCKS_APART:
        return []
    seconds = round(abs((its - ours).total_seconds()))
    word = "ahead of" if its > ours else "behind"
    return [
        note(
            Area.DATABASE,
            f"The database server's clock is {seconds} s {word} this machine's, which Lockstep goes by.",
            "Let both follow a time server.",
        )
    ]


def check_time_zones(known: int) -> list[Finding]:
    """`known`: how many time zones the pinned tzdata has."""
    if known:
        return []
    return [
        fix(
            Area.CLOCK,
            "There are no time zones: everybody's day would be taken as UTC.",
            "Install the package tzdata as requirements.lock names it.",
        )
    ]


def _size(size_bytes: int) -> str:
    megabytes = size_bytes / MEGABYTE
    return (
        f"{megabytes / 1024:.1f} GB" if megabytes >= 1024 else f"{megabytes:.0f} MB" if megabytes >= 1 else "under 1 MB"
    )
