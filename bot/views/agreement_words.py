"""The words in which the agreement is shown: where a version stands, who signed it, what was answered."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.agreement_data import SECTIONS
from bot.domain.person import Side
from bot.domain.signing import State
from bot.services.agreement_news import AgreementNotice, Said, Signed
from bot.views.links import when
from bot.views.untrusted import Mrkdwn, escape, mrkdwn, quote, trusted

NAME, TITLES, REPLY = 60, 400, 600
SIDE = {Side.SALES: "sales", Side.MARKETING: "marketing"}
STATE = {
    State.PROPOSED: "proposed",
    State.SIGNED: "signed by both sides",
    State.IN_FORCE: "in force",
    State.SUSPENDED: "suspended",
    State.ENDED: "ended",
    State.WITHDRAWN: "withdrawn",
    State.REPLACED: "replaced by a later version",
}


def standing_line(notice: AgreementNotice) -> Mrkdwn:
    """Where it stands, in a sentence."""
    match notice.state:
        case State.PROPOSED:
            start = (
                mrkdwn("in force from {at} once both sides have signed", at=when(notice.from_at))
                if notice.from_at > notice.now
                else trusted("in force as soon as both sides have signed")
            )
            by = escape(notice.proposed_by, NAME)
            return mrkdwn("Proposed by {name} {at}; {start}.", name=by, at=when(notice.proposed_at), start=start)
        case State.SIGNED if notice.in_force_at is not None:
            return mrkdwn("Signed by both sides; in force from {at}.", at=when(notice.in_force_at))
        case State.IN_FORCE if notice.in_force_at is not None:
            return mrkdwn("Signed by both sides, and in force since {at}.", at=when(notice.in_force_at))
        case State.SUSPENDED:
            return trusted("Suspended: the clock shows, and nothing escalates, until it is resumed.")
        case _:
            at = mrkdwn(" {at}", at=when(notice.ended_at)) if notice.ended_at else trusted("")
            return mrkdwn("{state}{at}.", state=STATE[notice.state].capitalize(), at=at)


def signature_lines(notice: AgreementNotice) -> list[Mrkdwn]:
    """A line for each side."""
    lines = [signed_line(one) for one in notice.signed]
    if notice.state is State.PROPOSED:
        lines += [mrkdwn("○  {side}: nobody has signed yet", side=SIDE[side].capitalize()) for side in notice.missing]
    return lines


def signed_line(one: Signed) -> Mrkdwn:
    for_whom = mrkdwn(" for {name}", name=escape(one.for_name, NAME)) if one.for_name else trusted("")
    return mrkdwn(
        "✓  {side}: {name}{for_whom}, {at}",
        side=SIDE[one.side].capitalize(), name=escape(one.name, NAME), for_whom=for_whom, at=when(one.at),
    )  # fmt: skip


def reply_lines(replies: Sequence[Said]) -> list[Mrkdwn]:
    """What was answered, the latest last."""
    lines = []
    for one in replies:
        name = escape(one.name, NAME)
        if one.counter_version is not None:
            lines.append(
                mrkdwn("*{name}* proposed version {version} in its place.", name=name, version=one.counter_version)
            )
        else:
            lines.append(mrkdwn("*{name}* answered:\n{text}", name=name, text=quote(one.text, REPLY)))
    return lines


def defaults_line(defaults: Sequence[str]) -> Mrkdwn:
    """Which sections nobody has worked on yet."""
    return mrkdwn("⚑  As shipped: {titles}.", titles=escape(", ".join(SECTIONS[key] for key in defaults), TITLES))


def fitting(lines: Sequence[Mrkdwn], room: int) -> tuple[list[Mrkdwn], int]:
    """As many lines as fit into `room` characters, and how many do not."""
    shown: list[Mrkdwn] = []
    used = 0
    for number, line in enumerate(lines):
        used += len(line) + 1
        if used > room:
            return shown, len(lines) - number
        shown.append(line)
    return shown, 0
