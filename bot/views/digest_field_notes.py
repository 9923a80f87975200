"""The digest of field notes: short, with everything else one click away in a window."""

from __future__ import annotations

from bot.domain.digest import DigestKind
from bot.domain.local_time import local_date
from bot.domain.note import LABELS, NoteKind, NoteState
from bot.domain.usual import AS_USUAL, compared, is_more
from bot.ports import Message
from bot.services.digest_frame import Frame
from bot.services.digest_window import Part, WindowRef
from bot.services.field_notes_digest import AnswerLine, FieldNotesDigest, KindLine, OpenLine, ThemeLine
from bot.views.blocks import Block, Element, actions, button, section
from bot.views.digest_frame import closing, day_in, days, first_day, troubles
from bot.views.digest_window_ids import WindowAction, window_value
from bot.views.durations import DAY, HOUR, human_duration
from bot.views.lead_lines import DOT
from bot.views.links import message_link
from bot.views.note_answer_ids import AnswerAction, theme_value
from bot.views.pictures import bar_chart
from bot.views.untrusted import Mrkdwn, clean, escape, join, mrkdwn, trusted

TITLE, POINT, ANSWER, NAME = 90, 60, 120, 40
SAID_OFTEN = 3
"""Notes from which on a theme or a kind is the one thing to know."""
WORTH_A_PICTURE = 3
"""Kinds from which on a picture says more than the line above it; and as many notes."""
NOTES_IN_PICTURE = 10
IN_PICTURE = LABELS | {NoteKind.BUYERS_WORDS: "Buyer's words", NoteKind.WIN_LOSS: "Win or loss"}
"""Short below bars, where a phone cuts long ones."""


def render_field_notes(digest: FieldNotesDigest) -> Message:
    """How many came and the one thing to know; by kind; what was said most; what marketing did; what is asked for and
    what waits. However much there is, about ten lines, each with a button that opens its notes."""
    frame = digest.frame
    head = headline(digest)
    title = mrkdwn("*Field notes*{dot}{days}", dot=trusted(DOT), days=days(frame))
    blocks: list[Block] = [section(join([title, head])), *troubles(frame)]
    if len(digest.kinds) > 1:
        blocks.append(section(_kinds(digest.kinds)))
    often = any(one.notes > 1 for one in digest.themes)
    blocks += _list(trusted("🔁 *Said most often*") if often else trusted("🗒️ *What was said*"),
                    [(theme_text(one), one.id, one.title) for one in digest.themes])  # fmt: skip
    blocks += _list(
        mrkdwn("🛠️ *What marketing did*{dot}{counts}", dot=trusted(DOT), counts=_answered(digest)),
        [(answer_text(one), one.id, one.title) for one in digest.answers],
    )
    blocks += _list(
        trusted("📎 *Content sales asks for*"),
        [(request_text(one, frame), one.id, one.title) for one in digest.requests],
    )
    blocks += _list(
        trusted("⏳ *Waits longest*"), [(waiting_text(one, frame), one.id, one.title) for one in digest.waiting]
    )
    if len(digest.kinds) >= WORTH_A_PICTURE and digest.notes >= NOTES_IN_PICTURE:
        blocks.append(kinds_chart(digest.kinds))
    if not digest.is_empty or digest.requests or digest.waiting:
        blocks.append(actions(show_all(frame, Part.NOTES if digest.notes else Part.WAITING)))
    return Message(text=mrkdwn("Field notes: {head}", head=head), blocks=[*blocks, *closing(frame)])


def headline(digest: FieldNotesDigest) -> Mrkdwn:
    """One sentence: how many notes from how many people, and the one thing to know about them."""
    if not digest.notes:
        what = "No field notes of yours" if digest.own else "No field notes"
        said = mrkdwn("{what} since {day}.", what=what, day=day_in(first_day(digest.frame), digest.frame))
        answered = digest.acted + digest.declined
        if answered:
            return mrkdwn("{said} Marketing answered {notes}.", said=said, notes=_notes(answered))
        return said
    count = f"{_notes(digest.notes)} of yours" if digest.own else _notes(digest.notes)
    if digest.people > 1 and not digest.own:
        count = f"{count} from {digest.people} people"
    point = _point(digest)
    if point is None:
        return mrkdwn("*{count}*{usual}.", count=count, usual=_comma(compared(digest.notes, digest.usual)))
    return mrkdwn("*{count}*; {point}.", count=count, point=point)


def _point(digest: FieldNotesDigest) -> Mrkdwn | None:
    """The one thing to know: a theme that is new or came more often, a kind that did, or what was said most; None when
    nothing was said by several."""
    top = digest.themes[0] if digest.themes and digest.themes[0].notes >= SAID_OFTEN else None
    if top is not None and (top.is_new or is_more(top.notes, top.usual)):
        usual = _comma("for the first time" if top.is_new else compared(top.notes, top.usual))
        return mrkdwn("{title} came {times}{usual}", title=_quoted(top.title), times=_times(top.notes), usual=usual)
    more = [one for one in digest.kinds if one.count >= SAID_OFTEN and is_more(one.count, one.usual)]
    if more:
        one = more[0]
        usual = _comma(compared(one.count, one.usual))
        label = LABELS[one.kind].lower()
        return mrkdwn("“{label}” came {times}{usual}", label=label, times=_times(one.count), usual=usual)
    if top is not None:
        return mrkdwn("most often {title}, {times}", title=_quoted(top.title), times=_times(top.notes))
    return None


def kinds_chart(kinds: tuple[KindLine, ...]) -> Block:
    """The kinds as bars, beside what is usual where that is known."""
    series = {"This time": [one.count for one in kinds]}
    if any(one.usual is not None for one in kinds):
        series["Usually"] = [round(one.usual.expected) if one.usual else 0 for one in kinds]
    return bar_chart("Notes by kind", [IN_PICTURE[one.kind] for one in kinds], series, x="Kind", y="Notes")


