"""Five hundred webhook bodies and five hundred Slack requests that lie, of each kind: no 5xx, no row, nothing raised.

`python -m bench.hostile` sends ten thousand. Hostile values in every field of every view have a test of their own:
tests/views/test_hostile_text.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import hostile

pytestmark = [pytest.mark.story]

COUNT = 500


async def test_nothing_comes_of_requests_that_lie(tmp_path: Path) -> None:
    async with hostile.target(tmp_path, socket_mode=False) as at:
        bodies = await hostile.webhooks(at, count=COUNT, seed=1)
        requests = await hostile.slack_by_http(at, count=COUNT, seed=1)
    assert (bodies.sent, bodies.wrong) == (COUNT, [])
    assert (requests.sent, requests.wrong) == (COUNT, [])


async def test_nothing_comes_of_payloads_that_lie_through_socket_mode(tmp_path: Path) -> None:
    async with hostile.target(tmp_path, socket_mode=True) as at:
        payloads = await hostile.slack_by_socket(at, count=COUNT, seed=1)
    assert (payloads.sent, payloads.wrong) == (COUNT, [])
    assert payloads.answers == {"acknowledged": COUNT}
