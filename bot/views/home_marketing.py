"""Home: rejects that wait for an answer, disputes that wait for a word, those one raised, and this week's counts."""

from __future__ import annotations

from bot.domain.dispute import About, DisputeState
from bot.services.answering_several import WaitingReject
from bot.services.dispute_forms import ANY
from bot.services.home_marketing import AnswerList, DisputeList, DisputeRow, MarketingNumbers
from bot.services.home_rows import HomeLists
from bot.views.blocks import Block, Element, actions, button, context, section
from bot.views.disputes import opinion_button, raise_button, rule_button, stands
from bot.views.due import REPLY, SETTLE, Shared, due_line, shared, shared_line
from bot.views.home_notes import note_fields
from bot.views.home_rows import short, title, turn_list
from bot.views.ids import ActionId
from bot.views.lead_lines import who
from bot.views.links import when
from bot.views.reject_answers import take_back
from bot.views.untrusted import Mrkdwn, join, mrkdwn, trusted


def to_answer(answers: AnswerList | None) -> list[Block]:
    """Rejects that wait for marketing's answer; nothing while none does."""
    if answers is None or not answers.rows:
        return []
    built = [title("Rejects to answer", answers, len(answers.rows))]
    common = shared([row.due for row in answers.rows if row.due is not None])
    said = shared_line(common)
    built += [context(said)] if said is not None else []
    for row in answers.rows:
        built += [section(_waiting(row, common)), actions(*_answers(row))]
    if answers.total > 1:
        built.append(actions(button("Answer several…", ActionId.REJECT_SEVERAL, "several")))
    return built + turn_list(HomeLists.ANSWERS, answers)


def to_settle(disputes: DisputeList) -> list[Block]:
    """Disputes that wait for this person's opinion or ruling; nothing while none does."""
    if not disputes.rows:
        return []
    built = [title("Disputes to settle", disputes, len(disputes.rows))]
    for row in disputes.rows:
        ruling = row.dispute.state is DisputeState.WITH_ARBITER
        act = rule_button(row.case_id) if ruling else opinion_button(row.case_id, style=False)
        built.append(section(_dispute(row), accessory=act))
    return built + turn_list(HomeLists.DISPUTES, disputes)


def raised(disputes: DisputeList, *, may_raise: bool) -> list[Block]:
    """What this person raised lately, and the way to raise a disagreement."""
    new = [actions(raise_button(ANY))] if may_raise else []
    if not disputes.rows:
        return new
    built = [title("Raised by me", disputes, len(disputes.rows))]
    for row in disputes.rows:
        undo: Element | None = take_back(row.case_id) if row.dispute.is_open else None
        built.append(section(_dispute(row, mine=True), accessory=undo))
    return built + turn_list(HomeLists.RAISED, disputes) + new


def waiting_words(answers: AnswerList | None, disputes: DisputeList) -> list[str]:
    """`2 rejects wait for your answer.`, `1 dispute waits for you.`, as far as there are any."""
    found = []
    count = answers.total if answers is not None else 0
    if count:
        found.append("1 reject waits for an answer." if count == 1 else f"{count} rejects wait for an answer.")
    if disputes.total:
        several = f"{disputes.total} disputes wait for you."
        found.append("1 dispute waits for you." if disputes.total == 1 else several)
    return found


def numbers_of_week(numbers: MarketingNumbers | None) -> list[Block]:
    """How marketing answered rejects and how disputes came out; nothing while nothing happened."""
    if numbers is None:
        return []
    fields = []
    answers, disputes = numbers.answers, numbers.disputes
    if answers.answered or answers.missed:
        answered = mrkdwn(
            "Rejects answered\n*{count}*, {in_time} in time", count=answers.answered, in_time=answers.in_time
        )
        fields += [answered, mrkdwn("Not answered in time\n*{count}*", count=answers.missed)]
    fields += note_fields(numbers.notes)
    if numbers.alerts.told:
        told = numbers.alerts
        said = mrkdwn("Campaign alerts told\n*{count}*, {in_time} in time", count=told.told, in_time=told.in_time)
        fields.append(said)
    if disputes is not None and (disputes.raised or disputes.upheld or disputes.overturned):
        decided = mrkdwn(
            "Disputes decided\n*{overturned}* overturned, {upheld} upheld",
            overturned=disputes.overturned,
            upheld=disputes.upheld,
        )
        fields += [mrkdwn("Disputes raised\n*{count}*", count=disputes.raised), decided]
    return [section(fields=fields)] if fields else []


def _waiting(row: WaitingReject, common: Shared) -> Mrkdwn:
    said = mrkdwn("*{reason}*, says {by}", reason=short(row.reason), by=short(row.rejected_by))
    lines = [who(row.name, None, row.company), said]
    if row.missed:
        lines.append(trusted("⌛ Not answered in time: it still waits for an answer"))
    elif row.due is not None:
        lines.append(due_line(row.due, REPLY, common))
    return join(lines)


def _answers(row: WaitingReject) -> list[Element]:
    found = []
    if row.can_fix:
        found.append(
            button("Fix and resend…", ActionId.REJECT_FIX, row.handoff_id, accessibility_label=f"Fix {row.name}")
        )
    agree = button("Accept the reason", ActionId.REJECT_AGREE, row.handoff_id,
                   accessibility_label=f"Accept why {row.name} was rejected")  # fmt: skip
    dispute = button("Dispute…", ActionId.REJECT_DISPUTE, row.handoff_id, accessibility_label=f"Dispute {row.name}")
    return [*found, agree, dispute]


def _dispute(row: DisputeRow, *, mine: bool = False) -> Mrkdwn:
    one = row.dispute
    first = who(one.name, None, one.company) if one.about is About.REJECT else mrkdwn("*{name}*", name=short(one.name))
    lines = [first]
    if one.about is About.REJECT and one.reason:
        lines.append(mrkdwn("{reason}, says {by}", reason=short(one.reason), by=short(one.rejected_by)))
    if not mine:
        lines.append(mrkdwn("Raised by {by}, {at}", by=short(one.raised_by), at=when(one.raised_at)))
    if mine or not one.is_open:
        lines.append(stands(one))
    if row.due is not None:
        lines.append(due_line(row.due, SETTLE))
    return join(lines)
