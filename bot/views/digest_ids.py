"""The controls and inputs of digests' set-up, and what they carry. Whatever comes back is untrusted, as in ids.py."""

from __future__ import annotations

from enum import StrEnum


class DigestAction(StrEnum):
    """Each but the first three carries the id of a schedule."""

    OPEN = "digests.open"
    """The list, from Home, a menu or set-up."""
    ADD = "digest.add"
    OFFERED = "digest.offered"
    """One click makes the digest most teams want; carries its kind."""
    EDIT = "digest.edit"
    PREVIEW = "digest.preview"
    SEND_NOW = "digest.send_now"
    SWITCH_ON = "digest.switch_on"
    SWITCH_OFF = "digest.switch_off"
    REMOVE = "digest.remove"


class DigestBlock(StrEnum):
    """The inputs of the form. The names are those of FormError's fields."""

    NAME = "name"
    KIND = "kind"
    CHANNEL = "channel"
    PERSON = "person"
    WEEKDAYS = "weekdays"
    AT = "at"
    TZ = "tz"
    OPTIONS = "options"


class DigestOption(StrEnum):
    """The boxes of the form."""

    SILENT = "silent"
    CLOSING = "closing"
