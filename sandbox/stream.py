"""Tells open pages what changed, so that they fetch it again."""

import asyncio
from collections.abc import Iterable

QUEUE_SIZE = 500
THE_END = "end"


class Stream:
    """One queue per open page. A page that does not read gets one `everything` instead of a long list."""

    def __init__(self) -> None:
        self._queues: dict[asyncio.Queue[tuple[str | None, str]], str | None] = {}

    def open(self, user: str | None) -> asyncio.Queue[tuple[str | None, str]]:
        queue: asyncio.Queue[tuple[str | None, str]] = asyncio.Queue(QUEUE_SIZE)
        self._queues[queue] = user
        return queue

    def close(self, queue: asyncio.Queue[tuple[str | None, str]]) -> None:
        self._queues.pop(queue, None)

    def end(self) -> None:
        """Let every open page go; the server is about to stop."""
        self.changed(None, THE_END)

    def changed(self, place: str | None, what: str, users: Iterable[str] | None = None) -> None:
        """Tell the pages of `users` (everybody when None) that `what` changed at `place`."""
        if not self._queues:
            return
        wanted = None if users is None else set(users)
        for queue, user in self._queues.items():
            if wanted is None or user is None or user in wanted:
                if queue.full():
                    while not queue.empty():
                        queue.get_nowait()
                    queue.put_nowait((None, "everything"))
                queue.put_nowait((place, what))
