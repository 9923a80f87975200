"""From an exception to the one sentence a person reads (bot/views/replies.py shows it)."""

from __future__ import annotations

import secrets

import structlog

from bot.errors import FormError, LockstepError, PersonUnknown, StorageUnavailable
from bot.services import people
from handlers.payloads import Unreadable
from storage.database import Database

log = structlog.get_logger(__name__)

NOT_SAVED = "I cannot save anything just now. Nothing was changed: please try again in a minute."


def new_reference() -> str:
    """A short name for a failure, shown to the person and written to the log."""
    return secrets.token_hex(4)


class Explainer:
    """Turns errors into sentences. Who Slack has not confirmed lately is asked about on the way."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def explain(self, error: Exception) -> LockstepError:
        """The error whose sentence the person reads. One without a name is logged, and its reference shown."""
        match error:
            case StorageUnavailable():
                log.warning("nothing_saved", error_type=type(error).__name__)
                return StorageUnavailable(NOT_SAVED)
            case PersonUnknown():
                await self._ask_slack_about(error.slack_id)
            case Unreadable():
                log.warning("payload_unreadable", what=error.what)
            case FormError():
                log.info("form_refused", count=len(error.fields))
            case LockstepError():
                log.info("refused", error_type=type(error).__name__)
            case _:
                reference = new_reference()
                log.error("handler_failed", reference=reference, exc_info=error)
                return LockstepError(
                    "Something went wrong on my side, and nothing was changed. Please try again; if it happens"
                    f" again, tell your Lockstep admin the reference {reference}."
                )
        return error

    async def _ask_slack_about(self, slack_id: str) -> None:
        try:
            await self._db.run(people.queue_refresh, slack_id)
        except StorageUnavailable:
            log.warning("refresh_not_queued")
