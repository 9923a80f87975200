"""Misbehaviour on request: what Slack and the network do to an app on a bad day."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from sandbox.errors import CannotDo

CALL_KINDS = frozenset({"rate_limit", "http_500", "hang", "cut_before", "cut_after_accept", "error"})
DELIVERY_KINDS = frozenset({"deliver_twice", "lose_ack"})
STANDING_KINDS = frozenset({"hide_history"})
SOCKET_KINDS = frozenset({"drop_socket", "disconnect", "half_open"})
KINDS = CALL_KINDS | DELIVERY_KINDS | STANDING_KINDS | SOCKET_KINDS
REASONS = ("warning", "refresh_requested", "link_disabled", "too_many_websockets")


@dataclass
class Fault:
    """One rule. `times` counts down with each use; None holds until cleared.

    `method` is a Web API method, or ``response_url``, or None for any; `type` a kind of delivery
    (``block_actions``, ``view_submission``, ``slash_commands``, ``events_api`` …) or None for any.
    """

    kind: str
    method: str | None = None
    channel: str | None = None
    type: str | None = None
    times: int | None = 1
    retry_after: int = 1
    status: int = 500
    seconds: float = 1.0
    effect: bool = True
    error: str = "internal_error"
    reason: str = "refresh_requested"
    since: float = 0.0
    """When it came into force, by the sandbox's clock."""


class Faults:
    """The rules in force, oldest first; the first that matches is used."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []

    def add(self, rule: dict[str, Any], now: float) -> Fault:
        """Put a rule in force; raises CannotDo with a sentence when it is none."""
        known = {field.name for field in fields(Fault)} - {"since"}
        if rule.get("kind") not in KINDS:
            raise CannotDo(f"Unknown fault 'kind' {rule.get('kind')!r}; known are {', '.join(sorted(KINDS))}.")
        if unknown := set(rule) - known:
            raise CannotDo(f"Unknown field {sorted(unknown)[0]!r} of a fault; known are {', '.join(sorted(known))}.")
        if rule.get("reason", REASONS[0]) not in REASONS:
            raise CannotDo(f"Unknown 'reason' {rule['reason']!r}; known are {', '.join(REASONS)}.")
        if rule["kind"] in STANDING_KINDS:
            rule = {"times": None, **rule}
        fault = Fault(**rule, since=now)
        if fault.kind not in SOCKET_KINDS:
            self._rules.append(fault)
        return fault

    def clear(self) -> None:
        self._rules.clear()

    def listed(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self._rules]

    def for_call(self, method: str, channel: str | None) -> Fault | None:
        """The rule that this call meets, used up by one."""
        for fault in self._rules:
            if fault.kind in CALL_KINDS and fault.method in (None, method) and fault.channel in (None, channel):
                return self._use(fault)
        return None

    def for_delivery(self, kind: str, delivery_type: str) -> bool:
        """Whether a rule of this kind meets this delivery, used up by one."""
        for fault in self._rules:
            if fault.kind == kind and fault.type in (None, delivery_type):
                self._use(fault)
                return True
        return False

    def hidden_since(self, channel: str) -> float | None:
        """The instant from which on posts in this channel are kept out of its history, if any."""
        hiding = [rule.since for rule in self._rules if rule.kind == "hide_history" and rule.channel in (None, channel)]
        return min(hiding, default=None)

    def _use(self, fault: Fault) -> Fault:
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self._rules.remove(fault)
        return fault
