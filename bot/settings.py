"""Infrastructure and secrets, from the environment: read once in `__main__` (docs/settings.md)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from bot.crash_points import CrashPoint
from bot.domain.reach import SETTING, Reach
from bot.errors import ConfigError

SLACK_API_URL = "https://slack.com/api/"
DEFAULT_DATABASE_URL = "sqlite:///lockstep.db"

_BOT_TOKEN = re.compile(r"xoxb-[A-Za-z0-9-]{4,250}")
_APP_TOKEN = re.compile(r"xapp-[A-Za-z0-9-]{4,250}")
_SIGNING_SECRET = re.compile(r"[!-~]{16,128}")
_PUBLIC_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]_-]+(/[A-Za-z0-9._~/-]*)?")
"""It is shown to be copied: nothing that a terminal would read as more than an address."""
_HOST = re.compile(r"[a-z0-9.:_-]{1,253}")
_HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What `lockstep run` needs to know. Secrets, and the URL that may hold a password, stay out of `repr`.

    With `slack_app_token` Slack is reached by Socket Mode; without, Slack posts to `/slack/events`, signed
    with `slack_signing_secret`. `slack_api_url` ends in a slash.
    """

    slack_bot_token: str = field(repr=False)
    slack_app_token: str | None = field(repr=False, default=None)
    slack_signing_secret: str | None = field(repr=False, default=None)
    slack_api_url: str = SLACK_API_URL
    database_url: str = field(repr=False, default=DEFAULT_DATABASE_URL)
    host: str = "127.0.0.1"
    port: int = 3000
    public_url: str | None = None
    """Where other systems reach us, without a slash at the end; None: nobody said."""
    clock_url: str | None = None
    log: str = "text"
    private_hosts: frozenset[str] = frozenset()
    """Hosts of this machine or its network that may be told of decisions."""
    crash_at: CrashPoint | None = None
    """Where the process is to die: for tests on a sandbox only."""

    @property
    def socket_mode(self) -> bool:
        return self.slack_app_token is not None

    @property
    def slack_is_local(self) -> bool:
        """Whether a sandbox on this machine stands in for Slack."""
        parts = _split(self.slack_api_url)
        return parts is not None and _is_loopback(parts)

    @property
    def is_public_url_local(self) -> bool:
        """Whether other machines cannot reach us by the address that is shown to them."""
        parts = _split(self.public_url) if self.public_url is not None else None
        return parts is None or _is_loopback(parts)

    @property
    def reach(self) -> Reach:
        """What may be told of decisions."""
        return Reach(private_hosts=self.private_hosts, loopback=self.slack_is_local)

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """The settings in `environ`. Empty values count as missing.

        Raises ConfigError with a line for each problem: it names the variable and says how to mend it, and
        never repeats a secret.
        """
        reader = _Reader(environ)
        app_token = reader.app_token()
        settings = cls(
            slack_bot_token=reader.bot_token(),
            slack_app_token=app_token,
            slack_signing_secret=reader.signing_secret(needed=app_token is None),
            slack_api_url=reader.api_url(),
            database_url=reader.database_url(),
            host=reader.host(),
            port=reader.port(),
            public_url=reader.public_url(),
            clock_url=reader.clock_url(),
            log=reader.log(),
            private_hosts=reader.private_hosts(),
            crash_at=reader.crash_at(),
        )
        reader.done()
        return settings


def database_url_from_env(environ: Mapping[str, str]) -> str:
    """Only LOCKSTEP_DATABASE_URL, for commands that do not talk to Slack. Raises ConfigError."""
    reader = _Reader(environ)
    url = reader.database_url()
    reader.done()
    return url


def clock_url_from_env(environ: Mapping[str, str]) -> str | None:
    """Only LOCKSTEP_CLOCK_URL, as database_url_from_env. Raises ConfigError."""
    reader = _Reader(environ)
    url = reader.clock_url()
    reader.done()
    return url


def crash_at_from_env(environ: Mapping[str, str]) -> CrashPoint | None:
    """Only LOCKSTEP_CRASH_AT, as database_url_from_env. Raises ConfigError."""
    reader = _Reader(environ)
    point = reader.crash_at()
    reader.done()
    return point


def reach_from_env(environ: Mapping[str, str]) -> Reach:
    """Only what may be told of decisions, as database_url_from_env. Raises ConfigError."""
    reader = _Reader(environ)
    parts = _split(environ.get("SLACK_API_URL", "").strip())
    reach = Reach(private_hosts=reader.private_hosts(), loopback=parts is not None and _is_loopback(parts))
    reader.done()
    return reach


