"""How the database is, on both: looked at without changing it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import StorageUnavailable
from storage.probe import probe
from storage.schema import migrate


def test_a_database_that_is_well_says_where_it_is_and_how_large(url: str) -> None:
    seen = probe(url)
    assert seen.unwritable is None
    assert seen.size_bytes > 0
    assert (seen.free_bytes is None) != (seen.clock is None)
    if seen.clock is not None:
        assert abs(seen.clock - datetime.now(UTC)) < timedelta(minutes=5)


def test_a_password_is_not_in_where_it_is() -> None:
    with pytest.raises(StorageUnavailable) as refused:
        probe("postgresql://lockstep:hidden-word@127.0.0.1:9/lockstep")
    assert "hidden-word" not in str(refused.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_file_that_can_only_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "lockstep.db"
    migrate(f"sqlite:///{path}", lambda _: None)
    path.chmod(0o400)
    assert "read-only" in (probe(f"sqlite:///{path}").unwritable or "")
