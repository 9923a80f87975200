"""Every order of some messages, each message in a transaction of its own, with what orders begin alike done once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from storage.ids import Ids
from storage.transaction import Transaction

Message = TypeVar("Message")
Take = Callable[[Transaction, Message], object]
Look = Callable[[Transaction], Any]


def every_order(
    tx: Transaction, messages: Sequence[Message], take: Take[Message], look: Look, *, first: int | None = None
) -> Iterator[tuple[tuple[int, ...], Any]]:
    """Each order as positions in `messages`, and what `look` sees after it; nothing of it stays. Only orders
    that begin with the message at `first`, if given.

    720 orders of six messages are 1 956 messages taken, not 4 320: a savepoint stands at each fork.
    """
    connection = tx.leads._connection
    ids = Ids()

    def onwards(order: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Any]]:
        if len(order) == len(messages):
            yield order, look(Transaction(connection, now=tx.now, ids=ids))
            return
        for position in range(len(messages)):
            if position in order or (not order and first not in (None, position)):
                continue
            connection.exec_driver_sql("SAVEPOINT fork")
            own = Transaction(connection, now=tx.now, ids=ids)
            take(own, messages[position])
            own.flush()
            yield from onwards((*order, position))
            connection.exec_driver_sql("ROLLBACK TO fork")
            connection.exec_driver_sql("RELEASE fork")

    yield from onwards(())
