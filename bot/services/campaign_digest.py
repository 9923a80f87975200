"""What the digest of campaigns says: which start, run and ended, what came of them, and what is not answered."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services.digest_frame import Frame
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignDigest:
    """How many campaigns start, run, and ended in the period; `questions`: without an answer."""

    frame: Frame
    starting: int
    running: int
    ended: int
    questions: int

    @property
    def is_empty(self) -> bool:
        return not (self.starting or self.running or self.ended or self.questions)


def load_campaigns(tx: Transaction, frame: Frame) -> CampaignDigest:
    """What is known of the campaigns of the period."""
    return CampaignDigest(frame=frame, starting=0, running=0, ended=0, questions=0)
