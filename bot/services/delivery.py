"""The outbox's questions to the present state: what does this post say now, and what when it cannot be said."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.post import OutboxKind, OutboxRow, Post, Subject
from bot.errors import AppRefused, Undeliverable
from bot.services import briefs, posting, waiting
from bot.services.agreement_news import AgreementNotice, load_agreement_notice
from bot.services.alert_news import AlertNotice, load_alert_notice
from bot.services.alert_question_messages import QuestionShown, load_question
from bot.services.at_risk_list import AtRiskList, load_at_risk
from bot.services.brief_content import BriefShown, load_brief
from bot.services.campaign_alert_shown import CampaignAlertShown, load_campaign_alert
from bot.services.cards import Card, load_card
from bot.services.digests import DigestShown, load_digest
from bot.services.dispute_messages import CaseShown, load_case
from bot.services.floods import Summary, load_summary
from bot.services.milestones import MilestoneShown, load_milestone
from bot.services.note_told import NoteNotice, load_note_notice
from bot.services.notices import (
    Alert,
    Erased,
    RejectNotice,
    TouchNotice,
    load_alert,
    load_reject_notice,
    load_touch_notice,
)  # fmt: skip
from bot.services.reminder_kinds import Reminder, load_reminder
from bot.services.welcome import Welcome, load_welcome
from storage.transaction import Transaction

Said = (
    Card | RejectNotice | TouchNotice | Alert | Summary | BriefShown | Erased | Welcome | Reminder | AtRiskList
    | CaseShown | AgreementNotice | NoteNotice | MilestoneShown | DigestShown | QuestionShown
    | CampaignAlertShown | AlertNotice
)  # fmt: skip


LOADS: Mapping[Subject, Callable[[Transaction, Post], Said | None]] = {
    Subject.HANDOFF: load_card,
    Subject.REJECT_NOTICE: load_reject_notice,
    Subject.TOUCH_NOTICE: load_touch_notice,
    Subject.WELCOME: load_welcome,
    Subject.ALERT: lambda _tx, post: load_alert(post),
    Subject.SUMMARY: load_summary,
    Subject.BRIEF: load_brief,
    Subject.REMINDER: load_reminder,
    Subject.DISPUTE: load_case,
    Subject.AT_RISK: load_at_risk,
    Subject.MILESTONE: load_milestone,
    Subject.AGREEMENT: load_agreement_notice,
    Subject.NOTE_NOTICE: load_note_notice,
    Subject.CAMPAIGN_ALERT: load_campaign_alert,
    Subject.CAMPAIGN_NOTICE: load_alert_notice,
    Subject.QUESTION: load_question,
    Subject.DIGEST: load_digest,
}
"""What a post about each kind of subject says now; None: nothing any more."""


def what_to_say(tx: Transaction, post_id: str) -> tuple[Post, Said] | None:
    """The post and what it shows at this moment; None when there is nothing to show (any more)."""
    post = tx.posts.get(post_id)
    if post is None or post.gone is not None or post.listed_in is not None:
        return None
    lead = tx.leads.get(post.lead_id) if post.lead_id else None
    if lead is not None and lead.erased_at is not None:
        # What was never shown stays so.
        return None if post.ts is None else (post, Erased(erased_at=lead.erased_at))
    load = LOADS.get(post.subject)
    said = load(tx, post) if load is not None else None
    return None if said is None else (post, said)


def undeliverable(tx: Transaction, row: OutboxRow, error: Undeliverable) -> None:
    """Slack does not take this as it is. What can be mended waits for that; the rest is gone.

    The admin is told what to do, once a day for each place and cause, in a message that counts what waits there.
    Trouble with the admin's own message is only recorded.
    """
    post = tx.posts.get(row.subject_id) if row.kind is OutboxKind.SYNC_POST else None
    if post is not None and post.subject is Subject.BRIEF and briefs.come_home(tx, post):
        tx.posts.gone(post.id, error.code)
        return
    waits = post is not None and post.subject is not Subject.ALERT and error.code in waiting.MENDABLE
    if post is not None:
        tx.posts.gone(post.id, error.code, waits=waits)
        if not waits:
            posting.thread_goes_on(tx, post.id)
    place = _place(row)
    tx.events.add(
        "delivery.failed",
        lead_id=post.lead_id if post else None,
        data={"place": place, "kind": row.kind.value, "code": error.code},
    )
    if post is not None and post.subject is Subject.ALERT:
        return
    text = f"{_where(tx, row)}: {error}{_what(tx, post)}"
    if waits:
        text += _how_many_wait(tx.posts.count_waiting_at(place))
    key = f"{place}:{error.code}:{tx.now:%Y-%m-%d}"
    if tx.seen.first_time("alert", key):
        alert = posting.alert(tx, "Slack refuses a message", text)
        if alert is not None:
            tx.seen.remember("alert", key, {"post": alert.id})
    elif waits:
        _say_instead(tx, key, text)


def _say_instead(tx: Transaction, key: str, text: str) -> None:
    """Today's alert says `text` from now on, where it stands: nobody is told twice."""
    alert = tx.posts.get((tx.seen.answer_of("alert", key) or {}).get("post", ""))
    if alert is not None and alert.data.get("text") != text:
        tx.posts.save_data(alert.id, alert.data | {"text": text})
        posting.sync(tx, alert)


def _how_many_wait(count: int) -> str:
    what = "One message waits" if count == 1 else f"{count} messages wait"
    return f" {what} there, and Lockstep tries again every hour."


def app_refused(tx: Transaction, row: OutboxRow, error: AppRefused) -> None:
    """Slack refuses the app itself. The row waits; the admin is told once a day, as soon as anything arrives again."""
    if tx.seen.first_time("alert", f"app:{error.code}:{tx.now:%Y-%m-%d}"):
        tx.events.add("delivery.refused", data={"place": _place(row), "kind": row.kind.value, "code": error.code})
        posting.alert(tx, "Slack refuses Lockstep", f"{error} Nothing is lost: what was to be said waits until then.")


def _where(tx: Transaction, row: OutboxRow) -> str:
    match row.kind:
        case OutboxKind.REFRESH_PERSON | OutboxKind.REFRESH_PEOPLE:
            return "Asking Slack who is who"
        case OutboxKind.SYNC_HOME:
            person = tx.people.get(row.subject_id)
            return f"On the Home of {person.name}" if person else "On a Home"
        case OutboxKind.SYNC_POST:
            person = tx.people.by_slack_id(_place(row))
            return f"In the direct message of {person.name}" if person else f"In channel {_place(row)}"
        case OutboxKind.ANNOUNCE:
            return f"Telling {row.subject_id.partition('@')[2]}"


def _place(row: OutboxRow) -> str:
    return row.lane.removesuffix(posting.UPDATES)


def _what(tx: Transaction, post: Post | None) -> str:
    if post is None or post.subject is not Subject.HANDOFF or post.lead_id is None:
        return ""
    lead = tx.leads.get(post.lead_id)
    # Named nowhere: an alert outlives the lead's data.
    return " The card of a lead is not shown there; a manager can reassign it from Home." if lead else ""
