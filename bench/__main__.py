"""`python -m bench [NAME ...]`: measures, and prints the figures. Without names: everything.

Figures of different machines do not compare; each bench therefore measures a floor in the same run and says the ratio.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import platform
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

from bench import (
    accept_race,
    business_time,
    crm_orders,
    digest_year,
    digests,
    hostile,
    hostile_text,
    kills,
    real_leads,
    search,
    storage_clicks,
    sweep,
)
from tests import postgres

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"

Bench = Callable[[str, str | None], Awaitable[object]]
"""Takes the name of a database and its URL (None: a SQLite file of its own); prints its figures."""

BENCHES: dict[str, tuple[str, Bench]] = {
    "business_time": ("Business time against a wall clock read minute by minute", business_time.business_time),
    "storage_clicks": ("Accepts a second in the database alone", storage_clicks.accepts),
    "sweep": ("One sweep, and clicks, among a million leads and 20,000 running timers", sweep.sweep),
    "kills": ("Killed 200 times at random instants under load", kills.kills),
    "hostile": ("Ten thousand webhook bodies and ten thousand Slack requests that lie", hostile.hostile),
    "hostile_text": ("A thousand hostile values in every field of every view", hostile_text.hostile_text),
    "crm_orders": ("All orders of what a CRM says of one lead, on a use case and its database", crm_orders.orders),
    "digest_year": ("A year of digests in twelve zones, killed, stopped and edited, counted", digest_year.digest_year),
    "real_leads": ("A thousand leads of a file, half imported, half posted", real_leads.real_leads),
    "search": ("Find among 100,000 field notes", search.searches),
    "digests": ("Digests of 5,000 notes and of 200 campaigns", digests.digests),
    "accept_race": ("Fifty people accept in the same instant, through the sandbox", accept_race.race),
}
NEEDS_NO_DATABASE = {"business_time"}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures, and prints the figures.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(BENCHES)}")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="only this database")
    parser.add_argument("--leads", type=Path, metavar="FILE.csv", help="the file for real_leads; without it: skipped")
    parser.add_argument("--size", type=int, default=sweep.LEADS, metavar="N", help="how many leads sweep works among")
    chosen = parser.parse_args(arguments)
    benches = dict(BENCHES)
    benches["real_leads"] = (BENCHES["real_leads"][0], partial(real_leads.real_leads, file=chosen.leads))
    benches["sweep"] = (BENCHES["sweep"][0], partial(sweep.sweep, leads=chosen.size))
    unknown = set(chosen.names) - set(BENCHES)
    if unknown:
        parser.error(f"there is no bench {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")

    started = time.monotonic()
    print(f"Python {platform.python_version()} on {platform.machine()}, {platform.system()}")
    with contextlib.ExitStack() as stack:
        server = None
        if chosen.database != "sqlite":
            server = stack.enter_context(postgres.running(durable=True))
        for name, (title, bench) in benches.items():
            if chosen.names and name not in chosen.names:
                continue
            print(f"\n{title} ({name})", flush=True)
            if name in NEEDS_NO_DATABASE:
                asyncio.run(_run(bench, "", None))
                continue
            if chosen.database != "postgresql":
                asyncio.run(_run(bench, SQLITE, None))
            if server is not None:
                asyncio.run(_run(bench, POSTGRESQL, server.url(server.create())))
    print(f"\nDone in {time.monotonic() - started:.0f} s.")


async def _run(bench: Bench, name: str, url: str | None) -> None:
    await bench(name, url)


if __name__ == "__main__":
    main()
