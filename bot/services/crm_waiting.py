"""What is said of a lead before it is handed over waits for it: all of it that could still count then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace

from bot.domain.crm import stamp
from bot.services.crm_news import (
    READERS,
    LeadActivity,
    LeadOwner,
    LeadStage,
    LeadUpdated,
    News,
    address_of,
)  # fmt: skip
from storage.transaction import Transaction

MOST_WAITING = 100
"""Messages kept of one lead as they came; of more, what a later one says instead is forgotten first."""
MOST_ACTIVITIES = 50
"""Calls, mails and meetings kept of one lead that nobody handed over, the latest."""


def keep(tx: Transaction, news: News) -> None:
    """It waits for its lead. An instant that is still to come counts as now."""
    news = replace(news, at=min(news.at, tx.now))
    if tx.news.count(news.source, news.external_id) < MOST_WAITING:
        _add(tx, news)
        return
    before = [READERS[one.kind](one.data) for one in tx.news.take(news.source, news.external_id)]
    for one in shortened([*before, news]):
        _add(tx, one)


def shortened(said: Iterable[News]) -> list[News]:
    """As little as leads to the same: of each field, the stage, the amount and the owner the latest word alone, and
    the latest MOST_ACTIVITIES. At most MOST_WAITING, those said last; in the order in which they were said."""
    kept: list[News] = []
    activities: list[News] = []
    fields: set[str] = set()
    for news in sorted(said, key=_said, reverse=True):
        match news:
            case LeadActivity():
                activities.append(news)
            case LeadOwner() if "owner" not in fields:
                fields.add("owner")
                kept.append(news)
            case LeadStage() if "stage" not in fields or (news.amount is not None and "amount" not in fields):
                fields |= {"stage"} | ({"amount"} if news.amount is not None else set())
                kept.append(news)
            case LeadUpdated():
                values = {name: value for name, value in news.values.items() if f".{name}" not in fields}
                fields |= {f".{name}" for name in values}
                if values:
                    kept.append(replace(news, values=values))
            case _:
                pass
    latest = sorted([*kept, *activities[:MOST_ACTIVITIES]], key=_said, reverse=True)[:MOST_WAITING]
    return latest[::-1]


def _said(news: News) -> str:
    return stamp(news.at, news.delivery_id)


def _add(tx: Transaction, news: News) -> None:
    data = asdict(news)
    data["at"] = news.at.isoformat()
    tx.news.add(news.source, news.external_id, type(news).__name__, data, address=address_of(news))
