"""Of what people said of buyers and campaigns what there is, and a sentence for each promise that does not hold."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from bench import mortal
from bench.mortal import Json, Mortal
from bench.promises import Standing
from bench.talk import Spoken
from bot.demo.people import words
from bot.domain.campaign_alert import CampaignAlert, Question
from bot.domain.note import Note, Theme
from bot.domain.post import Post, Subject
from bot.integrations.clock import SystemClock
from bot.services.alert_question_messages import To
from storage.database import run_now
from storage.got_its import GotItCounts
from storage.transaction import Transaction

ALL = 1_000_000


@dataclass(slots=True)
class AlertFound:
    """An alert, and all that was said of it."""

    campaign: str
    alert: CampaignAlert
    posts: list[Post]
    counts: GotItCounts
    got_it: set[str]
    """Slack ids."""
    questions: list[Question]
    question_posts: dict[str, list[Post]]
    """By id of a question."""


@dataclass(slots=True)
class TalkFound:
    """What the database holds, and what stands in Slack."""

    notes: list[Note] = field(default_factory=list)
    themes: dict[str, Theme] = field(default_factory=dict)
    joined: dict[str, str] = field(default_factory=dict)
    """By id of any theme the one it is part of by now."""
    authors: dict[str, str] = field(default_factory=dict)
    """By id of a person their Slack id."""
    alerts: list[AlertFound] = field(default_factory=list)
    standing: dict[str, list[Json]] = field(default_factory=dict)
    """Messages by key."""
    in_channel: list[Json] = field(default_factory=list)
    """Those in the channel of the alerts."""


async def look(bot: Mortal, spoken: Spoken, standing: list[Standing]) -> TalkFound:
    """The database as it is, and what `standing` shows. Call it with the bot settled or dead."""
    channel = await bot.slack.place(mortal.MARKETER, mortal.CAMPAIGNS)
    themes = sorted({theme_id for _, theme_id in spoken.joins})
    slack_ids = list(bot.slack.ids.values())
    found = await asyncio.to_thread(run_now, bot.database_url, SystemClock(), _read, slack_ids, themes)
    found.in_channel = [message for _, place, message in standing if place == channel]
    by_key = defaultdict(list)
    for key, _, message in standing:
        by_key[key].append(message)
    found.standing = dict(by_key)
    return found


def broken(spoken: Spoken, found: TalkFound) -> list[str]:
    """A sentence for each promise that does not hold; empty when all do."""
    wrong = _notes(spoken, found) + _themes(spoken, found) + _alerts(spoken, found)
    for one in found.alerts:
        wrong += _told(one, found) + _counts(one, spoken, found)
        for question in one.questions:
            wrong += _question(one, question, spoken, found)
    return wrong


def _notes(spoken: Spoken, found: TalkFound) -> list[str]:
    there = Counter(note.text for note in found.notes)
    author = {note.text: found.authors[note.author_id] for note in found.notes}
    wrong = [f"a field note stands {times} times: {text[:90]}" for text, times in there.items() if times > 1]
    wrong += [f"a field note is not what anybody wrote: {text[:90]}" for text in there.keys() - spoken.typed]
    for text, by in spoken.notes.items():
        if text not in there:
            wrong.append(f"a field note was acknowledged and is not there: {text[:90]}")
        elif author[text] != by:
            wrong.append(f"a field note is not of who wrote it: {text[:90]}")
    return wrong


def _themes(spoken: Spoken, found: TalkFound) -> list[str]:
    wrong = []
    theme_of = {note.id: note.theme_id for note in found.notes}
    for note_id, theme_id in spoken.joins:
        if theme_of[note_id] != found.joined.get(theme_id):
            wrong.append(f"field note {note_id} is not in the theme it was joined with: {theme_id}")
    of_theme = defaultdict(list)
    for note in found.notes:
        of_theme[note.theme_id].append(note)
    for theme_id, notes in of_theme.items():
        theme = found.themes[theme_id]
        counted = (theme.notes, theme.people, theme.open)
        there = (len(notes), len({note.author_id for note in notes}), sum(note.state.is_open for note in notes))
        if counted != there or theme.merged_into is not None:
            wrong.append(f"theme {theme_id} counts {counted} notes, people and open ones, there are {there}")
    return wrong


def _alerts(spoken: Spoken, found: TalkFound) -> list[str]:
    there = Counter(one.campaign for one in found.alerts)
    told = {one.campaign for one in found.alerts if one.alert.told_at is not None}
    asked = {one.text: found_in.campaign for found_in in found.alerts for one in found_in.questions}
    answers = {one.text: one.answer for found_in in found.alerts for one in found_in.questions}
    wrong = [f"the alert of {name} is there {times} times" for name, times in there.items() if times > 1]
    wrong += [f"the alert of {name} is of nobody" for name in there.keys() - spoken.filled]
    wrong += [f"the alert of {name} was saved and is not there" for name in spoken.saved - there.keys()]
    wrong += [f"the alert of {name} was approved and not told" for name in spoken.approved - told]
    wrong += [f"{text} was asked and is not there" for text, name in spoken.asked.items() if asked.get(text) != name]
    wrong += [f"{text} was answered and is not" for text, said in spoken.answers.items() if answers.get(text) != said]
    return wrong


def _told(one: AlertFound, found: TalkFound) -> list[str]:
    """Once in its channel, and not before sales was told."""
    stands = _standing(one.posts, found)
    wanted = 0 if one.alert.told_at is None else 1
    named = [message for message in found.in_channel if f"Campaign alert: {one.campaign}" in words(message)]
    if (len(one.posts), len(stands), len(named)) == (wanted, wanted, wanted):
        return []
    return [f"the alert of {one.campaign} stands {len(stands)} or {len(named)} times, not {wanted}"]


def _counts(one: AlertFound, spoken: Spoken, found: TalkFound) -> list[str]:
    """Whoever said *Got it* counts once, and the message shows it, and what waits for an answer."""
    wrong = [
        f"Got it of {by} on {name} was acknowledged and is not there"
        for name, by in spoken.got_it
        if name == one.campaign and by not in one.got_it
    ]
    for message in _standing(one.posts, found):
        shown = _line(message)
        if one.counts.got_it != len(one.got_it) or f"*{len(one.got_it)} of {one.counts.asked}* got it" not in shown:
            wrong.append(f"{len(one.got_it)} said Got it to {one.campaign}; its message shows: {shown}")
        waits = any(question.answer is None for question in one.questions)
        if waits != ("for an answer" in shown):
            wrong.append(f"the message of {one.campaign} does not show what waits for an answer: {shown}")
    return wrong


def _question(one: AlertFound, question: Question, spoken: Spoken, found: TalkFound) -> list[str]:
    """Once in the thread of its alert, once with its owner, and with it its answer."""
    parents = {str(message["ts"]) for message in _standing(one.posts, found)}
    posts = one.question_posts[question.id]
    wrong = []
    if sum(other.text == question.text for other in one.questions) != 1:
        wrong.append(f"{question.text} was asked more than once")
    for to, most, least in ((To.THREAD, 1, 1), (To.OWNER, 1, 1), (To.ASKER, 1, int(question.answer is not None))):
        stands = _standing([post for post in posts if post.data["to"] == to], found)
        if not least <= len(stands) <= most:
            wrong.append(f"{question.text} stands {len(stands)} times for the {to}")
        for message in stands:
            if to is To.THREAD and message.get("thread_ts") not in parents:
                wrong.append(f"{question.text} does not stand in the thread of {one.campaign}")
            if question.answer is not None and words(message).count(question.answer) != 1:
                wrong.append(f"the answer to {question.text} does not stand once for the {to}: {_line(message)}")
    if sum(question.text in words(message) for message in found.in_channel) != 1:
        wrong.append(f"{question.text} stands beside its thread")
    return wrong


def _line(message: Json) -> str:
    return " / ".join(words(message).splitlines())


def _standing(posts: list[Post], found: TalkFound) -> list[Json]:
    return [message for post in posts for message in found.standing.get(post.key, ())]


def _read(tx: Transaction, slack_ids: list[str], theme_ids: list[str]) -> TalkFound:
    found = TalkFound()
    people = [person for one in slack_ids if (person := tx.people.by_slack_id(one)) is not None]
    for person in people:
        found.authors[person.id] = person.slack_id or ""
        found.notes += tx.notes.by_author(person.id, ALL)
    found.themes = tx.themes.get_many({note.theme_id for note in found.notes})
    for theme_id in theme_ids:
        theme = tx.themes.present(theme_id)
        if theme is not None:
            found.joined[theme_id] = theme.id
    for campaign in tx.campaigns.all():
        for alert in tx.campaign_alerts.of_campaign(campaign.id):
            questions = tx.alert_questions.of_alert(alert.id)
            pressed = (person for person in people if tx.got_its.get(alert.id, person.id) is not None)
            found.alerts.append(
                AlertFound(
                    campaign=campaign.name,
                    alert=alert,
                    posts=tx.posts.of_subject(Subject.CAMPAIGN_ALERT, alert.id),
                    counts=tx.got_its.counts([alert.id])[alert.id],
                    got_it={person.slack_id or "" for person in pressed},
                    questions=questions,
                    question_posts={one.id: tx.posts.of_subject(Subject.QUESTION, one.id) for one in questions},
                )
            )
    return found
