"""Set-up from Slack, briefs, practice leads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    _first_admin_and_teams()


def _first_admin_and_teams() -> None:
    op.add_column("people", sa.Column("runs_workspace", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("teams", sa.Column("removed_at", UtcDateTime(), nullable=True))
