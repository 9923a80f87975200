"""Digests and the windows with everything in them; hostile ones in every text field, with any numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from bot.domain.digest import DigestKind
from bot.domain.note import NoteKind, NoteState
from bot.domain.usual import Usual
from bot.services.campaign_digest import (
    ENDED,
    QUESTIONS,
    RUNNING,
    STARTING,
    UNREAD,
    CampaignDigest,
    CampaignLine,
    QuestionLine,
    UnreadLine,
)
from bot.services.digest_frame import Frame
from bot.services.digest_window import OF_CAMPAIGNS, OF_NOTES, DigestWindow, Part, WindowRef
from bot.services.field_notes_digest import (
    ANSWERS,
    REPEATED,
    REQUESTS,
    WAITING,
    AnswerLine,
    FieldNotesDigest,
    KindLine,
    OpenLine,
    ThemeLine,
)
from bot.views.digest_campaigns import render_campaigns
from bot.views.digest_field_notes import render_field_notes
from bot.views.digest_window import digest_window
from tests.views.samples import NOW, OTHER, hostile

WEEK = timedelta(weeks=1)
LINK = "https://brightwater.slack.com/archives/C0SALES01/p1700000000000100"
FRAME = Frame(from_at=NOW - WEEK, until_at=NOW, tz="Europe/Berlin", closing=3)
numbers = st.integers(0, 20) | st.integers(0, 10**6)
some = st.integers(1, 20) | st.integers(1, 10**6)
usuals = st.none() | st.builds(Usual, before=numbers, expected=st.floats(0.001, 10**6))
instants = st.integers(0, 400 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes))
kinds = st.sampled_from(NoteKind)
links = st.sampled_from([None, LINK, "https://evil.example/archives/C0/p17", "javascript:alert(1)"])
frames = st.builds(
    Frame,
    from_at=instants,
    until_at=st.just(NOW),
    tz=st.sampled_from(["Europe/Berlin", "Pacific/Kiritimati", "America/Los_Angeles"]),
    late_s=st.none() | numbers,
    skipped=st.lists(st.dates(), max_size=40).map(lambda days: tuple(sorted(days))),
    closing=st.none() | numbers,
    shared=st.booleans(),
)


def make_theme_line(**changes: Any) -> ThemeLine:
    line = ThemeLine(
        id=OTHER, kind=NoteKind.OBJECTION, title="Too expensive for teams of five", link=None, notes=5, people=4,
        usual=Usual(before=10, expected=2.5), waits=3, since=NOW - timedelta(days=6),
    )  # fmt: skip
    return replace(line, **changes)


def make_answer_line(**changes: Any) -> AnswerLine:
    line = AnswerLine(
        id=OTHER, kind=NoteKind.COMPETITOR, title="Cargonaut offers a free year", link=None, acted=True,
        answer="There is a battle card now", notes=4, people=5, thanked=("Ana Reis", "Ben Vogel", "Cleo Marsh"),
    )  # fmt: skip
    return replace(line, **changes)


def make_open_line(**changes: Any) -> OpenLine:
    line = OpenLine(
        id=OTHER, kind=NoteKind.MISSING_CONTENT, title="A case study of a port", link=None, notes=3, people=3,
        since=NOW - timedelta(days=12),
    )  # fmt: skip
    return replace(line, **changes)


def make_notes_digest(**changes: Any) -> FieldNotesDigest:
    digest = FieldNotesDigest(
        frame=FRAME, notes=14, people=6, usual=Usual(before=40, expected=10),
        kinds=(
            KindLine(kind=NoteKind.OBJECTION, count=8, usual=Usual(before=12, expected=3)),
            KindLine(kind=NoteKind.COMPETITOR, count=4, usual=Usual(before=16, expected=4)),
            KindLine(kind=NoteKind.IDEA, count=2, usual=Usual(before=0, expected=0)),
        ),
        themes=(make_theme_line(),), themes_total=8, acted=4, declined=1, answers=(make_answer_line(),),
        answers_total=2, requests=(make_open_line(),),
        waiting=(make_open_line(kind=NoteKind.IDEA, title="Sell by the ton", notes=1),),
    )  # fmt: skip
    return replace(digest, **changes)


def make_campaign_line(**changes: Any) -> CampaignLine:
    line = CampaignLine(
        id=OTHER, name="Webinar: ports without paper", starts_at=NOW - timedelta(days=3),
        ends_at=NOW + timedelta(days=20), ended_at=None, offer="A free audit of one port", expected=40, leads=9,
        accepted=5, rejected=2, reason=("Not ready to talk to sales", 2),
    )  # fmt: skip
    return replace(line, **changes)


def make_campaign_digest(**changes: Any) -> CampaignDigest:
    to_come = make_campaign_line(
        name="Trade fair Rotterdam", starts_at=NOW + timedelta(days=2), leads=0, accepted=0, rejected=0, reason=None
    )
    ended = make_campaign_line(name="Spring offer", ended_at=NOW - timedelta(days=1), leads=30, accepted=12, rejected=9)
    digest = CampaignDigest(
        frame=FRAME, starting=(to_come,), starting_total=1, running=(make_campaign_line(),), running_total=1,
        ended=(ended,), ended_total=1,
        questions=(QuestionLine(alert_id=OTHER, name="Spring offer", text="Is it for renewals?", asked_at=NOW),),
        questions_total=2, unread=(UnreadLine(alert_id=OTHER, name="Trade fair Rotterdam", got_it=2, asked=9),),
        unread_total=1,
    )  # fmt: skip
    return replace(digest, **changes)


def make_window(part: Part, lines: tuple[Any, ...], **changes: Any) -> DigestWindow:
    kind = DigestKind.CAMPAIGNS if part in OF_CAMPAIGNS else DigestKind.FIELD_NOTES
    ref = WindowRef(kind=kind, from_at=FRAME.from_at, until_at=FRAME.until_at, part=part)
    counts = dict.fromkeys(OF_CAMPAIGNS if part in OF_CAMPAIGNS else OF_NOTES, 7)
    window = DigestWindow(ref=ref, frame=FRAME, lines=lines, total=len(lines), counts=counts)
    return replace(window, **changes)


kind_lines = st.builds(KindLine, kind=kinds, count=some, usual=usuals)
theme_lines = st.builds(
    make_theme_line, kind=kinds, title=hostile, link=links, notes=some, people=some, usual=usuals,
    is_new=st.booleans(), state=st.sampled_from(NoteState),
)  # fmt: skip
answer_lines = st.builds(
    make_answer_line, kind=kinds, title=hostile, link=links, acted=st.booleans(), answer=hostile, notes=some,
    people=some, thanked=st.lists(hostile, max_size=3).map(tuple),
)  # fmt: skip
open_lines = st.builds(
    make_open_line, kind=kinds, title=hostile, link=links, notes=some, people=some, since=instants
)  # fmt: skip
campaign_lines = st.builds(
    make_campaign_line, name=hostile, starts_at=instants | st.just(NOW + WEEK), ends_at=st.none() | instants,
    ended_at=st.none() | instants, offer=hostile, expected=st.none() | numbers, leads=numbers, accepted=numbers,
    rejected=numbers, reason=st.none() | st.tuples(hostile, some),
)  # fmt: skip
question_lines = st.builds(
    QuestionLine, alert_id=st.just(OTHER), name=hostile, text=hostile, asked_at=instants
)  # fmt: skip
unread_lines = st.builds(UnreadLine, alert_id=st.just(OTHER), name=hostile, got_it=numbers, asked=some)


def few(lines: st.SearchStrategy[Any], most: int) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(lines, max_size=most).map(tuple)


def notes_digests(most: int) -> st.SearchStrategy[FieldNotesDigest]:
    """With at most so many lines of each list, and never more than there may be."""
    return st.builds(
        make_notes_digest, frame=frames, notes=numbers, people=numbers, usual=usuals,
        kinds=st.lists(kind_lines, unique_by=lambda one: one.kind).map(tuple),
        themes=few(theme_lines, min(most, REPEATED)), acted=numbers, declined=numbers,
        answers=few(answer_lines, min(most, ANSWERS)), requests=few(open_lines, min(most, REQUESTS)),
        waiting=few(open_lines, min(most, WAITING)), own=st.booleans(),
    )  # fmt: skip


def campaign_digests(most: int) -> st.SearchStrategy[CampaignDigest]:
    return st.builds(
        make_campaign_digest, frame=frames, starting=few(campaign_lines, min(most, STARTING)), starting_total=numbers,
        running=few(campaign_lines, min(most, RUNNING)), running_total=numbers,
        ended=few(campaign_lines, min(most, ENDED)), ended_total=numbers,
        questions=few(question_lines, min(most, QUESTIONS)), questions_total=numbers,
        unread=few(unread_lines, min(most, UNREAD)), unread_total=numbers,
    )  # fmt: skip


_OF_PARTS: dict[Part, st.SearchStrategy[Any]] = {
    Part.NOTES: theme_lines, Part.ANSWERS: answer_lines, Part.WAITING: open_lines, Part.RUNNING: campaign_lines,
    Part.QUESTIONS: question_lines, Part.UNREAD: unread_lines,
}  # fmt: skip


def windows(most: int) -> st.SearchStrategy[DigestWindow]:
    return st.one_of(
        *(
            st.builds(make_window, st.just(part), few(lines, most), total=numbers, own=st.booleans())
            for part, lines in _OF_PARTS.items()
        )
    )


VIEWS = {
    "digest of field notes": (notes_digests(1), render_field_notes),
    "digest of campaigns": (campaign_digests(1), render_campaigns),
    "everything of a digest": (windows(1), digest_window),
}
IDS = {"id", "alert_id", "link", "tz"}
"""Not text: ids, addresses of messages, and zones, which the forms check."""
