"""What going through the installation found, in a window for admins."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.findings import Finding, Verdict
from bot.views.blocks import TEXT_MAX, Block, View, context, modal, section
from bot.views.ids import CallbackId
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

MARKS = {Verdict.OK: trusted("✅"), Verdict.NOTE: trusted("ℹ️"), Verdict.FIX: trusted("⚠️")}
SENTENCE = 600
FINDINGS_SHOWN = 60


def check_view(findings: Sequence[Finding]) -> View:
    """What is to be fixed first, then what is to be noted, then what is well; of each in the order of going through."""
    order = list(Verdict)[::-1]
    ordered = sorted(findings, key=lambda one: order.index(one.verdict))[:FINDINGS_SHOWN]
    to_fix = sum(one.verdict is Verdict.FIX for one in findings)
    first = (
        mrkdwn("*{count} to fix*", count=to_fix) if to_fix else trusted("*Nothing to fix in what the teams decided*")
    )
    hidden = len(findings) - len(ordered)
    more = [context(mrkdwn("And {count} more: `lockstep check` lists all.", count=hidden))] if hidden else []
    rest = trusted(
        "Settings, tokens, scopes, clock and whether the channels are there need a look from the machine:"
        " `lockstep check`."
    )
    return modal(
        CallbackId.CHECK_VIEW, "Check", [section(first), *_sections(ordered), *more, context(rest)], close="Close"
    )


def _sections(findings: Sequence[Finding]) -> list[Block]:
    """As few sections as Slack's limit of a text allows."""
    built: list[Block] = []
    together: list[Mrkdwn] = []
    for line in map(_line, findings):
        if together and len(join([*together, line])) > TEXT_MAX:
            built.append(section(join(together)))
            together = []
        together.append(line)
    return [*built, section(join(together))] if together else built


def _line(finding: Finding) -> Mrkdwn:
    said = mrkdwn(
        "{mark} *{area}*  {says}",
        mark=MARKS[finding.verdict],
        area=finding.area.value.capitalize(),
        says=escape(finding.says, SENTENCE),
    )
    return mrkdwn("{said}\n→ {fix}", said=said, fix=escape(finding.fix, SENTENCE)) if finding.fix else said
