"""A question about a campaign alert where it stands, and the forms to ask and to answer."""

from __future__ import annotations

from bot.domain.alert_talk import LONGEST
from bot.ports import Message
from bot.services.alert_details import Tab
from bot.services.alert_question_forms import AnswerForm, AskForm
from bot.services.alert_question_messages import QuestionShown, To
from bot.views.alert_talk import details_button
from bot.views.alert_talk_ids import TalkAction, TalkBlock, TalkCallback, answer_metadata, details_value
from bot.views.blocks import (
    Block,
    Element,
    View,
    actions,
    button,
    context,
    input_block,
    modal,
    option,
    plain_text_input,
    section,
)
from bot.views.ids import ActionId
from bot.views.links import message_link
from bot.views.pickers import checkboxes
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, quote, split, trusted

NAME, CAMPAIGN = 60, 100
WORDS = 1200
PIECE = 2800
WHOLE = 60_000


def render_question(shown: QuestionShown) -> Message:
    """The question, its answer if there is one, and what its reader can do. Long words are whole in the details."""
    campaign, by = escape(shown.campaign, CAMPAIGN), escape(shown.asked_by, NAME)
    if shown.to is To.ASKER and shown.answered_by is not None:
        answered_by = escape(shown.answered_by, NAME)
        title = mrkdwn("{name} answered your question about {campaign}", name=answered_by, campaign=campaign)
    else:
        title = mrkdwn("{name} asks about {campaign}", name=by, campaign=campaign)
    blocks: list[Block] = [section(join([mrkdwn("❓ *{title}*", title=title), quote(shown.text, WORDS)]))]
    if shown.in_place_of:
        stands_in = mrkdwn("You read this because you stand in for {name}.", name=escape(shown.in_place_of, NAME))
        blocks.append(context(stands_in))
    if shown.answer is not None:
        who = mrkdwn("*Answer of {name}*", name=escape(shown.answered_by or "", NAME))
        blocks.append(section(join([who, quote(shown.answer, WORDS)])))
        if shown.expected:
            blocks.append(context(trusted("It stands on the alert now, for all.")))
    link = message_link(shown.link, "The alert, with the question in its thread") if shown.link else None
    if link is not None:
        blocks.append(context(link))
    elements = [details_button(shown.alert_id, "Campaign")]
    if shown.answer is None and shown.to is not To.ASKER:
        elements = [answer_button(shown.question_id, primary=shown.to is To.OWNER), *elements]
    elif len(shown.text) > WORDS or len(shown.answer or "") > WORDS:
        whole = details_value(shown.alert_id, Tab.QUESTIONS)
        elements.append(button("Read all of it", TalkAction.TAB_QUESTIONS, whole))
    blocks.append(actions(*elements))
    return Message(text=title, blocks=blocks)


def ask_form(form: AskForm) -> View:
    """A question about one campaign."""
    text = plain_text_input(
        ActionId.ANSWER, multiline=True, placeholder="What you need to know to sell with it", max_length=LONGEST,
        focus=True,
    )  # fmt: skip
    told = mrkdwn(
        "{owner} hears of it, and it stands in the alert's thread for all. You are told of the answer.",
        owner=escape(form.owner, NAME),
    )
    blocks = [
        section(mrkdwn("*{campaign}*", campaign=escape(form.campaign, CAMPAIGN))),
        input_block(TalkBlock.QUESTION, "Your question", text),
        context(told),
    ]
    return modal(TalkCallback.ASK_SUBMIT, "Ask a question", blocks, submit="Ask", private_metadata=form.alert_id)


def answer_form(form: AnswerForm) -> View:
    """The whole question, and a field for its answer."""
    asked = mrkdwn(
        "{name} asks about *{campaign}*:", name=escape(form.asked_by, NAME), campaign=escape(form.campaign, CAMPAIGN)
    )
    text = plain_text_input(ActionId.ANSWER, multiline=True, initial=form.answer, max_length=LONGEST, focus=True)
    box = option("Add to the expected questions", TalkBlock.EXPECTED, description="It stands on the alert, for all")
    boxes = checkboxes(ActionId.ANSWER, [box], initial=(TalkBlock.EXPECTED,) if form.expected else ())
    blocks: list[Block] = [section(asked), *whole(form.text)]
    if form.answered_by is not None:
        by = mrkdwn("Answered by {name}: what you write stands in its place.", name=escape(form.answered_by, NAME))
        blocks.append(context(by))
    blocks += [
        input_block(TalkBlock.ANSWER, "Answer", text),
        input_block(TalkBlock.EXPECTED, "Should all know?", boxes, optional=True),
    ]
    metadata = answer_metadata(form.question_id, form.seen)
    return modal(TalkCallback.ANSWER_SUBMIT, "Answer a question", blocks, submit="Answer", private_metadata=metadata)


def answer_button(question_id: str, *, primary: bool = False) -> Element:
    return button("Answer…", TalkAction.ANSWER, question_id, style="primary" if primary else None)


def whole(text: str) -> list[Block]:
    """All of somebody's words, however many sections it takes."""
    return [section(piece) for piece in whole_text(text)]


def whole_text(text: str) -> list[Mrkdwn]:
    return split(escape(text, WHOLE, multiline=True), PIECE)
