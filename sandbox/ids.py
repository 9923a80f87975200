"""Ids and timestamps in the shapes Slack gives them."""

import hashlib
import secrets

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def stable_id(prefix: str, key: str) -> str:
    """An id such as ``U07K3QZP1AB`` that is the same for the same key on every start."""
    number = int.from_bytes(hashlib.sha256(f"{prefix}:{key}".encode()).digest()[:12], "big")
    return f"{prefix}0{_digits(number, 9)}"


def random_id(prefix: str) -> str:
    """A new id such as ``V0QK3ZP1ABX`` that nobody can guess."""
    return f"{prefix}0{''.join(secrets.choice(_ALPHABET) for _ in range(9))}"


def block_id() -> str:
    """A block id such as Slack makes up for a block that came without one."""
    return secrets.token_urlsafe(4)[:5]


class Timestamps:
    """Message timestamps (``"1700000000.000100"``): unique in the workspace and only ever rising."""

    def __init__(self) -> None:
        self._last = 0

    def next(self, now: float) -> str:
        """The timestamp for the instant `now` (seconds since 1970), later than every one given before."""
        self._last = max(int(now * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"


def _digits(number: int, length: int) -> str:
    out = ""
    for _ in range(length):
        number, digit = divmod(number, len(_ALPHABET))
        out += _ALPHABET[digit]
    return out
