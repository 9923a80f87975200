"""Reads the reasons of an agreement, and holds them to what each must ask for what it does."""

from __future__ import annotations

import re

from bot.domain.agreement_data import Data
from bot.domain.agreement_values import Values
from bot.domain.reasons import FollowUp, Reason, Then, WinReason

LONGEST_LABEL = 75
"""Characters Slack shows of an option: https://docs.slack.dev/reference/block-kit/composition-objects/option-object"""
LONGEST_QUESTION = 200
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NEEDS = {Then.RECYCLE: FollowUp.DATE, Then.MERGE: FollowUp.LEAD}
_MAY = {
    "reject": frozenset(Then),
    "disqualify": frozenset({Then.RECYCLE, Then.CLOSE, Then.MARKETING}),
    "loss": frozenset({Then.RECYCLE, Then.CLOSE, Then.MARKETING}),
}
_KEYS = ("code", "label", "then", "ask", "question", "required", "counts_against_marketing")


def read_reasons(values: Values, data: Data, kind: str) -> tuple[Reason, ...]:
    """The reasons to `kind` (reject, disqualify, loss) in `data`; mistakes are kept in `values`."""
    keys = (*_KEYS, "unreached") if kind == "disqualify" else _KEYS
    rows = values.rows(data, kind, "reasons", keys)
    found = tuple(_reason(values, row, where, kind) for row, where in rows)
    values.once([each.code for each in found], f"reasons.{kind}", "code")
    values.once([each.label for each in found], f"reasons.{kind}", "label")
    if not found:
        values.say(f"reasons.{kind}", "there must be at least one reason")
    elif kind == "disqualify" and all(each.unreached for each in found):
        values.say(f"reasons.{kind}", "all are for leads nobody reached; add one for after contact, unreached = false")
    return found


def read_win_reasons(values: Values, data: Data) -> tuple[WinReason, ...]:
    """The reasons a deal was won; mistakes are kept in `values`."""
    rows = values.rows(data, "win", "reasons", ("code", "label"))
    found = tuple(WinReason(code=_code(values, row, where), label=_label(values, row, where)) for row, where in rows)
    values.once([each.code for each in found], "reasons.win", "code")
    if not found:
        values.say("reasons.win", "there must be at least one reason")
    return found


def _reason(values: Values, row: Data, where: str, kind: str) -> Reason:
    then = values.one_of(row, "then", where, Then, Then.MARKETING)
    ask = values.one_of({"ask": FollowUp.NONE.value} | row, "ask", where, FollowUp, FollowUp.NONE)
    reason = Reason(
        code=_code(values, row, where),
        label=_label(values, row, where),
        then=then,
        ask=ask,
        question=values.text(row, "question", where, required=ask is not FollowUp.NONE, longest=LONGEST_QUESTION),
        required=values.flag(row, "required", where, default=False),
        counts_against_marketing=values.flag(row, "counts_against_marketing", where, default=True),
        unreached=values.flag(row, "unreached", where, default=False),
    )
    if then not in _MAY[kind]:
        some = ", ".join(sorted(each.value for each in _MAY[kind]))
        values.say(f"{where}.then", f"“{then.value}” is for leads that nobody works yet; write one of {some}")
    elif then in _NEEDS and ask is not _NEEDS[then]:
        values.say(f"{where}.ask", f'“{then.value}” needs to know more; write ask = "{_NEEDS[then].value}"')
    if ask in (FollowUp.PERSON, FollowUp.LEAD) and kind != "reject":
        values.say(f"{where}.ask", f"“{ask.value}” can be asked when a lead is rejected; write date, criterion or text")
    if then is Then.REROUTE and reason.counts_against_marketing:
        values.say(
            f"{where}.counts_against_marketing",
            "a lead that only went to the wrong person counts against nobody; write false",
        )
    if reason.required and ask is FollowUp.NONE:
        values.say(f"{where}.required", "there is nothing to answer; say what it asks, or leave this out")
    return reason


def _code(values: Values, row: Data, where: str) -> str:
    code = values.text(row, "code", where)
    if not _CODE.fullmatch(code):
        values.say(f"{where}.code", f"“{code}” is no code; write small letters, digits and _, such as bad_timing")
    return code


def _label(values: Values, row: Data, where: str) -> str:
    return values.text(row, "label", where, required=True, longest=LONGEST_LABEL)
