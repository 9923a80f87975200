"""What every test may ask for: a PostgreSQL of our own, an empty environment, repeatable property tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec

import pytest
from hypothesis import HealthCheck, settings

from bot.domain.local_time import use_pinned_zones
from tests import postgres

# No deadline: no test fails on a time. `dev` and `ci` try the same examples each run, so a red run can be
# repeated; `search` looks for new ones: HYPOTHESIS_PROFILE=search make test ARGS=tests/domain
_SLOW_MACHINES = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("dev", deadline=None, derandomize=True, suppress_health_check=_SLOW_MACHINES)
settings.register_profile("ci", parent=settings.get_profile("dev"), max_examples=200, print_blob=True)
settings.register_profile("search", deadline=None, max_examples=5_000, suppress_health_check=_SLOW_MACHINES)
settings.register_profile("thousand", parent=settings.get_profile("dev"), max_examples=1_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))

# As the program itself does first of all; a zone read from the machine by one test would be found by the next.
use_pinned_zones()

# `make test` needs no browser driver: its group is installed by `make browser`.
collect_ignore = [] if find_spec("playwright") else ["browser"]


@pytest.fixture(autouse=True)
def clean_environ(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the settings of the person who runs it."""
    for name in list(os.environ):
        if name.startswith(("LOCKSTEP_", "SLACK_")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A running PostgreSQL, started when the first test asks: one a process of pytest, gone with it."""
    with postgres.running() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    """The URL of an empty database of this test alone, as LOCKSTEP_DATABASE_URL takes it."""
    database = postgres_server.create()
    yield postgres_server.url(database)
    postgres_server.drop(database)
