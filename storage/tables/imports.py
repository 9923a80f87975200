"""Imports of files, row by row."""

from __future__ import annotations

import sqlalchemy as sa

from storage.tables.columns import ID, index, metadata
from storage.types import UtcDateTime

imports = sa.Table(
    "imports",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("finished_at", UtcDateTime),
    sa.Column("undone_at", UtcDateTime),
)

# Each row of a file that was taken: the same row again changes nothing.
import_rows = sa.Table(
    "import_rows",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("import_id", sa.String(64), sa.ForeignKey("imports.id"), nullable=False),
    sa.Column("lead_id", ID, sa.ForeignKey("leads.id"), index=True),
    sa.Column("handoff_id", ID, sa.ForeignKey("handoffs.id")),
    sa.Column("verdict", sa.Text, nullable=False),
)
index("ix_import_rows_import", import_rows.c.import_id, import_rows.c.digest)
