"""What `/metrics` tells, in Prometheus's words. A registry of our own: two Locksteps in one process do not mix."""

from __future__ import annotations

import math

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.domain.post import OutboxStatus
from bot.services.condition import Condition

ACK_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""Slack waits three seconds."""


class Metrics:
    """Counted as it happens; the gauges are set from the database when somebody asks."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._acks = Histogram(
            "lockstep_ack_seconds", "Time until Slack's payload was acknowledged.", ["kind"], buckets=ACK_BUCKETS_S,
            registry=self.registry,
        )  # fmt: skip
        self._webhooks = Counter(
            "lockstep_webhook_deliveries", "Deliveries to the lead webhook.", ["status"], registry=self.registry
        )
        self._deliveries = Counter(
            "lockstep_outbox_deliveries", "Attempts to carry out an outbox row.", ["kind", "outcome"],
            registry=self.registry,
        )  # fmt: skip
        self._ticks = Counter("lockstep_ticks", "Runs of a job.", ["job"], registry=self.registry)
        self._outbox = Gauge("lockstep_outbox_rows", "Outbox rows not sent.", ["status"], registry=self.registry)
        self._oldest = Gauge(
            "lockstep_outbox_oldest_due_seconds", "How long the longest waiting due row has waited.",
            registry=self.registry,
        )  # fmt: skip
        self._leads = Gauge("lockstep_leads", "Leads under way.", ["status"], registry=self.registry)
        self._lag = Gauge(
            "lockstep_timers_lag_seconds", "How long the longest overdue timer is overdue.", registry=self.registry
        )
        self._connected = Gauge(
            "lockstep_slack_connected", "1 while Socket Mode is connected; by HTTP, while Slack answers us.",
            registry=self.registry,
        )  # fmt: skip
        self._database = Gauge("lockstep_database_up", "1 while the database answers.", registry=self.registry)

    def acknowledged(self, kind: str, seconds: float) -> None:
        """A payload of Slack's was answered."""
        self._acks.labels(kind).observe(seconds)

    def webhook_answered(self, status: int) -> None:
        self._webhooks.labels(str(status)).inc()

    def delivered(self, kind: str, outcome: str) -> None:
        """An attempt at an outbox row ended: `done`, `later`, `unknown`, `undeliverable` or `failed`."""
        self._deliveries.labels(kind, outcome).inc()

    def ticked(self, job: str) -> None:
        self._ticks.labels(job).inc()

    def show(self, now: Condition | None, *, connected: bool) -> bytes:
        """The whole page. Without `now`, when the database does not answer, what only it knows is not a number."""
        self._database.set(now is not None)
        for status in OutboxStatus:
            if status is not OutboxStatus.SENT:
                self._outbox.labels(status.value).set(now.outbox.get(status.value, 0) if now else math.nan)
        for name in ("offered", "accepted"):
            self._leads.labels(name).set(now.leads.get(name, 0) if now else math.nan)
        self._oldest.set(now.oldest_due_s if now else math.nan)
        self._lag.set(now.timers_lag_s if now else math.nan)
        self._connected.set(connected)
        return generate_latest(self.registry)