def show_all(frame: Frame, part: Part) -> Element:
    """Opens the window with everything of the period."""
    ref = WindowRef(kind=DigestKind.FIELD_NOTES, from_at=frame.from_at, until_at=frame.until_at, part=part)
    return button("Show all", WindowAction.ALL, window_value(ref))


def theme_text(one: ThemeLine) -> Mrkdwn:
    """What was said, how often and whether more than usual, and where it stands."""
    often = "new" if one.is_new else compared(one.notes, one.usual)
    said = f"{_notes(one.notes)} from {one.people} people" if one.people > 1 else _notes(one.notes)
    facts = [LABELS[one.kind], f"{said}, {often}" if often and one.notes > 1 else said, _state(one)]
    return _lines(_titled(one.title, one.link), facts)


def answer_text(one: AnswerLine) -> Mrkdwn:
    """What marketing did, or why it does not; and thanks to whoever said it."""
    mark = trusted("✅ *Acted*") if one.acted else trusted("↩️ *Declined*")
    said = escape(one.answer, ANSWER) if one.answer.strip() else trusted("without words")
    thanks = mrkdwn("{dot}thanks to {names}", dot=trusted(DOT), names=_names(one)) if one.thanked else trusted("")
    return mrkdwn("{title}\n{mark}: {said}{thanks}", title=_titled(one.title, one.link), mark=mark, said=said,
                  thanks=thanks)  # fmt: skip


def request_text(one: OpenLine, frame: Frame) -> Mrkdwn:
    """What is missing, how many asked for it and since when."""
    who = f"{one.people} people" if one.people > 1 else "one person"
    day = day_in(local_date(one.since, frame.tz), frame)
    return _lines(_titled(one.title, one.link), [f"asked for by {who}", f"first on {day}"])


def waiting_text(one: OpenLine, frame: Frame) -> Mrkdwn:
    """What has no answer, and for how long."""
    facts = [LABELS[one.kind], _notes(one.notes), f"waits for {_span((frame.until_at - one.since).total_seconds())}"]
    return _lines(_titled(one.title, one.link), facts)


def _list(head: Mrkdwn, lines: list[tuple[Mrkdwn, str, str]]) -> list[Block]:
    """A headline over its lines, each with the button that opens its notes; nothing without lines."""
    if not lines:
        return []
    return [section(head), *(section(text, accessory=open_theme(theme_id, title)) for text, theme_id, title in lines)]


def open_theme(theme_id: str, title: str) -> Element:
    """Opens the notes of a theme."""
    return button("Open", AnswerAction.THEME, theme_value(theme_id), accessibility_label=f"Open: {title}")


def _titled(title: str, link: str | None) -> Mrkdwn:
    """The title in bold; a link to the message it was said in, where there is one."""
    shown = escape(title, TITLE)
    linked = message_link(link, clean(title, TITLE)) if link is not None else None
    return mrkdwn("*{title}*", title=linked or shown)


def _lines(title: Mrkdwn, facts: list[str]) -> Mrkdwn:
    return join([title, join([escape(fact, TITLE) for fact in facts if fact], DOT)])


def _quoted(title: str) -> Mrkdwn:
    return mrkdwn("“{title}”", title=escape(title, POINT))


def _kinds(kinds: tuple[KindLine, ...]) -> Mrkdwn:
    """Each kind with its count, and what is usual where it came more or less."""
    parts = [_kind(one) for one in kinds]
    if any(compared(one.count, one.usual) == AS_USUAL for one in kinds):
        same = all(compared(one.count, one.usual) == AS_USUAL for one in kinds)
        rest = trusted("the rest about as usual")
        parts.append(trusted("none clearly more or less than usual") if same else rest)
    return join(parts, DOT)


def _kind(one: KindLine) -> Mrkdwn:
    count = mrkdwn("{label} *{count}*", label=LABELS[one.kind], count=one.count)
    if one.usual is None or compared(one.count, one.usual) in (AS_USUAL, ""):
        return count
    return mrkdwn("{count} (usually {usual})", count=count, usual=str(one.usual))


def _state(one: ThemeLine) -> str:
    match one.state:
        case NoteState.ACTED:
            return "acted on"
        case NoteState.DECLINED:
            return "declined"
        case _:
            return "no answer yet"


def _answered(digest: FieldNotesDigest) -> str:
    """`2 notes acted on, 1 declined`: in notes, of which several may be of one theme below."""
    counts = {"acted on": digest.acted, "declined": digest.declined}
    said = [(count, what) for what, count in counts.items() if count]
    return ", ".join(f"{count if at else _notes(count)} {what}" for at, (count, what) in enumerate(said))


def _names(one: AnswerLine) -> Mrkdwn:
    named = [escape(name, NAME) for name in one.thanked]
    others = one.people - len(named)
    if others > 0:
        named.append(escape(f"{others} more", NAME))
    if len(named) == 1:
        return named[0]
    return mrkdwn("{first} and {last}", first=join(named[:-1], ", "), last=named[-1])


def _notes(count: int) -> str:
    return "1 note" if count == 1 else f"{count} notes"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _comma(words: str) -> Mrkdwn:
    return mrkdwn(", {words}", words=words) if words else trusted("")


def _span(seconds: float) -> str:
    """In the largest unit alone, from a day on: nobody needs the hours of last week."""
    if seconds >= DAY:
        whole = int(seconds // DAY)
        return "1 day" if whole == 1 else f"{whole} days"
    return human_duration(seconds // HOUR * HOUR if seconds >= HOUR else seconds)
