"""What is wrong with the reasons to reject as somebody wrote them: the same for the file and for the form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

from bot.domain.reasons import FollowUp, Reason, Then

LABEL_MAX = 75
"""Characters of an option in Slack."""
QUESTION_MAX = 150
MOST = 100
"""Options of one menu in Slack."""
_CODE = re.compile(r"[a-z0-9_]{1,60}")

ASKS = {
    Then.RECYCLE: (FollowUp.DATE,),
    Then.REROUTE: (FollowUp.PERSON,),
    Then.MERGE: (FollowUp.LEAD,),
    Then.CLOSE: (FollowUp.NONE, FollowUp.TEXT, FollowUp.CRITERION),
    Then.MARKETING: (FollowUp.NONE, FollowUp.TEXT, FollowUp.CRITERION),
}
"""What may be asked where this follows: a lead cannot come back on a day that nobody named."""
_MUST = frozenset({Then.RECYCLE, Then.MERGE})


def check_reason(reason: Reason) -> dict[str, str]:
    """By field (code, label, ask, question, required) what is wrong, as the rest of a sentence; empty when nothing."""
    found: dict[str, str] = {}
    if not _CODE.fullmatch(reason.code):
        found["code"] = "must be 1 to 60 of a to z, 0 to 9 and _"
    if not reason.label.strip():
        found["label"] = "is missing"
    elif len(reason.label) > LABEL_MAX:
        found["label"] = f"has {len(reason.label)} characters; at most {LABEL_MAX} fit"
    asks = ASKS[reason.then]
    if reason.ask not in asks:
        found["ask"] = f"must be {' or '.join(asks)} where {reason.then} follows"
    elif reason.then in _MUST and not reason.required:
        found["required"] = f"must be true where {reason.then} follows: without the answer it cannot be done"
    if reason.ask is not FollowUp.NONE and not reason.question.strip():
        found["question"] = f"is missing: what does the rep read above the {reason.ask}"
    elif len(reason.question) > QUESTION_MAX:
        found["question"] = f"has {len(reason.question)} characters; at most {QUESTION_MAX} fit"
    return found


def check_reasons(reasons: Sequence[Reason]) -> list[str]:
    """What is wrong with all of them together, a sentence each."""
    if not reasons:
        return ["there must be at least one reason: without it nobody could reject a lead"]
    found = [f"there are {len(reasons)}; at most {MOST} fit"] if len(reasons) > MOST else []
    codes = [reason.code for reason in reasons]
    labels = [reason.label.casefold() for reason in reasons]
    found += [f"code {code} is there twice" for code in sorted({code for code in codes if codes.count(code) > 1})]
    found += [
        f"label {reason.label} is there twice"
        for number, reason in enumerate(reasons)
        if reason.label.casefold() in labels[:number]
    ]
    return found


def code_for(label: str, taken: Collection[str]) -> str:
    """A code made of the label that is not among `taken`: numbers of different reasons are never added up."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:50].strip("_") or "reason"
    number, code = 1, stem
    while code in taken:
        number += 1
        code = f"{stem}_{number}"
    return code
