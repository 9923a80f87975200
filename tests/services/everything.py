"""Everything a database holds, to see that something changed nothing, and the events that are about no lead."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.domain.config import Event
from storage.tables import metadata
from storage.tables.handoffs import events
from storage.transaction import Transaction
from tests.services.world import World


async def everything(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""

    def read(tx: Transaction) -> dict[str, list[tuple[Any, ...]]]:
        return {
            table.name: [tuple(row) for row in tx.events._all(sa.select(table).order_by(*table.primary_key.columns))]
            for table in metadata.sorted_tables
        }

    return await world.db.read(read)


async def set_up_events(world: World) -> list[Event]:
    """Oldest first."""
    asked = sa.select(events).where(events.c.lead_id.is_(None)).order_by(events.c.id)
    return await world.db.read(lambda tx: [Event(**row._asdict()) for row in tx.events._all(asked)])
