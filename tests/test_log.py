"""The log: events and ids, no secrets, nobody's data, whoever writes."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot import log


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged as JSON during a test; logging is as before afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written = io.StringIO()
    log.configure("json", stream=written)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def last(lines: io.StringIO) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(lines.getvalue().splitlines()[-1])
    return found


def test_known_fields_are_logged_with_the_correlation_id(lines: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(correlation_id="c1"):
        structlog.get_logger("bot.x").info("lead_taken", lead_id="l1", status="offered")
    line = last(lines)
    assert (line["event"], line["lead_id"], line["status"], line["correlation_id"]) == (
        "lead_taken", "l1", "offered", "c1",
    )  # fmt: skip


def test_a_field_that_is_not_on_the_list_is_left_out_and_named(lines: io.StringIO) -> None:
    structlog.get_logger("bot.x").info("lead_taken", email="ada@example.com", lead_name="Ada")
    assert last(lines)["left_out"] == ["email", "lead_name"]
    assert "ada" not in lines.getvalue().lower()


def test_of_an_error_the_place_is_kept_and_not_the_message(lines: io.StringIO) -> None:
    try:
        raise ValueError("Ada Lovelace, ada@example.com, xoxb-1-2-abc")
    except ValueError:
        structlog.get_logger("bot.x").exception("failed", reference="r1")
    line = last(lines)
    assert line["error"] == "ValueError"
    assert "test_log.py" in line["where"]
    assert "Ada" not in lines.getvalue()
    assert "xoxb" not in lines.getvalue()


def test_what_an_error_came_from_is_named_too(lines: io.StringIO) -> None:
    try:
        try:
            raise KeyError("secret")
        except KeyError as error:
            raise RuntimeError("another") from error
    except RuntimeError:
        logging.getLogger("some.library").exception("failed")
    assert "from KeyError" in last(lines)["where"]
    assert "secret" not in lines.getvalue()


@pytest.mark.parametrize(
    "said",
    [
        "token xoxb-12-34-abcDEF", "token xapp-1-A1-xyz", "key whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "post https://hooks.slack.com/actions/T1/2/abc", "to ada@example.com", "call +44 20 7946 0958",
        "connect postgresql://lockstep:hunter2@db/x", "wss://wss-primary.slack.com/link/?ticket=abc-123&x=1",
        "sig v0=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    ],
)  # fmt: skip
def test_what_a_library_says_is_filtered(lines: io.StringIO, said: str) -> None:
    logging.getLogger("some.library").warning("%s", said)
    event = last(lines)["event"]
    assert "***" in event
    for secret in ("abcDEF", "A1-xyz", "MfKQ", "T1/2", "ada@", "7946", "hunter2", "abc-123", "0123456789abcdef"):
        assert secret not in event


def test_libraries_that_tell_of_every_request_are_quiet(lines: io.StringIO) -> None:
    logging.getLogger("slack_sdk.web").info("body: everything")
    logging.getLogger("apscheduler.executors").info("a tick")
    assert lines.getvalue() == ""
