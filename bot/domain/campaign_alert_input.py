"""What marketers write into the form of a campaign alert, read: questions and links as lines, a key from a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.domain.campaign_alert import Asset

LONGEST_INPUT = 3000
"""Characters Slack's inputs take."""
MOST_ASSETS = 20
MOST_QUESTIONS = 50
MOST_INPUTS = 8
"""Inputs for questions in one form: Slack takes forms of 250 kB, and a letter may be four bytes."""
KEY_MAX = NAME_MAX = 200
"""As long as a lead's field `campaign` may be."""
LARGEST_VOLUME = 10_000_000

_QUESTION = re.compile(r"\s*q(?:uestion)?\s*[:.)]\s*(.*)", re.IGNORECASE)
_ANSWER = re.compile(r"\s*a(?:nswer)?\s*[:.)]\s*(.*)", re.IGNORECASE)
_ADDRESS = re.compile(r"https://\S+", re.IGNORECASE)
_WEB = re.compile(r"https://[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]{1,2900}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A question that buyers or reps are expected to ask. `answer` "": none is known yet. Untrusted."""

    text: str
    answer: str = ""


def read_questions(text: str) -> tuple[Expected, ...]:
    """Questions with their answers, as people write them: `Q: …` and below it `A: …`; what follows on further lines
    belongs to whatever it stands under.

    Raises ValueError with a sentence for what belongs to no question.
    """
    found: list[list[list[str]]] = []
    for line in text.splitlines():
        question, answer = _QUESTION.fullmatch(line), _ANSWER.fullmatch(line)
        if question is not None:
            found.append([[question[1]]])
        elif answer is not None and found and len(found[-1]) == 1:
            found[-1].append([answer[1]])
        elif found:
            # An answer may have a line that begins like one.
            found[-1][-1].append(line)
        elif line.strip():
            raise ValueError(f"“{_short(line)}” belongs to no question: begin each with Q: and its answer with A:.")
    read = tuple(Expected(text=_whole(parts[0]), answer=_whole(parts[1]) if len(parts) > 1 else "") for parts in found)
    for number, one in enumerate(read, 1):
        if not one.text:
            raise ValueError(f"Question {number} is empty: write it after Q:, or take the line out.")
    if len(read) > MOST_QUESTIONS:
        raise ValueError(f"There are {len(read)} questions; at most {MOST_QUESTIONS} fit.")
    return read


def write_question(question: Expected) -> str:
    """`read_questions` reads it back."""
    return f"Q: {question.text}\nA: {question.answer}" if question.answer else f"Q: {question.text}"


def write_questions(questions: Sequence[Expected]) -> tuple[list[str], list[Expected]]:
    """The questions as texts for at most MOST_INPUTS inputs, in order; and those that fit into none."""
    texts: list[str] = []
    left: list[Expected] = []
    for one in questions:
        said = write_question(one)
        if len(said) <= LONGEST_INPUT and read_back(said) == one:
            if texts and len(texts[-1]) + 1 + len(said) <= LONGEST_INPUT:
                texts[-1] += f"\n{said}"
                continue
            if len(texts) < MOST_INPUTS:
                texts.append(said)
                continue
        left.append(one)
    return texts, left


def read_back(said: str) -> Expected | None:
    """The one question in `said`; None where it is not exactly one: a line in it begins like another."""
    try:
        found = read_questions(said)
    except ValueError:
        return None
    return found[0] if len(found) == 1 else None


def read_assets(text: str) -> tuple[Asset, ...]:
    """Links, one a line: `label | https://…`, or the address alone. Raises ValueError with a sentence."""
    found = []
    for line in text.splitlines():
        if not line.strip():
            continue
        label, bar, url = line.rpartition("|")
        if not bar:
            address = _ADDRESS.search(line)
            url = address[0] if address else line
            label = line.replace(url, " ", 1)
        label, url = " ".join(label.split()).strip(" :-–"), url.strip()
        if not is_web_link(url):
            raise ValueError(f"“{_short(line)}” has no link I can use: write label | https://… on each line.")
        found.append(Asset(label=label, url=url))
    if len(found) > MOST_ASSETS:
        raise ValueError(f"There are {len(found)} links; at most {MOST_ASSETS} fit.")
    return tuple(found)


def write_assets(assets: Sequence[Asset]) -> str:
    """`read_assets` reads it back."""
    said = "\n".join(f"{one.label} | {one.url}" if one.label else one.url for one in assets)
    if len(said) > LONGEST_INPUT:
        said = "\n".join(f"{one.label}|{one.url}" if one.label else one.url for one in assets)
    return said


def is_web_link(url: str) -> bool:
    """Whether it is a plain https address on the usual port, without a user name in it."""
    if not _WEB.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return bool(parts.hostname) and parts.username is None and parts.password is None and port in (None, 443)


def key_from(name: str) -> str:
    """The key leads name a campaign by, made of its name: `Spring webinar 2026` is `spring-webinar-2026`."""
    words = re.findall(r"[^\W_]+", name.casefold())
    return "-".join(words)[:KEY_MAX].strip("-")


def _whole(lines: list[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip()


def _short(line: str) -> str:
    line = " ".join(line.split())
    return line if len(line) <= 60 else f"{line[:59]}…"
