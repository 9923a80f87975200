"""`POST /webhooks/leads/{source}`: leads that other systems hand over. docs/webhook.md is for their developers."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import crash_points
from bot.crash_points import CrashPoint
from bot.domain import signature
from bot.domain.config import Source
from bot.errors import StorageUnavailable
from bot.services import crm, intake
from bot.services.answers import HandedOver
from bot.services.lead_records import HandOver
from handlers.answer_time import answering, left_s
from handlers.body import Interrupted, TooLarge, header, read_body
from handlers.crm_payload import parse_message
from handlers.errors import new_reference
from handlers.in_flight import InFlight
from handlers.lead_payload import InvalidLead, Malformed
from handlers.problems import problem
from storage.database import Database
from storage.transaction import Transaction

log = structlog.get_logger(__name__)

LIMIT = 1024 * 1024
"""Bytes of a body."""
ANSWER_WITHIN_S = 4.0
"""Real seconds a delivery may wait for the database, in all: careful senders give up after five."""
RETRY_BUSY_S = 1
RETRY_STORAGE_S = 10

_UNSIGNED = (
    "The delivery is not signed by a live secret of this source, or its time is more than five minutes off."
    " Check the source's name in the address, the secret, the clock, and that the signature is over the very"
    " bytes that are sent."
)


class LeadWebhook:
    """Takes signed leads. Every answer below 500 is about the request; only 503 asks to send it again."""

    def __init__(
        self, db: Database, *, in_flight: InFlight, now: Callable[[], datetime], real_now: Callable[[], float]
    ) -> None:
        """`now` is the business clock, `real_now` the real one (seconds since 1970), for signatures."""
        self._db = db.patient(left_s)
        self._in_flight = in_flight
        self._now = now
        self._real_now = real_now
        self.on_answered: Callable[[int], None] = lambda status: None
        """Hears the status of each answer."""

    def route(self) -> Route:
        return Route("/webhooks/leads/{source}", self._receive, methods=["POST"])

    async def _receive(self, request: Request) -> Response:
        # What this delivery leads to carries the id, in the database and in the log.
        with structlog.contextvars.bound_contextvars(correlation_id=uuid.uuid4().hex[:12]):
            answer = await self._answer_to(request)
        self.on_answered(answer.status_code)
        return answer

    async def _answer_to(self, request: Request) -> Response:
        # Cheap before dear: shape and time need neither the body nor the database.
        if not self._may_be_signed(request):
            return problem(401, _UNSIGNED)
        try:
            body = await read_body(request.scope, request.receive, limit=LIMIT)
        except TooLarge:
            return problem(413, "The body is larger than 1 MiB. Send one lead at a time.")
        except Interrupted:
            return problem(408, "The body did not arrive within ten seconds.")
        # A place is for what can be worked on: who sends slowly, signed or not, holds none.
        with self._in_flight.enter() as admitted, answering(ANSWER_WITHIN_S):
            if not admitted:
                return _later("More deliveries are at work than fit.", RETRY_BUSY_S)
            try:
                return await self._take(request, body)
            except StorageUnavailable:
                log.warning("lead_not_stored")
                return _later("The lead could not be stored; nothing of it was kept.", RETRY_STORAGE_S)
            except Exception:
                reference = new_reference()
                log.exception("lead_failed", reference=reference)
                return problem(500, f"Nothing was stored. The reference in the log is {reference}.")

    async def _take(self, request: Request, body: bytes) -> Response:
        key: str = request.path_params["source"]
        crash_points.reached(CrashPoint.INGEST_BEFORE_SIGNATURE)
        if not await self._signed(request, key, body):
            return problem(401, _UNSIGNED)
        media_type = header(request.scope, b"content-type").partition(";")[0].strip().lower()
        if media_type != "application/json":
            return problem(415, "Send the lead with the header Content-Type: application/json.")
        delivery_id = header(request.scope, b"webhook-id")
        try:
            command = parse_message(body, source=key, delivery_id=delivery_id, now=self._now())
        except Malformed as error:
            return problem(400, str(error))
        except InvalidLead as error:
            return problem(422, "Nothing was stored. Mend the fields below and send it again.", errors=error.errors)
        crash_points.reached(CrashPoint.INGEST_BEFORE_TRANSACTION)
        if isinstance(command, HandOver):
            handed_over = await self._db.run(intake.hand_over, command)
        else:
            handed_over = await self._db.run(crm.hear, command)
        crash_points.reached(CrashPoint.INGEST_COMMITTED)
        log.info("lead_taken", source=key, lead_id=handed_over.lead_id, status=handed_over.status.value)
        return _answer(handed_over)

    def _may_be_signed(self, request: Request) -> bool:
        message_id, timestamp, given = _signature_of(request)
        if not signature.well_formed(message_id=message_id, timestamp=timestamp, signature=given):
            return False
        return abs(self._real_now() - int(timestamp)) <= signature.TOLERANCE_SECONDS

    async def _signed(self, request: Request, key: str, body: bytes) -> bool:
        message_id, timestamp, given = _signature_of(request)
        source = await self._db.read(find_source, key)
        return signature.verify(
            source.secrets if source else (),
            message_id=message_id,
            timestamp=timestamp,
            signature=given,
            body=body,
            real_now=self._real_now(),
        )


def _signature_of(request: Request) -> tuple[str, str, str]:
    """Id, time and signature, as they stand in the headers."""
    scope = request.scope
    return header(scope, b"webhook-id"), header(scope, b"webhook-timestamp"), header(scope, b"webhook-signature")


def find_source(tx: Transaction, key: str) -> Source | None:
    return tx.sources.get(key)


def _answer(handed_over: HandedOver) -> JSONResponse:
    content: dict[str, Any] = {
        "lead_id": handed_over.lead_id,
        "handoff_id": handed_over.handoff_id,
        "status": handed_over.status.value,
    }
    if handed_over.below:
        content["below"] = [{"criterion": one.criterion, "detail": one.sentence} for one in handed_over.below]
    return JSONResponse(content, status_code=HTTPStatus.OK if handed_over.seen else HTTPStatus.ACCEPTED)


def _later(detail: str, seconds: int) -> JSONResponse:
    return problem(503, f"{detail} Send it again.", headers={"Retry-After": str(seconds)})
