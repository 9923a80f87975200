"""All 720 orders of six messages of a CRM, for four such sixes: each ends in one state.

python -m bench crm_orders
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from storage.database import Database
from storage.schema import migrate
from tests.services.crm_messages import SETS, begin, end_of_all_orders
from tests.services.world import StandingClock, World, populate


async def orders(name: str, database_url: str | None) -> None:
    """Every order of each six on one database, with figures. Raises AssertionError when one ends otherwise."""
    with tempfile.TemporaryDirectory(prefix="lockstep-bench-") as folder:
        url = database_url or f"sqlite:///{Path(folder) / 'lockstep.db'}"
        migrate(url, lambda _: None)
        clock = StandingClock()
        db = Database.open(url, clock=clock)
        try:
            await db.run(populate)
            world = World(db, clock)
            for accepted in (False, True):
                await begin(world, accepted=accepted)
                for title, (messages, is_accepted) in SETS.items():
                    if is_accepted is accepted:
                        started = time.monotonic()
                        count, _ = await end_of_all_orders(world, messages)
                        seconds = time.monotonic() - started
                        print(f"  {name}: {title}: {count} orders, one end state ({seconds:.1f} s)", flush=True)
                        assert count == 720
        finally:
            await db.close()
