"""Run by Alembic: on the connection that storage/schema.py hands in, or for `alembic -x url=...` on its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from storage.schema import is_described, migration_connection
from storage.tables import metadata
from storage.types import UtcDateTime, Word


def on_step(*, step: Any, progress: Callable[[str], None] | None, **_: Any) -> None:
    if progress is not None:
        progress(f"Schema {step.up_revision_id}: {step.up_revision.doc}")


def render_type(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Our types in new migrations: the names of words stand in the CHECK only."""
    if kind == "type" and isinstance(item, UtcDateTime):
        autogen.imports.add("from storage.types import UtcDateTime")
        return "UtcDateTime()"
    if kind == "type" and isinstance(item, Word):
        return f"sa.String({Word.WIDTH})"
    return False


def run(connection: sa.Connection) -> None:
    progress = context.config.attributes.get("progress")
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        include_name=is_described,
        render_item=render_type,
        on_version_apply=lambda step, **_: on_step(step=step, progress=progress),
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with migration_connection(context.get_x_argument(as_dictionary=True)["url"]) as opened:
        run(opened)
