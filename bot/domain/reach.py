"""Which other systems Lockstep may be told to talk to: public ones, and those of its own network that are named."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 addresses as IPv6 networks reach them (RFC 6052)."""
SETTING = "LOCKSTEP_PRIVATE_HOSTS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """`private_hosts`: names and addresses, in small letters, that may lead to this machine or its network, as
    the environment names them: who may edit targets does not decide that. `loopback`: so may this machine itself, as
    when a sandbox stands in for Slack."""

    private_hosts: frozenset[str] = frozenset()
    loopback: bool = False

    def allows(self, host: str, address: str) -> bool:
        """Whether `host`, which was found at `address`, may be talked to."""
        if host.lower() in self.private_hosts or address in self.private_hosts:
            return True
        found = _address(address)
        return found is not None and (is_public(found) or (self.loopback and found.is_loopback))

    def allows_plain_http(self, host: str, address: str) -> bool:
        """Whether it may go there unencrypted: within this machine only."""
        found = _address(address)
        return found is not None and found.is_loopback and self.allows(host, address)

    def why_not(self, url: str) -> str | None:
        """A sentence when the URL can be seen to lead where it may not; None when that shows only once its name is
        looked up."""
        host = (urlsplit(url).hostname or "").lower()
        address = "127.0.0.1" if host == "localhost" or host.endswith(".localhost") else host
        if _address(address) is None or self.allows(host, address):
            return None
        return (
            f"{host} is this machine or a private network. If it is meant, name it in {SETTING} where the bot runs "
            "(docs/settings.md)."
        )


def is_public(address: Address) -> bool:
    """Whether it belongs to the internet: not this machine, its network, its neighbours or a cloud's own services,
    however it is wrapped."""
    inner = _wrapped(address)
    if inner is not None:
        return is_public(inner)
    return address.is_global and not address.is_multicast


def _wrapped(address: Address) -> Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
