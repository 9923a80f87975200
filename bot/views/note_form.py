"""The form of a field note: what was heard, of what kind, about whom, and who may read it."""

from __future__ import annotations

import re

from bot.domain.note import LABELS, NoteKind
from bot.services.note_form import NoteForm
from bot.services.note_messages import Captured
from bot.services.notes import SHORT_MAX
from bot.views.blocks import (
    TEXT_MAX,
    Block,
    View,
    context,
    input_block,
    modal,
    option,
    plain_text_input,
    section,
    static_select,
)
from bot.views.form_parts import LISTED, choice_input
from bot.views.ids import ActionId
from bot.views.note_ids import NoteBlock, NoteCallback, NoteRef, note_metadata
from bot.views.note_readers import readers
from bot.views.untrusted import clean, escape, mrkdwn, trusted

NAME = 80
HINT = "Up to 3,000 characters; a longer one is written with /note."
"""Slack's own limit of an input, said by its client in a way that helps nobody."""
MOST_PIECES = 30
"""Inputs a text can fill: more than the longest message of Slack's."""
ALL, MANAGERS = "all", "managers"
READ_BY = "Who may read it?"


def note_form(form: NoteForm, *, page: int | None = None) -> View:
    """New, to be changed, or prefilled from a message. `page`: that of My field notes, where it was opened from."""
    blocks = [*_from(form.message), *_about(form), *_text(form)]
    kinds = [option(LABELS[kind], kind.value) for kind in NoteKind]
    blocks.append(
        input_block(NoteBlock.KIND, "What is it?", static_select(ActionId.ANSWER, kinds, initial=form.kind.value))
    )
    blocks += [
        _line(NoteBlock.ACCOUNT, "Account", form.account, "The company it is about"),
        _line(NoteBlock.COMPETITOR, "Competitor", form.competitor, "Whom they compare us with"),
    ]
    if form.leads:
        blocks += choice_input(
            NoteBlock.LEAD, "Lead", form.leads[:LISTED], placeholder="One of yours", nothing="", optional=True,
            initial=form.lead_id,
        )  # fmt: skip
    elif form.takes_leads:
        blocks.append(context(trusted("*Lead*: none to choose yet. The leads you accept are offered here.")))
    if form.campaigns and form.alert_id is None:
        blocks += choice_input(
            NoteBlock.CAMPAIGN, "Campaign", form.campaigns[:LISTED], placeholder="Choose a campaign", nothing="",
            optional=True, initial=form.campaign_id,
        )  # fmt: skip
    choices = [
        option(_capital(readers(form.read_by, managers_only=hidden)), MANAGERS if hidden else ALL)
        for hidden in (False, True)
    ]
    chosen = MANAGERS if form.managers_only else ALL
    blocks.append(input_block(NoteBlock.READ_BY, READ_BY, static_select(ActionId.ANSWER, choices, initial=chosen)))
    ref = NoteRef(
        note_id=form.note_id,
        version=form.version,
        alert_id=form.alert_id,
        message=form.message.id if form.message else None,
        page=page,
    )
    title = "Field note" if form.note_id else "Save as field note" if form.message else "New field note"
    submit = "Save and tell them" if form.message and form.message.tells else "Save"
    return modal(NoteCallback.SUBMIT, title, blocks, submit=submit, private_metadata=note_metadata(ref))


def pieces(text: str) -> list[str]:
    """The text as inputs take it: cleaned, in pieces of at most 3,000 characters, cut at a line's end or a blank."""
    rest = clean(text, max(1, 4 * len(text)), multiline=True)
    found: list[str] = []
    while len(rest) > TEXT_MAX:
        kept = rest[:TEXT_MAX]
        blanks = [found.start() for found in re.finditer(r"\s", kept)]
        cut = blanks[-1] if blanks and blanks[-1] > TEXT_MAX // 2 else TEXT_MAX
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*found, rest]


def block_of(piece: int) -> str:
    """The name of the input of a piece, counted from 0."""
    return NoteBlock.TEXT if piece == 0 else f"{NoteBlock.TEXT}_{piece + 1}"


def _text(form: NoteForm) -> list[Block]:
    blocks = []
    for number, piece in enumerate(pieces(form.text)[:MOST_PIECES]):
        element = plain_text_input(
            ActionId.ANSWER,
            multiline=True,
            initial=piece or None,
            placeholder="Too expensive for teams of five. Said twice this week." if number == 0 else None,
            focus=number == 0 and not form.text,
        )
        label = "What did you hear?" if number == 0 else "It goes on"
        hint = None if form.text else HINT
        blocks.append(input_block(block_of(number), label, element, optional=number > 0, hint=hint))
    return blocks


def _line(block: NoteBlock, label: str, initial: str, placeholder: str) -> Block:
    element = plain_text_input(ActionId.ANSWER, initial=initial or None, placeholder=placeholder, max_length=SHORT_MAX)
    return input_block(block, label, element, optional=True)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _from(message: Captured | None) -> list[Block]:
    if message is None:
        return []
    name = escape(message.author, NAME)
    if message.is_own:
        return [context(trusted("Your own message. The note keeps a link to it."))]
    if not message.is_private:
        return [context(mrkdwn("A message of {name} in a public channel. The note keeps a link to it.", name=name))]
    chosen = mrkdwn("What it says is read by those you choose under *{label}*", label=READ_BY)
    if message.tells:
        warning = mrkdwn(
            "⚠️ *This is a private message of {name}. If you save it, {name} is told that you did.*\n{chosen}",
            name=name,
            chosen=chosen,
        )
    else:
        warning = mrkdwn(
            "⚠️ *This message is not public.* It is from {name}, an app, so nobody is told.\n{chosen}",
            name=name,
            chosen=chosen,
        )
    return [section(warning)]


def _about(form: NoteForm) -> list[Block]:
    if form.about_alert is None:
        return []
    return [context(mrkdwn("Feedback on the message of *{name}*.", name=escape(form.about_alert, NAME)))]
