"""Where an accepted lead stands, in a line: on its card, on Home, in lists and reminders."""

from __future__ import annotations

from datetime import datetime

from bot.domain.lead import Stage
from bot.domain.local_time import spoken
from bot.domain.outcome import Attempt, Kind
from bot.services.due import DueShown
from bot.services.standing import Standing
from bot.views.blocks import Block, section
from bot.views.due import DoneBy, due_line
from bot.views.lead_lines import DOT
from bot.views.links import when
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

REASON = 100

KINDS = {
    Kind.ATTEMPT: "Attempt",
    Kind.CONTACTED: "Contacted",
    Kind.QUALIFIED: "Qualified",
    Kind.DISQUALIFIED: "Disqualified",
    Kind.GIVEN_BACK: "Given back",
    Kind.OPPORTUNITY: "Opportunity",
    Kind.WON: "Won",
    Kind.LOST: "Lost",
}
"""The word for each outcome, wherever it stands."""
ATTEMPTS = {
    Attempt.CALL: "call",
    Attempt.MAIL: "mail",
    Attempt.MEETING: "meeting",
    Attempt.NO_ANSWER: "no answer",
}
REACH = DoneBy(trusted("Try to reach them by"), trusted("try to reach them by"))
TRY_AGAIN = DoneBy(trusted("Try again by"), trusted("try again by"))


def standing_line(standing: Standing) -> Mrkdwn:
    """`2 of 3 attempts, last yesterday at 15:10, call`, `Qualified (SQL) …`, `Opportunity EUR 12,000, expected …`."""
    match standing.stage:
        case Stage.SQL:
            line = _at("Qualified (SQL)", standing.qualified_at)
        case Stage.OPPORTUNITY:
            line = _opportunity(standing)
        case Stage.WON:
            line = _over("Won", standing)
        case Stage.LOST:
            line = _over("Lost", standing)
        case _:
            line = _tried(standing)
    return mrkdwn("{line}, says the CRM", line=line) if standing.by_crm else line


def leaking_line(standing: Standing) -> Mrkdwn | None:
    """That nobody touched it in time; None where somebody did."""
    if standing.leaking_since is None:
        return None
    return mrkdwn("⚠️ *Leaking: nobody has tried to reach them.* It was due {at}", at=when(standing.leaking_since))


def stands(standing: Standing | None, due: DueShown | None) -> list[Block]:
    """On a card: where it stands, that it leaks, and until when to try."""
    return [] if standing is None else [section(join(standing_lines(standing, due)))]


def standing_lines(standing: Standing, due: DueShown | None = None) -> list[Mrkdwn]:
    """As stands, as lines."""
    leaking = leaking_line(standing)
    if leaking is not None:
        return [leaking]
    lines = [standing_line(standing)]
    if due is not None and due.due_at is not None:
        lines.append(due_line(due, TRY_AGAIN if standing.attempts else REACH))
    return lines


def _tried(standing: Standing) -> Mrkdwn:
    parts = []
    if standing.contacted_at is not None:
        parts.append(_at("Contacted", standing.contacted_at))
    if standing.attempts:
        parts.append(_attempts(standing))
    return join(parts, DOT) if parts else trusted("No attempt to reach them yet")


def _attempts(standing: Standing) -> Mrkdwn:
    count = (
        mrkdwn("*{tried} of {agreed} attempts*", tried=standing.attempts, agreed=standing.attempts_agreed)
        if standing.attempts <= standing.attempts_agreed
        else mrkdwn("*{tried} attempts*", tried=standing.attempts)
    )
    if standing.last_attempt_at is None or standing.last_attempt is None:
        return count
    how = ATTEMPTS[standing.last_attempt]
    return mrkdwn("{count}, last {at}, {how}", count=count, at=when(standing.last_attempt_at), how=how)


def _opportunity(standing: Standing) -> Mrkdwn:
    line = trusted("*Opportunity*")
    if standing.amount:
        line = mrkdwn("*Opportunity {amount}*", amount=escape(standing.amount, REASON))
    if standing.expected_close is not None:
        line = mrkdwn("{line}, expected {day}", line=line, day=spoken(standing.expected_close))
    return line


def _over(word: str, standing: Standing) -> Mrkdwn:
    line = _at(word, standing.ended_at)
    said = [standing.reason, standing.amount if standing.stage is Stage.WON else None]
    details = [escape(one, REASON) for one in said if one]
    if details:
        line = mrkdwn("{line}: {details}", line=line, details=join(details, ", "))
    if standing.come_back_on is not None:
        line = mrkdwn("{line}; comes back {day}", line=line, day=spoken(standing.come_back_on))
    return line


def _at(word: str, at: datetime | None) -> Mrkdwn:
    return mrkdwn("*{word}*", word=word) if at is None else mrkdwn("*{word}* {at}", word=word, at=when(at))
