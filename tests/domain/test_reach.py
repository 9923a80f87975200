"""What may be connected to: the internet, and of our own network what the environment names."""

from __future__ import annotations

import ipaddress

import pytest

from bot.domain.reach import Reach, is_public
from bot.domain.target import is_target_url

NOT_PUBLIC = (
    "127.0.0.1", "10.0.0.5", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.5", "64:ff9b::a9fe:a9fe", "2002:a00:5::1", "2001:0:4136:e378:8000:63bf:f5ff:fffa",
)  # fmt: skip


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_what_is_not_the_internet_is_refused_however_it_is_written(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    assert not Reach().allows("crm.example.com", address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_the_internet_is_allowed(address: str) -> None:
    assert Reach().allows("crm.example.com", address)


def test_what_is_named_is_allowed_and_nothing_else_of_that_network() -> None:
    reach = Reach(private_hosts=frozenset({"n8n.internal", "10.0.3.7"}))
    assert reach.allows("N8N.internal", "10.0.0.5")
    assert reach.allows("crm", "10.0.3.7")
    assert not reach.allows("other.internal", "10.0.0.5")


def test_this_machine_is_allowed_beside_a_sandbox_or_when_named_and_only_it_without_encryption() -> None:
    assert not Reach().allows("localhost", "127.0.0.1")
    assert Reach(loopback=True).allows_plain_http("localhost", "127.0.0.1")
    named = Reach(private_hosts=frozenset({"localhost", "n8n.internal"}))
    assert named.allows_plain_http("localhost", "127.0.0.1")
    assert not named.allows_plain_http("n8n.internal", "10.0.0.5")
    assert not Reach(loopback=True).allows_plain_http("crm.example.com", "93.184.216.34")


@pytest.mark.parametrize(
    "url", ["https://169.254.169.254/x", "https://10.0.0.5", "https://localhost:8443", "https://[::ffff:127.0.0.1]/"]
)
def test_what_can_be_seen_to_lead_inside_is_a_sentence_when_it_is_configured(url: str) -> None:
    assert "LOCKSTEP_PRIVATE_HOSTS" in (Reach().why_not(url) or "")


def test_names_are_looked_up_when_they_are_used() -> None:
    assert Reach().why_not("https://metadata.google.internal/x") is None


@pytest.mark.parametrize("url", ["https://xn--/", "https://xn--a/x", "https:///x", "https://u:p@example.com/"])
def test_an_address_without_a_host_that_can_be_is_none(url: str) -> None:
    assert not is_target_url(url)
