"""The wire between the bot and Slack, cut where a test wants it cut."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from urllib.parse import urlsplit


class Cut(StrEnum):
    HALF_SENT = "half the request sent"
    ANSWER_UNREAD = "Slack accepted it, the answer never arrives"


class Wire:
    """Passes everything on, until it meets the first `chat.postMessage`: there it holds still, for ever."""

    def __init__(self, host: str, port: int, cut: Cut) -> None:
        self._to = (host, port)
        self._cut = cut
        self.held = asyncio.Event()
        """The request stands where it is to be cut."""
        self.url = ""
        self._writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(*self._to)
        self._writers += [writer, back]
        posting = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._requests(reader, back, posting))
                group.create_task(self._answers(there, writer, posting))
        except* (ConnectionError, asyncio.CancelledError):
            pass

    async def _requests(self, reader: asyncio.StreamReader, to: asyncio.StreamWriter, posting: asyncio.Event) -> None:
        while data := await reader.read(65536):
            if b"/api/chat.postMessage" in data:
                posting.set()
                if self._cut is Cut.HALF_SENT:
                    data = data[: len(data) // 2]
            to.write(data)
            await to.drain()
            if posting.is_set() and self._cut is Cut.HALF_SENT:
                self.held.set()
                await asyncio.Event().wait()

    async def _answers(self, reader: asyncio.StreamReader, to: asyncio.StreamWriter, posting: asyncio.Event) -> None:
        while data := await reader.read(65536):
            if posting.is_set():
                self.held.set()
                await asyncio.Event().wait()
            to.write(data)
            await to.drain()

    def close(self) -> None:
        for writer in self._writers:
            writer.transport.abort()


@asynccontextmanager
async def wire(sandbox_url: str, cut: Cut) -> AsyncIterator[Wire]:
    """A way to the sandbox's Web API that is cut once."""
    parts = urlsplit(sandbox_url)
    line = Wire(str(parts.hostname), parts.port or 80, cut)
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(line.serve(reader, writer))
        tasks.add(task)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    line.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/"
    try:
        yield line
    finally:
        server.close()
        line.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
