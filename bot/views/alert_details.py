"""All of a campaign alert in a window: itself, its questions, who has read it. Nothing is cut: what is long goes on,
and what does not fit into one window is on its next page."""

from __future__ import annotations

from bot.domain.campaign_alert import CHANGED, AlertState
from bot.services.alert_details import AlertDetails, QuestionLine, Readers, Tab
from bot.views.agreement_pages import page_of
from bot.views.alert_questions import answer_button, whole_text
from bot.views.alert_talk import ask_button, feedback_button, got_it, got_it_button, leads, waiting
from bot.views.alert_talk_ids import TalkAction, TalkCallback, details_value
from bot.views.blocks import Block, Element, View, actions, button, context, modal, section
from bot.views.campaign_alert import asset_line
from bot.views.campaign_alert_ids import AlertAction
from bot.views.campaign_notice import decision_buttons, owner_buttons
from bot.views.lead_lines import DOT
from bot.views.links import message_link, when
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, quote, split, trusted

NAME, CAMPAIGN = 60, 200
PIECE = 2800
WHOLE = 60_000
NAMES_IN_SECTION = 10
STATE = {
    AlertState.DRAFT: trusted("Draft"),
    AlertState.PROPOSED: trusted("Waits for approval"),
    AlertState.SCHEDULED: trusted("To come"),
    AlertState.LIVE: trusted("Live"),
    AlertState.ENDED: trusted("Ended"),
    AlertState.WITHDRAWN: trusted("Withdrawn"),
}
"""Where an alert stands, in the words of lists and windows."""


def alert_details_view(details: AlertDetails, *, question_id: str | None = None) -> View:
    """One part of the alert at one page, and what its reader can do with it. Of its questions that page on which
    `question_id` stands, where it is named."""
    if details.tab is Tab.READERS:
        body, number, pages = _readers(details.readers), details.page, details.reader_pages
    else:
        found = _campaign(details) if details.tab is Tab.CAMPAIGN else _questions(details)
        before = _until(details, question_id)
        page = page_of(found, page_of(before, len(before)).number if before else details.page)
        body, number, pages = list(page.blocks), page.number, page.count
    blocks = [*_head(details), actions(*_tabs(details)), *body, *_turn(details, number, pages)]
    if foot := [*_own(details), *_of_marketing(details)]:
        blocks.append(actions(*foot))
    return modal(TalkCallback.DETAILS_VIEW, "Campaign alert", blocks, close="Close")


def span(starts: Mrkdwn, ends: Mrkdwn | None) -> Mrkdwn:
    if ends is None:
        return mrkdwn("from {starts} on", starts=starts)
    return mrkdwn("{starts} to {ends}", starts=starts, ends=ends)


def _head(details: AlertDetails) -> list[Block]:
    alert = details.alert
    name = mrkdwn("*{name}*", name=escape(alert.campaign, CAMPAIGN))
    ends = when(alert.ends_at) if alert.ends_at is not None else None
    line = join(
        [STATE[alert.state], span(when(alert.starts_at), ends), mrkdwn("by {owner}", owner=escape(alert.owner, NAME))],
        DOT,
    )
    lines = [name, line]
    if details.is_told:
        counted = [got_it(details.talk.got_it), *([waiting(details.talk.waiting)] if details.talk.waiting else [])]
        lines.append(join(counted, DOT))
    blocks: list[Block] = [section(join(lines))]
    facts: list[Mrkdwn] = []
    if details.approved_by is not None:
        facts.append(mrkdwn("Approved by {name}", name=escape(details.approved_by, NAME)))
    if details.told_at is not None:
        late = trusted(", later than agreed") if details.late_s is not None else trusted("")
        facts.append(mrkdwn("Sales was told {at}{late}", at=when(details.told_at), late=late))
    link = message_link(details.link, "Where it stands in Slack") if details.link else None
    if link is not None:
        facts.append(link)
    if facts:
        blocks.append(context(join(facts, DOT)))
    return blocks


def _tabs(details: AlertDetails) -> list[Element]:
    alert_id = details.alert.alert_id
    found = [
        (Tab.CAMPAIGN, "Campaign", TalkAction.TAB_CAMPAIGN),
        (Tab.QUESTIONS, f"Questions · {details.questions_total}", TalkAction.TAB_QUESTIONS),
    ]
    if details.may_see_names:
        found.append((Tab.READERS, "Who got it", TalkAction.TAB_READERS))
    return [
        button(label, action, details_value(alert_id, tab), style="primary" if tab is details.tab else None)
        for tab, label, action in found
    ]


def _campaign(details: AlertDetails) -> list[Block]:
    """Everything it says, in the order of its form."""
    alert = details.alert
    blocks: list[Block] = []
    if details.sent_back:
        by = f"Sent back by {details.sent_back_by}" if details.sent_back_by is not None else "Sent back"
        blocks += _words(by, details.sent_back)
    if alert.withdrawn:
        blocks += _words("Why it was withdrawn", alert.withdrawn)
    if alert.changed and alert.changed_at is not None:
        what = ", ".join(CHANGED[one] for one in alert.changed if one in CHANGED)
        blocks.append(context(mrkdwn("Changed {at}: {what}", at=when(alert.changed_at), what=what)))
    offer = "The offer, new: not one the teams agreed on" if alert.offer_is_new else "The offer"
    for label, text in (
        (offer, alert.offer),
        ("What the buyer will see", alert.buyer_sees),
        ("Audience", alert.audience),
        ("Segment", alert.segment),
        ("What a lead looks like", alert.lead_looks_like),
    ):
        if text:
            blocks += _words(label, text)
    numbers: list[Mrkdwn] = []
    if alert.expected_volume is not None:
        numbers.append(mrkdwn("*Leads expected*  {count}", count=alert.expected_volume))
    if alert.cost:
        numbers.append(mrkdwn("*Cost*  {cost}", cost=alert.cost))
    if alert.campaign_key:
        numbers.append(mrkdwn("*Leads name it as*  {key}", key=escape(alert.campaign_key, CAMPAIGN)))
    if numbers:
        blocks.append(section(join(numbers)))
    if alert.assets:
        lines = [asset_line(one) for one in alert.assets]
        blocks += [section(piece) for piece in split(join([trusted("*Links and assets*"), *lines]), PIECE)]
    if details.is_told:
        blocks.append(section(leads(details.talk.leads)))
    return blocks


