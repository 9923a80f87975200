"""What may be clicked or tapped: people, instants, telephone numbers, mail addresses, pages on hosts we know.

A lead's own links are never made clickable; `host_label` shows where they would lead.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime, tzinfo
from urllib.parse import urlsplit

from bot.views.untrusted import ELLIPSIS, Mrkdwn, clean, escape

_PERSON = re.compile(r"[UW][A-Z0-9]{2,}")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,}")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
# Narrower than RFC 5322 on purpose: no quotes, no "%" or "&" that could add headers to a mailto link.
_MAIL = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9._+\-]{0,62}[A-Za-z0-9_+\-])?@(?:[A-Za-z0-9\-]{1,63}\.){1,8}[A-Za-z]{2,63}"
)
# Printable ASCII without what could end the link (`>` and `|`) or open another one.
_HTTPS = re.compile(r"https://[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]{1,2900}")
_MESSAGE = re.compile(
    r"https://[a-z0-9-]{1,63}(?:\.enterprise)?\.slack(?:-gov)?\.com/archives/[CDG][A-Z0-9]{2,30}/p\d{10,20}"
    r"(?:\?thread_ts=\d{1,12}\.\d{1,8}&cid=[CDG][A-Z0-9]{2,30})?"
)
_HOST = re.compile(r"[a-z0-9._\-]{1,253}")
_LONGEST_HOST = 60


def mention(slack_id: str) -> Mrkdwn:
    """A mention of a person, which pings them. Raises ValueError unless it is the id of a person."""
    if not _PERSON.fullmatch(slack_id):
        raise ValueError(f"{slack_id!r} is not the Slack id of a person (U… or W…).")
    return Mrkdwn(f"<@{slack_id}>")


def channel_mention(slack_id: str) -> Mrkdwn:
    """A link to a channel. Raises ValueError unless it is the id of a channel."""
    if not _CHANNEL.fullmatch(slack_id):
        raise ValueError(f"{slack_id!r} is not the Slack id of a channel (C… or G…).")
    return Mrkdwn(f"<#{slack_id}>")


def is_linkable(url: str, hosts: Collection[str]) -> bool:
    """Whether `url` is https, on exactly one of `hosts`, on the usual port, and without a user name in it."""
    if not _HTTPS.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # a port that is no number, a broken IPv6 host
        return False
    plain = parts.username is None and parts.password is None and port in (None, 443)
    return plain and (parts.hostname or "") in {host.lower() for host in hosts}


def link(url: str, label: str, hosts: Collection[str]) -> Mrkdwn:
    """A link with an escaped label; the label alone when the URL is not `is_linkable`."""
    shown = escape(label, 150)
    if not is_linkable(url, hosts):
        return shown
    return Mrkdwn(f"<{url.replace('&', '&amp;')}|{_label(shown)}>")


def message_link(url: str, label: str) -> Mrkdwn | None:
    """A link to a message in Slack; None for anything else."""
    return link(url, label, [urlsplit(url).netloc]) if _MESSAGE.fullmatch(url) else None


def tel(e164: str, label: str | None = None) -> Mrkdwn:
    """A number to tap and call; plain escaped text when it is not E.164 (+ and 7 to 15 digits)."""
    shown = escape(label or e164, 40)
    return Mrkdwn(f"<tel:{e164}|{_label(shown)}>") if _E164.fullmatch(e164) else shown


def mailto(address: str) -> Mrkdwn:
    """An address to tap and write to; plain escaped text when it is not a plain, ordinary mail address."""
    if len(address) > 254 or ".." in address or not _MAIL.fullmatch(address):
        return escape(address, 254)
    return Mrkdwn(f"<mailto:{address}|{address}>")


def host_label(url: str) -> Mrkdwn:
    """The host a URL leads to, in code style and never clickable; international names as punycode.

    Browsers read "\\" as "/" and take what follows the last "@" for the host, so this shows what they would
    open. Of a very long host the end is shown: that is the part that says whose it is.
    """
    text = clean(url, 2000).replace("\\", "/")
    try:
        host = urlsplit(text if "://" in text else f"//{text}").hostname or ""
    except ValueError:
        host = ""
    labels = re.split(r"[.\u3002\uff0e\uff61]", host)
    shown = ".".join(one if one.isascii() else "xn--" + one.encode("punycode").decode() for one in labels)
    if not _HOST.fullmatch(shown):
        return escape("address that cannot be shown", 40)
    return Mrkdwn(f"`{shown if len(shown) <= _LONGEST_HOST else ELLIPSIS + shown[-_LONGEST_HOST:]}`")


def when(instant: datetime, fallback_tz: tzinfo = UTC) -> Mrkdwn:
    """An instant that Slack shows in each reader's own time zone ("today at 10:30").

    `instant` is aware. Notifications, which cannot do that, show it in `fallback_tz`.
    """
    if instant.tzinfo is None:
        raise ValueError("An instant needs a time zone.")
    local = instant.astimezone(fallback_tz)
    written = f"{local:%a} {local.day} {local:%b} {local:%H:%M} {local.tzname() or ''}".rstrip()
    return Mrkdwn(f"<!date^{int(instant.timestamp())}^{{date_short_pretty}} at {{time}}|{written}>")


def at_time(instant: datetime, fallback_tz: tzinfo = UTC) -> Mrkdwn:
    """As when, the time first: "10:30 today". For what is to be done by then."""
    return Mrkdwn(when(instant, fallback_tz).replace("{date_short_pretty} at {time}", "{time} {date_short_pretty}"))


def _label(shown: Mrkdwn) -> str:
    """A label inside `<…|…>`: a bar would end it in some clients."""
    return shown.replace("|", "¦")
