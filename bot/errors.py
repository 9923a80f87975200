"""Every error Lockstep raises on purpose.

LockstepError               the message is a sentence for the person it concerns
├── Refused                 a click or command that changes nothing, and why
│   ├── AlreadyDecided      somebody was first
│   ├── NotAllowed          beyond the person's rights
│   ├── PersonUnknown       Slack's flags are unknown or stale; asked for again
│   ├── OverCap             the person holds as many leads as they may
│   ├── TooLate             the moment for it has passed (Undo, an answered note)
│   └── NotFound            the lead or handoff is not there any more
├── FormError               input to mend, by field
├── ConfigError             settings or a configuration file to mend
├── StorageError
│   ├── StorageUnavailable  the database cannot be reached or is locked; try again
│   ├── SchemaOutdated      run `lockstep migrate`
│   └── Stale               the row changed since it was read
├── WebError                another system did not answer
└── ChatError               Slack
    ├── RetryLater          definitely not done; `after` seconds
    ├── OutcomeUnknown      may or may not be done
    └── Undeliverable       will never work as it is; `code` is Slack's
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime


class LockstepError(Exception):
    """The message is a sentence that can be shown to a person."""


class Refused(LockstepError):
    """Nothing was changed; the sentence says why."""


class AlreadyDecided(Refused):
    """Somebody was first. `by` is their name, `at` when, `status` what it became."""

    def __init__(self, sentence: str, *, status: str, by: str | None, at: datetime | None) -> None:
        super().__init__(sentence)
        self.status = status
        self.by = by
        self.at = at


class NotAllowed(Refused):
    """The person may not do this."""


class PersonUnknown(Refused):
    """Slack has not confirmed lately who `slack_id` is. Whoever catches it queues a refresh."""

    def __init__(self, slack_id: str) -> None:
        super().__init__("I do not know your Slack account yet. I am asking Slack now: please try again in a moment.")
        self.slack_id = slack_id


class OverCap(Refused):
    """The person holds as many leads as they may."""


class TooLate(Refused):
    """The moment for it has passed."""


class NotFound(Refused):
    """There is no such lead or handoff (any more)."""


WHOLE_FORM = ""
"""The field of a sentence about no single input: the form stays open with all that was typed, and says it at its first
input."""


class FormError(LockstepError):
    """Input to mend: `fields` maps a field's name, or WHOLE_FORM, to the sentence about it."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class ConfigError(LockstepError):
    """A setting or a configuration file needs mending."""


class StorageError(LockstepError):
    """The database."""


class StorageUnavailable(StorageError):
    """The database cannot be reached, is locked or full; nothing was stored."""


class SchemaOutdated(StorageError):
    """The database's schema is not this version's."""


class Stale(StorageError):
    """The row changed since it was read; the use case is run again."""


class ChatError(LockstepError):
    """Slack."""


class WebError(LockstepError):
    """No usable answer from another system: the sentence names the address and what happened."""


class RetryLater(ChatError):
    """Definitely not done. Try again after `after` seconds."""

    def __init__(self, sentence: str, *, after: float, whole_workspace: bool = False) -> None:
        super().__init__(sentence)
        self.after = after
        self.whole_workspace = whole_workspace


class AppRefused(RetryLater):
    """Slack refuses the app itself, whatever it says: nothing is lost, and nothing arrives until an admin mends its
    token or installation. `code` is Slack's error."""

    def __init__(self, sentence: str, *, code: str, after: float) -> None:
        super().__init__(sentence, after=after)
        self.code = code


class OutcomeUnknown(ChatError):
    """The request left and no clear answer came: it may or may not be done."""


class Undeliverable(ChatError):
    """It will never work as it is; `code` is Slack's error."""

    def __init__(self, sentence: str, *, code: str) -> None:
        super().__init__(sentence)
        self.code = code