class _Reader:
    """Reads one variable a method and collects what is wrong, so that one start shows every mistake."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._problems: list[str] = []

    def done(self) -> None:
        if self._problems:
            raise ConfigError("\n".join(self._problems))

    def _get(self, name: str) -> str | None:
        return self._environ.get(name, "").strip() or None

    def bot_token(self) -> str:
        token = self._get("SLACK_BOT_TOKEN")
        if token is None:
            self._problems.append(
                "SLACK_BOT_TOKEN is not set. Copy the Bot User OAuth Token (xoxb-...) from your app's page,"
                " OAuth & Permissions."
            )
        elif not _BOT_TOKEN.fullmatch(token):
            self._problems.append(
                "SLACK_BOT_TOKEN does not look like a bot token: it begins with xoxb- and holds letters,"
                " digits and hyphens. Copy it again from your app's page, OAuth & Permissions."
            )
        return token or ""

    def app_token(self) -> str | None:
        token = self._get("SLACK_APP_TOKEN")
        if token is not None and not _APP_TOKEN.fullmatch(token):
            self._problems.append(
                "SLACK_APP_TOKEN does not look like an app-level token: it begins with xapp-. Copy it from"
                " your app's page, Basic Information, App-Level Tokens, or unset it to be reached by HTTP."
            )
        return token

    def signing_secret(self, *, needed: bool) -> str | None:
        secret = self._get("SLACK_SIGNING_SECRET")
        if secret is None and needed:
            self._problems.append(
                "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set. For Socket Mode set SLACK_APP_TOKEN"
                " (xapp-...); to be reached by HTTP set SLACK_SIGNING_SECRET from your app's page, Basic"
                " Information."
            )
        elif secret is not None and not _SIGNING_SECRET.fullmatch(secret):
            self._problems.append(
                "SLACK_SIGNING_SECRET does not look like a signing secret: 32 letters and digits. Copy it"
                " again from your app's page, Basic Information."
            )
        return secret

    def api_url(self) -> str:
        url = self._get("SLACK_API_URL") or SLACK_API_URL
        parts = _split(url)
        plain_but_here = parts is not None and parts.scheme == "http" and _is_loopback(parts)
        if parts is None or not (parts.scheme == "https" or plain_but_here):
            self._problems.append(
                "SLACK_API_URL must be an https address like https://slack.com/api/ (plain http only on this machine)."
            )
        return url if url.endswith("/") else url + "/"

    def database_url(self) -> str:
        url = self._get("LOCKSTEP_DATABASE_URL") or DEFAULT_DATABASE_URL
        scheme, _, rest = url.partition("://")
        if scheme == "sqlite":
            if not rest.startswith("/") or not rest.strip("/") or rest == "/:memory:":
                self._problems.append(
                    "LOCKSTEP_DATABASE_URL names no file: write sqlite:///lockstep.db, or sqlite:////var/lib/"
                    "lockstep/lockstep.db for an absolute path (four slashes)."
                )
        elif scheme not in {"postgresql", "postgresql+psycopg"} or not rest:
            self._problems.append(
                "LOCKSTEP_DATABASE_URL must begin with sqlite:/// or postgresql://, for example"
                " postgresql://lockstep@db.example.com/lockstep."
            )
        return url

    def host(self) -> str:
        host = self._get("LOCKSTEP_HOST") or "127.0.0.1"
        if not re.fullmatch(r"[A-Za-z0-9.:_-]+", host):
            self._problems.append(
                "LOCKSTEP_HOST must be an address or a host name to listen on, for example 127.0.0.1."
            )
        return host

    def port(self) -> int:
        text = self._get("LOCKSTEP_PORT") or "3000"
        if re.fullmatch(r"[0-9]{1,5}", text) and int(text) <= _HIGHEST_PORT:
            return int(text)
        self._problems.append("LOCKSTEP_PORT must be a port number from 1 to 65535 (0: any free one).")
        return 0

    def public_url(self) -> str | None:
        url = self._get("LOCKSTEP_PUBLIC_URL")
        if url is None:
            return None
        parts = _split(url)
        plain_but_here = parts is not None and parts.scheme == "http" and _is_loopback(parts)
        if parts is None or not (parts.scheme == "https" or plain_but_here) or not _PUBLIC_URL.fullmatch(url):
            self._problems.append(
                "LOCKSTEP_PUBLIC_URL must be the https address by which other systems reach Lockstep, for example"
                " https://lockstep.example.com (plain http only on this machine), without a query or a user name."
            )
        return url.rstrip("/")

    def clock_url(self) -> str | None:
        url = self._get("LOCKSTEP_CLOCK_URL")
        if url is None:
            return None
        parts = _split(url)
        if parts is None or parts.scheme != "ws" or not _is_loopback(parts):
            self._problems.append(
                "LOCKSTEP_CLOCK_URL is for demos and tests and must lead to this machine, for example"
                " ws://127.0.0.1:8765/_sandbox/clock/follow?name=bot. Unset it to use the real time."
            )
        return url

    def log(self) -> str:
        form = self._get("LOCKSTEP_LOG") or "text"
        if form not in {"json", "text"}:
            self._problems.append("LOCKSTEP_LOG must be json or text.")
        return form

    def private_hosts(self) -> frozenset[str]:
        named = (self._get("LOCKSTEP_PRIVATE_HOSTS") or "").lower().split(",")
        names = [name.strip() for name in named if name.strip()]
        if wrong := [name for name in names if not _HOST.fullmatch(name)]:
            self._problems.append(
                f"{SETTING} takes names of hosts and addresses, separated by commas, without https:// and port: "
                f"{wrong[0][:60]} is none."
            )
        return frozenset(names)

    def crash_at(self) -> CrashPoint | None:
        name = self._get("LOCKSTEP_CRASH_AT")
        if name is None:
            return None
        parts = _split(self._get("SLACK_API_URL") or SLACK_API_URL)
        if parts is None or not _is_loopback(parts):
            self._problems.append(
                "LOCKSTEP_CRASH_AT makes Lockstep die on purpose and is for tests on a sandbox of this machine only."
                " Unset it."
            )
        if name not in list(CrashPoint):
            self._problems.append(f"LOCKSTEP_CRASH_AT must be one of {', '.join(CrashPoint)}. Unset it.")
            return None
        return CrashPoint(name)


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.hostname else None


def _is_loopback(parts: SplitResult) -> bool:
    if parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
