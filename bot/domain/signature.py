"""Signatures of webhooks, as the Standard Webhooks specification defines them (standardwebhooks.com).

Signed is `{webhook-id}.{webhook-timestamp}.{raw body}`, with HMAC-SHA256 and a shared secret written as
`whsec_` and the key in base64. `webhook-signature` is a list of `v1,<base64>`, one a live key, with spaces
between them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence

TOLERANCE_SECONDS = 300
"""How far the signed time may lie before or after ours."""

_PREFIX = "whsec_"
_ID = re.compile(r"[!-~]{1,256}")
_TIMESTAMP = re.compile(r"[0-9]{10}")
_MOST_SIGNATURES = 10
_SHORTEST_KEY = 16
_NOBODY = b"\x00" * 32


def key_of(secret: str) -> bytes:
    """The key in a secret like `whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw`.

    Raises ValueError with a sentence when it is not base64 or holds less than 16 bytes.
    """
    text = secret.removeprefix(_PREFIX)
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("A signing secret is whsec_ and then base64 of 32 random bytes.") from None
    if len(key) < _SHORTEST_KEY:
        raise ValueError(f"A signing secret must hold at least {_SHORTEST_KEY} bytes; 32 are usual.")
    return key


def sign(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature` for one secret. `timestamp` is in seconds since 1970."""
    return "v1," + base64.b64encode(_digest(key_of(secret), message_id, str(timestamp), body)).decode("ascii")


def well_formed(*, message_id: str, timestamp: str, signature: str) -> bool:
    """Whether the three headers have the shape of signed ones: cheap, and looks at no secret."""
    return (
        _ID.fullmatch(message_id) is not None
        and _TIMESTAMP.fullmatch(timestamp) is not None
        and 0 < len(signature.split(" ")) <= _MOST_SIGNATURES
        and any(part.startswith("v1,") for part in signature.split(" "))
    )


def verify(
    secrets: Sequence[str], *, message_id: str, timestamp: str, signature: str, body: bytes, real_now: float
) -> bool:
    """Whether one of `secrets` signed this message within 300 s of `real_now` (seconds since 1970).

    Every live secret is compared with every signature, and with no secret at all the same work is done, so
    that neither the time it takes nor the answer tells which part was wrong. Never raises for what was sent.
    """
    if not well_formed(message_id=message_id, timestamp=timestamp, signature=signature):
        return False
    fresh = abs(real_now - int(timestamp)) <= TOLERANCE_SECONDS
    given = tuple(_given(signature))
    matched = False
    for key in tuple(key_of(secret) for secret in secrets) or (_NOBODY,):
        expected = _digest(key, message_id, timestamp, body)
        for candidate in given:
            matched |= hmac.compare_digest(expected, candidate)
    return matched and fresh and bool(secrets)


def _digest(key: bytes, message_id: str, timestamp: str, body: bytes) -> bytes:
    signed = b".".join((message_id.encode("ascii"), timestamp.encode("ascii"), body))
    return hmac.digest(key, signed, hashlib.sha256)


def _given(signature: str) -> Iterable[bytes]:
    for part in signature.split(" "):
        version, _, text = part.partition(",")
        if version != "v1":
            continue
        try:
            yield base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            continue
