"""The window with everything of a digest's period: a part of it, a page at a time."""

from __future__ import annotations

from typing import assert_never

from bot.domain.digest import DigestKind
from bot.domain.note import LABELS, NoteKind
from bot.services.campaign_digest import CampaignLine, QuestionLine, UnreadLine
from bot.services.digest_window import OF_CAMPAIGNS, OF_NOTES, PAGE, DigestWindow, Line, Part, WindowRef
from bot.services.field_notes_digest import AnswerLine, OpenLine, ThemeLine
from bot.views.blocks import Block, Element, View, actions, button, context, modal, option, section, static_select
from bot.views.digest_campaigns import campaign_text, open_alert, question_text, unread_text
from bot.views.digest_field_notes import answer_text, open_theme, request_text, theme_text, waiting_text
from bot.views.digest_frame import days
from bot.views.digest_window_ids import WindowAction, WindowCallback, window_value
from bot.views.untrusted import Mrkdwn, mrkdwn, trusted

NAMES: dict[Part, str] = {
    Part.NOTES: "All field notes",
    **{Part(kind.value): label for kind, label in LABELS.items()},
    Part.ANSWERS: "What marketing did",
    Part.REQUESTS: "Content sales asks for now",
    Part.WAITING: "Without an answer now",
    Part.STARTING: "Starting",
    Part.RUNNING: "Running",
    Part.ENDED: "Ended",
    Part.QUESTIONS: "Questions without an answer",
    Part.UNREAD: "Most reps have not said “Got it” yet",
}
TITLES = {DigestKind.FIELD_NOTES: "Field notes", DigestKind.CAMPAIGNS: "Campaigns"}


def digest_window(window: DigestWindow) -> View:
    """A menu of the parts, the lines of the one chosen, each with the button that opens it, and the pages."""
    ref = window.ref
    own = trusted(" Your own notes, and those of your campaigns.") if window.own else trusted("")
    blocks: list[Block] = [
        actions(_parts(window)),
        context(mrkdwn("{days}.{own}", days=days(window.frame), own=own)),
        *(section(text, accessory=opens) for text, opens in (_line(one, window) for one in window.lines)),
    ]
    if not window.lines:
        blocks.append(section(trusted("There is nothing here.")))
    if window.pages > 1:
        first = ref.page * PAGE + 1
        last = first + len(window.lines) - 1
        blocks.append(context(mrkdwn("{first} to {last} of {total}", first=first, last=last, total=window.total)))
        blocks.append(actions(*_turns(window)))
    return modal(WindowCallback.ALL_VIEW, TITLES[ref.kind], blocks, close="Close")


def _parts(window: DigestWindow) -> Element:
    listed = OF_NOTES if window.ref.kind is DigestKind.FIELD_NOTES else OF_CAMPAIGNS
    options = [
        option(f"{NAMES[part]}: {window.counts.get(part, 0)}", window_value(_ref(window, part)))
        for part in listed
        if window.counts.get(part) or part is window.ref.part or part is listed[0]
    ]
    chosen = window_value(_ref(window, window.ref.part))
    return static_select(WindowAction.PART, options, placeholder="What to show", initial=chosen)


def _turns(window: DigestWindow) -> list[Element]:
    ref = window.ref
    turns: list[Element] = []
    if ref.page > 0:
        turns.append(button("Previous", WindowAction.BACK, window_value(_ref(window, ref.part, ref.page - 1))))
    if ref.page < window.pages - 1:
        turns.append(button("Next", WindowAction.ON, window_value(_ref(window, ref.part, ref.page + 1))))
    return turns


def _ref(window: DigestWindow, part: Part, page: int = 0) -> WindowRef:
    ref = window.ref
    return WindowRef(kind=ref.kind, from_at=ref.from_at, until_at=ref.until_at, part=part, page=page)


def _line(one: Line, window: DigestWindow) -> tuple[Mrkdwn, Element]:
    frame = window.frame
    match one:
        case ThemeLine():
            return theme_text(one), open_theme(one.id, one.title)
        case AnswerLine():
            return answer_text(one), open_theme(one.id, one.title)
        case OpenLine():
            text = request_text(one, frame) if one.kind is NoteKind.MISSING_CONTENT else waiting_text(one, frame)
            return text, open_theme(one.id, one.title)
        case CampaignLine():
            return campaign_text(one, frame), open_alert(one.id, one.name)
        case QuestionLine():
            return question_text(one, frame), open_alert(one.alert_id, one.name)
        case UnreadLine():
            return unread_text(one), open_alert(one.alert_id, one.name)
        case _:
            assert_never(one)
