"""Settings: what is missing or misshapen stops the start with a sentence that names the variable."""

from __future__ import annotations

import pytest

from bot.crash_points import CrashPoint
from bot.errors import ConfigError
from bot.settings import Settings, database_url_from_env

SOCKET = {"SLACK_BOT_TOKEN": "xoxb-1-2-abc", "SLACK_APP_TOKEN": "xapp-1-A1-abc"}
HTTP = {"SLACK_BOT_TOKEN": "xoxb-1-2-abc", "SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef"}
ON_A_SANDBOX = {"SLACK_API_URL": "http://127.0.0.1:8765/api/"}


def test_lockstep_dies_on_purpose_only_on_a_sandbox() -> None:
    settings = Settings.from_env({**SOCKET, **ON_A_SANDBOX, "LOCKSTEP_CRASH_AT": "click.committed"})
    assert settings.crash_at is CrashPoint.CLICK_COMMITTED
    assert Settings.from_env(SOCKET).crash_at is None


def test_two_tokens_are_enough_for_socket_mode() -> None:
    settings = Settings.from_env(SOCKET)
    assert settings.socket_mode
    assert settings.slack_api_url == "https://slack.com/api/"
    assert (settings.host, settings.port, settings.database_url) == ("127.0.0.1", 3000, "sqlite:///lockstep.db")


def test_without_an_app_token_slack_posts_to_us() -> None:
    assert not Settings.from_env(HTTP).socket_mode


def test_empty_values_count_as_missing() -> None:
    assert Settings.from_env({**SOCKET, "LOCKSTEP_PORT": "", "LOCKSTEP_CLOCK_URL": " "}).clock_url is None


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({}, "SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xoxb-1-2-abc"}, "SLACK_SIGNING_SECRET"),
        ({**SOCKET, "SLACK_BOT_TOKEN": "xapp-1-A1-abc"}, "SLACK_BOT_TOKEN"),
        ({**SOCKET, "SLACK_APP_TOKEN": "xoxb-1-2-abc"}, "SLACK_APP_TOKEN"),
        ({**HTTP, "SLACK_SIGNING_SECRET": "short"}, "SLACK_SIGNING_SECRET"),
        ({**SOCKET, "SLACK_API_URL": "http://slack.com/api/"}, "SLACK_API_URL"),
        ({**SOCKET, "SLACK_API_URL": "https://slack.com:port/"}, "SLACK_API_URL"),
        ({**SOCKET, "LOCKSTEP_DATABASE_URL": "mysql://db/lockstep"}, "LOCKSTEP_DATABASE_URL"),
        ({**SOCKET, "LOCKSTEP_DATABASE_URL": "sqlite://"}, "LOCKSTEP_DATABASE_URL"),
        ({**SOCKET, "LOCKSTEP_DATABASE_URL": "sqlite:///:memory:"}, "LOCKSTEP_DATABASE_URL"),
        ({**SOCKET, "LOCKSTEP_HOST": "a b"}, "LOCKSTEP_HOST"),
        ({**SOCKET, "LOCKSTEP_PORT": "65536"}, "LOCKSTEP_PORT"),
        ({**SOCKET, "LOCKSTEP_PORT": "http"}, "LOCKSTEP_PORT"),
        ({**SOCKET, "LOCKSTEP_PUBLIC_URL": "http://lockstep.example.com"}, "LOCKSTEP_PUBLIC_URL"),
        ({**SOCKET, "LOCKSTEP_PUBLIC_URL": "lockstep.example.com"}, "LOCKSTEP_PUBLIC_URL"),
        ({**SOCKET, "LOCKSTEP_PUBLIC_URL": "https://me:pw@lockstep.example.com"}, "LOCKSTEP_PUBLIC_URL"),
        ({**SOCKET, "LOCKSTEP_PUBLIC_URL": "https://lockstep.example.com/'$(id)'"}, "LOCKSTEP_PUBLIC_URL"),
        ({**SOCKET, "LOCKSTEP_CLOCK_URL": "ws://clock.example.com/"}, "LOCKSTEP_CLOCK_URL"),
        ({**SOCKET, "LOCKSTEP_CLOCK_URL": "http://127.0.0.1/"}, "LOCKSTEP_CLOCK_URL"),
        ({**SOCKET, "LOCKSTEP_LOG": "xml"}, "LOCKSTEP_LOG"),
        ({**SOCKET, "LOCKSTEP_CRASH_AT": "ingest.committed"}, "LOCKSTEP_CRASH_AT"),
        ({**SOCKET, **ON_A_SANDBOX, "LOCKSTEP_CRASH_AT": "somewhere"}, "LOCKSTEP_CRASH_AT"),
    ],
)
def test_what_is_wrong_is_named(environ: dict[str, str], name: str) -> None:
    with pytest.raises(ConfigError, match=name):
        Settings.from_env(environ)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://lockstep.example.com", "https://lockstep.example.com"),
        ("https://example.com:8443/lockstep/", "https://example.com:8443/lockstep"),
        ("http://127.0.0.1:3000/", "http://127.0.0.1:3000"),
        ("", None),
    ],
)
def test_the_address_for_other_systems_is_kept_without_its_last_slash(given: str, kept: str | None) -> None:
    settings = Settings.from_env({**SOCKET, "LOCKSTEP_PUBLIC_URL": given})
    assert settings.public_url == kept
    assert settings.is_public_url_local == (kept is None or "127.0.0.1" in kept)


def test_every_mistake_is_told_in_one_start() -> None:
    with pytest.raises(ConfigError) as raised:
        Settings.from_env({"LOCKSTEP_PORT": "x", "LOCKSTEP_LOG": "x"})
    assert [line.split()[0] for line in str(raised.value).splitlines()] == [
        "SLACK_BOT_TOKEN", "Neither", "LOCKSTEP_PORT", "LOCKSTEP_LOG",
    ]  # fmt: skip


def test_no_secret_is_shown() -> None:
    environ = {**SOCKET, **HTTP, "LOCKSTEP_DATABASE_URL": "postgresql://lockstep:hunter2@db/lockstep"}
    shown = repr(Settings.from_env(environ))
    for secret in ("xoxb-1-2-abc", "xapp-1-A1-abc", "0123456789abcdef", "hunter2"):
        assert secret not in shown


def test_no_secret_is_repeated_in_a_sentence() -> None:
    with pytest.raises(ConfigError) as raised:
        Settings.from_env({"SLACK_BOT_TOKEN": "xoxp-secret", "SLACK_SIGNING_SECRET": "tiny-secret"})
    assert "secret-" not in str(raised.value)
    assert "xoxp-secret" not in str(raised.value)
    assert "tiny-secret" not in str(raised.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8765/api", "http://localhost/api/", "http://[::1]:1/api/"])
def test_a_sandbox_on_this_machine_needs_no_encryption(url: str) -> None:
    settings = Settings.from_env({**SOCKET, "SLACK_API_URL": url})
    assert settings.slack_is_local
    assert settings.slack_api_url.endswith("/")


def test_commands_without_slack_need_the_database_only() -> None:
    assert database_url_from_env({}) == "sqlite:///lockstep.db"
    assert database_url_from_env({"LOCKSTEP_DATABASE_URL": "postgresql://db/x"}) == "postgresql://db/x"