def _words(label: str, text: str) -> list[Block]:
    first, *rest = split(escape(text, WHOLE, multiline=True), PIECE)
    return [section(join([mrkdwn("*{label}*", label=label), first])), *(section(piece) for piece in rest)]


def _questions(details: AlertDetails) -> list[Block]:
    if not details.questions:
        return [section(trusted("Nobody has asked anything yet."))]
    blocks = [block for one in details.questions for block in _question(one, may_answer=details.may_answer)]
    if details.questions_total > len(details.questions):
        shown = mrkdwn(
            "The first {shown} of {total}.", shown=len(details.questions), total=details.questions_total
        )  # fmt: skip
        blocks.append(context(shown))
    return blocks


def _until(details: AlertDetails, question_id: str | None) -> list[Block]:
    """The questions before this one, and where it begins; nothing for one that is not here."""
    before: list[Block] = []
    for one in details.questions:
        blocks = _question(one, may_answer=details.may_answer)
        if one.question_id == question_id:
            return [*before, blocks[0]]
        before += blocks
    return []


def _question(one: QuestionLine, *, may_answer: bool) -> list[Block]:
    asked = trusted("Expected")
    if one.asked_by is not None:
        asked = mrkdwn("{name} asked {at}", name=escape(one.asked_by, NAME), at=when(one.asked_at))
        if one.expected:
            asked = mrkdwn("{asked}. It stands on the alert", asked=asked)
    first, *rest = whole_text(one.text)
    button_of = None
    if may_answer and one.asked_by is not None:
        button_of = answer_button(one.question_id)
        if one.answer is not None:
            button_of = button("Change…", TalkAction.ANSWER, one.question_id)
    blocks = [section(join([mrkdwn("❓ {asked}", asked=asked), first]), accessory=button_of)]
    blocks += [section(piece) for piece in rest]
    if one.answer:
        by = trusted("")
        if one.answered_by is not None and one.answered_at is not None:
            by = mrkdwn("{name}, {at}\n", name=escape(one.answered_by, NAME), at=when(one.answered_at))
        pieces = split(quote(one.answer, WHOLE), PIECE)
        blocks.append(section(mrkdwn("{by}{answer}", by=by, answer=pieces[0])))
        blocks += [section(piece) for piece in pieces[1:]]
    else:
        blocks.append(context(trusted("No answer yet.")))
    return blocks


def _readers(readers: Readers | None) -> list[Block]:
    if readers is None:
        return []
    blocks: list[Block] = [section(mrkdwn("*Got it* · {count}", count=readers.read_total))]
    lines = [
        mrkdwn("{name}, {at}{earlier}", name=escape(one.name, NAME), at=when(one.at),
               earlier=trusted(" (before it was changed)") if one.is_earlier else trusted(""))
        for one in readers.read
    ]  # fmt: skip
    blocks += _in_sections(lines)
    blocks.append(section(mrkdwn("*Not yet* · {count}", count=readers.missing_total)))
    blocks += _in_sections([escape(name, NAME) for name in readers.missing])
    blocks.append(context(trusted("Asked are all reps. Whoever has not said so is reminded once, in their brief.")))
    return blocks


def _in_sections(lines: list[Mrkdwn]) -> list[Block]:
    chunks = [lines[start : start + NAMES_IN_SECTION] for start in range(0, len(lines), NAMES_IN_SECTION)]
    return [section(join(chunk)) for chunk in chunks]


def _turn(details: AlertDetails, number: int, pages: int) -> list[Block]:
    alert_id, tab = details.alert.alert_id, details.tab
    found: list[Element] = []
    if number > 0:
        found.append(button("Previous", TalkAction.DETAILS_BACK, details_value(alert_id, tab, number - 1)))
    if number < pages - 1:
        found.append(button("Next", TalkAction.DETAILS_ON, details_value(alert_id, tab, number + 1)))
    if not found:
        return []
    return [context(mrkdwn("Page {page} of {pages}", page=number + 1, pages=pages)), actions(*found)]


def _of_marketing(details: AlertDetails) -> list[Element]:
    """What its owner does with it, and a sales manager who is asked to approve it."""
    alert = details.alert
    found = decision_buttons(alert.alert_id, alert.version) if details.may_approve else []
    if not details.may_edit:
        return found
    if not details.is_told:
        found.append(button("Preview", AlertAction.PREVIEW, alert.alert_id))
    return [*found, *owner_buttons(alert.alert_id, alert.state)]


def _own(details: AlertDetails) -> list[Element]:
    """What sales does with it."""
    alert, found = details.alert, list[Element]()
    read = details.read_version is not None and details.read_version >= alert.version
    if details.may_get and not read and alert.state in (AlertState.SCHEDULED, AlertState.LIVE):
        found.append(got_it_button(alert.alert_id, alert.version))
    if details.may_ask and alert.state.is_told:
        found += [ask_button(alert.alert_id), feedback_button(alert.alert_id)]
    return found
