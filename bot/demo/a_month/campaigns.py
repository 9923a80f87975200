"""Campaign alerts of the month and the leads that name them: written, approved, read, asked about, changed, ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.demo.a_month.office import CHANNEL, Act, Event, Json, Office, local_day
from bot.demo.company import plain
from bot.demo.people import StoryBroke
from bot.domain.note import LABELS, NoteKind

NEW = "campaign.new"
CURRENCY = "EUR"
DECIDED_AFTER_MINUTES = 47
REPS = ("jonas", "ines", "tomasz", "priya", "diego", "grace")


def of_campaign(told: Json) -> list[Event]:
    """The alert from its first word to its end, and its leads."""
    name, owner, made = told["name"], told["owner"], told["made"]
    what = "begins an alert" if made.get("draft") else "sends an alert to be approved"
    found = [Event(made["day"], made["at"], owner, f"{what}: {name}", _writes(told))]
    if by := told.get("approved"):
        found.append(Event(by["day"], by["at"], by["by"], f"approves the alert: {name}", _approves(by["by"], name)))
    for one in told.get("got_it", ()):
        first, day, at = one.split(":", 2)
        found.append(Event(int(day), at, first, "", _got_it(first, name)))
    for question in told.get("asked", ()):
        found += _question(question, name)
    for note in told.get("feedback", ()):
        what = f"on the alert: {note['text']}"
        found.append(Event(note["day"], note["at"], note["who"], what, _feedback(note, name)))
    if gone := told.get("withdrawn"):
        what = f"withdraws the alert: {name}"
        found.append(Event(gone["day"], gone["at"], gone["by"], what, _withdraws(gone, name)))
    for number, lead in enumerate(told.get("leads", ())):
        found += _lead(f"{told['key']}-{number}", told["key"], lead)
    return found


def _writes(told: Json) -> Act:
    async def act(office: Office) -> None:
        person, starts, ends = office.person(told["owner"]), told["starts"], told.get("ends")
        await person.uses(NEW)
        if told.get("in_roster"):
            await person.chooses(told["name"])
        else:
            await person.fills({"name": told["name"], "key": told["key"]})
        await person.fills({"start_date": local_day(office, starts["day"]), "start_time": starts["at"]})
        if ends:
            await person.fills({"end_date": local_day(office, ends["day"]), "end_time": ends["at"]})
        texts = {
            "buyer_sees": told["buyer_sees"], "audience": told["audience"], "segment": told["segment"],
            "new_offer": told["offer"], "lead_looks_like": told.get("lead", ""), "assets": told.get("assets", ""),
            "volume": told.get("volume", ""), "questions.0": told.get("questions", "").strip(),
        }  # fmt: skip
        if told.get("cost"):
            texts |= {"cost": told["cost"], "currency": CURRENCY}
        await person.fills({field: text for field, text in texts.items() if text})
        await person.fills({"channels": [await person.place(CHANNEL)]})
        await person.submits()
        if not told["made"].get("draft"):
            await person.submits()
        await person.closes()

    return act


def _approves(first: str, name: str) -> Act:
    async def act(office: Office) -> None:
        await office.person(first).presses("Approve", name)

    return act


def _got_it(first: str, name: str) -> Act:
    async def act(office: Office) -> None:
        await office.person(first).presses("Got it", name, CHANNEL)

    return act


def _question(question: Json, name: str) -> list[Event]:
    async def asks(office: Office) -> None:
        person = office.person(question["who"])
        await person.presses("Ask a question…", name, CHANNEL)
        await person.submits(question=question["text"])
        await person.closes()

    async def answers(office: Office) -> None:
        person = office.person(question["by"])
        await person.presses("Answer…", question["text"])
        await person.submits(answer=question["answer"])
        await person.closes()

    found = [Event(question["day"], question["at"], question["who"], f"asks: {question['text']}", asks)]
    if "answer" in question:
        said = f"answers: {question['answer']}"
        found.append(Event(question["answer_day"], question["answer_at"], question["by"], said, answers))
    return found


def _feedback(note: Json, name: str) -> Act:
    async def act(office: Office) -> None:
        person = office.person(note["who"])
        await person.presses("Feedback on the message…", name, CHANNEL)
        await person.fills({"text": note["text"]})
        await person.chooses(LABELS[NoteKind(note["kind"])])
        await person.submits()
        await person.closes()

    return act


def _withdraws(gone: Json, name: str) -> Act:
    async def act(office: Office) -> None:
        person = office.person(gone["by"])
        await person.opens_home()
        await person.presses_on_home_beside("Open", name)
        await person.presses_in_form("Withdraw…")
        await person.submits(why=gone["why"])
        await person.closes()

    return act


def _lead(external_id: str, campaign: str, told: Sequence[Any]) -> list[Event]:
    name, company, country, priority, day, at, outcome = told
    data = {
        "external_id": external_id, "name": name, "company": company, "country": country, "priority": priority,
        "email": f"{plain(name).replace(' ', '.')}@example.com", "score": 64, "campaign": campaign,
        "summary": "Came from the campaign and asked to be called.",
    }  # fmt: skip
    # Whose clock: the team's that gets it.
    first = "priya" if country == "US" else "jonas"

    async def arrives(office: Office) -> None:
        await office.lead(data)

    async def decides(office: Office) -> None:
        for rep in REPS:
            person = office.person(rep)
            if await person.has("Accept", name):
                if outcome == "accept":
                    await person.presses("Accept", name)
                else:
                    await person.rejects(name, outcome)
                return
        raise StoryBroke(f"nobody has a card of {name}")

    found = [Event(day, at, first, "", arrives)]
    if outcome != "wait":
        hour, minute = divmod(int(at[:2]) * 60 + int(at[3:]) + DECIDED_AFTER_MINUTES, 60)
        found.append(Event(day, f"{hour:02}:{minute:02}", first, "", decides))
    return found


async def schedules(office: Office) -> None:
    """Field notes on Mondays for marketing, campaigns on Mondays and Thursdays for sales."""
    helen = office.person("helen")
    wanted = (
        ("What sales heard", "Field notes", "marketing", ["0"], "09:00"),
        ("What buyers see", "Campaigns", CHANNEL, ["0", "3"], "08:30"),
    )
    for name, kind, channel, weekdays, at in wanted:
        await helen.types("/lockstep", "digests")
        await helen.presses_in_form("Add a digest…")
        await helen.chooses(kind)
        place = await helen.place(channel)
        await helen.fills({"name": name, "channel": place, "weekdays": weekdays, "at": at, "tz": "Europe/London"})
        await helen.submits()
        await helen.closes()
