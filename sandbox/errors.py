"""What can go wrong, and how it is told."""

from typing import Any


class SlackError(Exception):
    """A refusal in Slack's own words: becomes ``{"ok": false, "error": code, …}`` with HTTP 200."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra

    def answer(self) -> dict[str, Any]:
        return {"ok": False, "error": self.code, **self.extra}


class CannotDo(Exception):
    """An automation request that makes no sense: becomes HTTP 400 with this sentence."""

    def __init__(self, sentence: str, **extra: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.extra = extra

    def answer(self) -> dict[str, Any]:
        return {"error": self.sentence, **self.extra}


class IncompleteForm(CannotDo):
    """A form with required fields left empty: Slack's own client refuses it, and nothing is sent."""
