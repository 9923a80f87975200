"""Missing content as requests, in a window: what most people asked for first."""

from __future__ import annotations

from bot.services.requests import PAGE, Request, RequestList
from bot.views.blocks import Block, Element, View, actions, button, context, modal, section
from bot.views.links import when
from bot.views.note_answer_ids import AnswerAction, AnswerCallback, requests_metadata
from bot.views.note_answers import theme_button
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

TITLE = 150
NONE = trusted(
    "*Nothing is asked for just now.*\nA field note of the kind *Missing content* is a request. When the content "
    "exists, everyone who asked gets the link."
)


def requests_view(requests: RequestList) -> View:
    """A page of requests, each with its window, or the form where that is enough."""
    blocks: list[Block] = [] if requests.rows else [section(NONE)]
    for number, row in enumerate(requests.rows, start=requests.page * PAGE + 1):
        open_it = theme_button(row.theme_id, title=row.title, fits_form=row.fits_form)
        blocks.append(section(_row(number, row), accessory=open_it))
    turn: list[Element] = []
    if requests.page > 0:
        turn.append(button("Previous", AnswerAction.REQUESTS_BACK, str(requests.page - 1)))
    if requests.page < requests.pages - 1:
        turn.append(button("Next", AnswerAction.REQUESTS_ON, str(requests.page + 1)))
    if turn:
        first = requests.page * PAGE + 1
        last = first + len(requests.rows) - 1
        blocks.append(context(mrkdwn("{first} to {last} of {total}", first=first, last=last, total=requests.total)))
        blocks.append(actions(*turn))
    return modal(
        AnswerCallback.REQUESTS_VIEW,
        "Requested content",
        blocks,
        close="Close",
        private_metadata=requests_metadata(requests.page),
    )


def _row(number: int, row: Request) -> Mrkdwn:
    people = "1 person" if row.people == 1 else f"{row.people} people"
    asked = mrkdwn("Asked for by *{people}*, first {at}", people=people, at=when(row.since))
    return join([mrkdwn("*{number}.* {title}", number=number, title=escape(row.title, TITLE)), asked])
