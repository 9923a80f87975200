"""Field notes of the month: heard, said again by others, read and answered."""

from __future__ import annotations

from bot.demo.a_month.office import Act, Event, Json, Office
from bot.demo.people import Person, StoryBroke, words
from bot.domain.note import LABELS, NoteKind

SAVE, NEW = "note.save", "note.new"
SAME, EXISTS = "Same as this", "Content exists"
THEME, ANSWER = "Open…", "Answer…"
HOME_PAGES = 12


def of_theme(theme: Json) -> list[Event]:
    """Everybody who says it, and marketing's answer."""
    notes = theme["notes"]
    texts = [note["text"] for note in notes]
    found = [_heard(theme, note, texts[:number]) for number, note in enumerate(notes)]
    if answer := theme.get("answer"):
        found.append(Event(answer["day"], answer["at"], answer["who"], _says(answer), _answers(answer, texts[0])))
    return found


def _heard(theme: Json, note: Json, before: list[str]) -> Event:
    kind = LABELS[NoteKind(theme["kind"])]
    how = {"form": _fills_in, "message": _saves}.get(note.get("how", "typed"), _types)
    return Event(note["day"], note["at"], note["who"], f"{kind}: {note['text']}", how(theme, note, kind, before))


def _types(theme: Json, note: Json, kind: str, before: list[str]) -> Act:
    async def act(office: Office) -> None:
        person = office.person(note["who"])
        place = await person.place()
        answer = await person.types("/note", note["text"])
        if kind != LABELS[NoteKind.OTHER] and kind not in answer["text"]:
            await person.picks(answer, place, kind)
        if before:
            await _joins(person, answer["ts"], before)

    return act


async def _joins(person: Person, ts: str, before: list[str]) -> None:
    """They said what others have said, and say so."""
    place = await person.place()
    answer = next(one for one in (await person.slack.screen(person.email, place))["messages"] if one["ts"] == ts)
    if not await person.presses_beside(answer, place, SAME, before):
        raise StoryBroke(f"{person.first} is not offered what others said before: {words(answer)}")


def _fills_in(theme: Json, note: Json, kind: str, before: list[str]) -> Act:
    async def act(office: Office) -> None:
        person = office.person(note["who"])
        await person.uses(NEW)
        await person.fills({"text": note["text"], "account": note["account"]})
        if competitor := theme.get("competitor"):
            await person.fills({"competitor": competitor})
        await person.chooses(kind)
        if theme.get("managers_only"):
            await person.chooses("Managers, and whoever answers it")
        await person.submits()
        if before:
            await person.presses_in_form(SAME)
        await person.closes()

    return act


def _saves(theme: Json, note: Json, kind: str, before: list[str]) -> Act:
    """Somebody else writes it, in a channel or to this person alone, and this person saves the message."""

    async def act(office: Office) -> None:
        person, writer = office.person(note["who"]), office.person(note["from"])
        place = await writer.writes_to(person) if note["place"] == "direct" else await writer.place(note["place"])
        ts = await writer.writes(note["text"], place)
        await person.uses(SAVE, place, ts)
        await person.chooses(kind)
        await person.submits()
        await person.closes()

    return act


def _answers(answer: Json, title: str) -> Act:
    async def act(office: Office) -> None:
        person = office.person(answer["who"])
        opened = await _finds(person, title)
        if answer["state"] != "seen":
            if opened == THEME:
                await person.presses_in_form(ANSWER)
            exists = answer["state"] == "acted" and "link" in answer and await person.is_offered(EXISTS)
            await person.chooses(EXISTS if exists else answer["state"].title())
            more = {"answer_link": answer["link"]} if "link" in answer else {}
            await person.submits(answer=answer["text"], **more)
        await person.closes()

    return act


async def _finds(person: Person, title: str) -> str:
    """The theme among those that wait, on Home or further on: opened, or the form where it is one short note."""
    await person.opens_home()
    for _ in range(HOME_PAGES):
        for label in (THEME, ANSWER):
            if await person.presses_on_home_beside(label, title):
                return label
        await person.presses_on_home("Next", "Field notes to answer")
    raise StoryBroke(f"{person.first} does not find {title} on Home")


def _says(answer: Json) -> str:
    if answer["state"] == "seen":
        return "reads it"
    return f"{answer['state']}: {answer['text']}"
