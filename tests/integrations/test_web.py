"""The HTTP client: it goes where it may, and tells nobody what else stands in an address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.domain.reach import Reach
from bot.errors import WebError
from bot.integrations import web as web_module
from bot.integrations.web import Web
from tests.handlers import toy_crm
from tests.handlers.toy_crm import ToyCrm

BESIDE_A_SANDBOX = Reach(loopback=True)


@pytest.fixture
async def crm() -> AsyncIterator[ToyCrm]:
    async with toy_crm.running() as running:
        yield running


async def refused(reach: Reach, url: str) -> str:
    async with Web(timeout_s=5, reach=reach) as web:
        with pytest.raises(WebError) as error:
            await web.post_bytes(url, b"{}", {})
    return str(error.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://169.254.169.254/latest", "https://10.0.0.5/", "https://localhost:8443/", "https://[::ffff:7f00:1]/",
        "https://xn--/", "ftp://example.com/", "http://127.0.0.1:5432/",
    ],
)  # fmt: skip
async def test_what_is_private_is_never_connected_to(url: str) -> None:
    assert await refused(Reach(), f"{url}?token=s3cr3t")


async def test_a_name_that_leads_inside_is_refused_when_it_is_used(
    crm: ToyCrm, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def inside(*_: Any) -> list[str]:
        return ["93.184.216.34", "127.0.0.1"]

    monkeypatch.setattr(web_module, "_addresses", inside)
    assert "is refused" in await refused(Reach(), "https://crm.example.com/hook?token=s3cr3t")
    assert crm.heard == []


async def test_no_error_tells_more_of_an_address_than_its_host(crm: ToyCrm) -> None:
    closed = crm.url.rpartition(":")[0] + ":1/hook?token=s3cr3t"
    said = [
        await refused(BESIDE_A_SANDBOX, closed),
        await refused(Reach(), closed),
        await refused(Reach(), "https://no-such-host.invalid/x?token=s3cr3t"),
    ]
    assert not [one for one in said if "s3cr3t" in one or "/hook" in one]
    assert said[0].startswith("127.0.0.1: ")


async def test_the_connection_goes_to_the_address_that_was_checked_in_the_hosts_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        writer.close()

    async def found(*_: Any) -> list[str]:
        return ["127.0.0.1"]

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setattr(web_module, "_addresses", found)
    async with server, Web(timeout_s=5, reach=BESIDE_A_SANDBOX) as web:
        answered = await web.post_bytes(f"http://crm.localhost:{port}/hook", b"{}", {"x-one": "1"})
    assert answered.status == 204
    assert f"host: crm.localhost:{port}".encode() in heard[0].lower()
