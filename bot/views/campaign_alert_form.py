"""The windows in which a campaign alert is written, previewed, sent back and withdrawn."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import campaign_alert_input as reading
from bot.domain.campaign_alert import AlertState
from bot.domain.money import CURRENCIES
from bot.services.campaign_alert_form import AlertForm
from bot.services.campaign_alert_preview import Preview
from bot.services.campaign_alert_reading import ENDS_AT, STARTS_AT
from bot.views.blocks import (
    Block,
    Element,
    View,
    actions,
    button,
    context,
    datepicker,
    divider,
    header,
    input_block,
    modal,
    option,
    plain_text_input,
    section,
    static_select,
)
from bot.views.campaign_alert import NAME, TEXT, alert_blocks
from bot.views.campaign_alert_ids import (
    AlertAction,
    AlertBlock,
    AlertCallback,
    AlertRef,
    alert_metadata,
)  # fmt: skip
from bot.views.campaign_notice import decision_buttons, lead_time_line, owner_buttons
from bot.views.form_parts import choice_input
from bot.views.ids import ActionId
from bot.views.pickers import multi_channel_select, number_input, timepicker, users_select
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, quote, trusted

OFFER = 300
NEEDED = "Needed before sales is told."
"""Of what a draft may lack."""
CHANNELS = 30


def alert_form(form: AlertForm, *, over_preview: bool = False) -> View:
    """A new alert, or one to change; in four parts, what is rarely known last."""
    blocks: list[Block] = [*_head(form), *_campaign(form), *_when(form), *_buyers(form), *_sales(form)]
    ref = AlertRef(
        alert_id=form.alert_id, version=form.version, tz=form.tz, over_preview=over_preview,
        questions=form.questions_seen if form.alert_id else None,
    )  # fmt: skip
    return modal(
        AlertCallback.SUBMIT,
        "Campaign alert" if form.alert_id else "New campaign alert",
        blocks,
        submit="Save",
        private_metadata=alert_metadata(ref),
    )


def preview_view(preview: Preview) -> View:
    """The message as sales will see it, with what comes next: for the owner Send for approval, for a sales manager
    Approve."""
    alert = preview.alert
    told = alert.state in (AlertState.SCHEDULED, AlertState.LIVE, AlertState.ENDED)
    blocks: list[Block] = []
    if preview.is_typed:
        blocks.append(context(trusted("Not saved yet: Close or ‹ goes back to your form; × drops it.")))
    if preview.missing:
        blocks.append(context(mrkdwn("⚠️ Before sales can be told, fill in: {what}.", what=", ".join(preview.missing))))
    if alert.state is AlertState.PROPOSED and preview.needs_approval:
        blocks.append(context(trusted("It waits for the approval of a sales manager.")))
    if alert.state is not AlertState.WITHDRAWN:
        blocks.append(context(lead_time_line(preview.lead_time, told=told and not preview.is_typed)))
    blocks += [divider(), header(f"Campaign alert: {alert.campaign}"), *alert_blocks(alert), divider()]
    controls = _controls(preview)
    if controls:
        blocks.append(actions(*controls))
    send = preview.can_propose and not preview.is_typed
    if send:
        next_step = "It goes to the sales managers, who approve it with one click."
        at_once = "No approval is needed: sales is told at once."
        blocks.append(context(trusted(next_step if preview.needs_approval else at_once)))
    return modal(
        AlertCallback.PROPOSE_SUBMIT if send else AlertCallback.PREVIEW_VIEW,
        "As sales will see it",
        blocks,
        submit=("Send for approval" if preview.needs_approval else "Tell sales") if send else None,
        close="Keep as draft" if send and alert.state is AlertState.DRAFT else "Close",
        private_metadata=alert_metadata(AlertRef(alert_id=alert.alert_id, version=alert.version)),
    )


def send_back_form(preview: Preview, *, over_preview: bool = False) -> View:
    """Why the owner has to mend it."""
    return _why(
        preview, AlertCallback.SEND_BACK_SUBMIT, "Send back", "What has to change?",
        "Its owner reads it and can send it again.", over_preview=over_preview,
    )  # fmt: skip


def withdraw_form(preview: Preview, *, over_preview: bool = False) -> View:
    """Why it does not take place."""
    told = preview.alert.state in (AlertState.SCHEDULED, AlertState.LIVE)
    hint = "Sales reads it in place of the alert." if told else "Sales has not been told of it: nobody reads this."
    return _why(
        preview,
        AlertCallback.WITHDRAW_SUBMIT,
        "Withdraw",
        "Why does it not take place?",
        hint,
        optional=not told,
        over_preview=over_preview,
    )


def _why(
    preview: Preview, callback: AlertCallback, word: str, label: str, hint: str, *, optional: bool = False,
    over_preview: bool,
) -> View:  # fmt: skip
    alert = preview.alert
    said = mrkdwn("The campaign alert *{name}* of {owner}", name=escape(alert.campaign, NAME), owner=alert.owner)
    why = plain_text_input(ActionId.ANSWER, multiline=True, max_length=reading.LONGEST_INPUT, focus=True)
    field = input_block(AlertBlock.WHY, label, why, hint=hint, optional=optional)
    ref = AlertRef(alert_id=alert.alert_id, version=alert.version, over_preview=over_preview)
    return modal(callback, word, [section(said), field], submit=word, private_metadata=alert_metadata(ref))


def _controls(preview: Preview) -> list[Element]:
    alert = preview.alert
    if preview.is_typed:
        return []
    found: list[Element] = decision_buttons(alert.alert_id, alert.version) if preview.can_approve else []
    return [*found, *owner_buttons(alert.alert_id, alert.state)] if preview.can_edit else found


def _head(form: AlertForm) -> list[Block]:
    blocks: list[Block] = []
    if form.sent_back and form.state is AlertState.DRAFT:
        by = mrkdwn("*Sent back to you by {by}:*", by=escape(form.sent_back_by or "a sales manager", NAME))
        blocks.append(section(join([by, quote(form.sent_back, TEXT)])))
    said = trusted("Save keeps it as a draft and shows it as sales will see it; from there you send it for approval.")
    if form.state is AlertState.PROPOSED:
        said = trusted("It waits for approval: whoever approves it sees what you save.")
    elif form.state is not AlertState.DRAFT:
        said = trusted("Sales has been told: what you save changes the message in every channel.")
    return [*blocks, section(said, accessory=button("Preview", AlertAction.TRY, form.alert_id or "new"))]


def _campaign(form: AlertForm) -> list[Block]:
    blocks: list[Block] = [header("Campaign")]
    blocks += choice_input(
        AlertBlock.CAMPAIGN, "Campaign", form.campaigns, placeholder="Choose one that leads name already",
        nothing="has to be named below: leads name none yet.", optional=True,
        hint="Or name a new one below: one of the two is needed.", initial=form.campaign or None,
    )  # fmt: skip
    name = plain_text_input(ActionId.ANSWER, placeholder="Spring webinar", max_length=reading.NAME_MAX)
    key = plain_text_input(ActionId.ANSWER, placeholder="spring-webinar", max_length=reading.KEY_MAX)
    hint = "Leads name their campaign by it. Empty: made from the name."
    owner = users_select(ActionId.ANSWER, placeholder="Who answers for it", initial=form.owner)
    whose = "Sales asks them, and they hear what becomes of it."
    if form.hidden_owner is not None:
        whose = "Its owner is not in this menu; they stay unless you choose somebody else."
        blocks.append(context(mrkdwn("Its owner is {name}.", name=escape(form.hidden_owner, NAME))))
    return [
        *blocks,
        input_block(
            AlertBlock.NAME, "Or a new one: its name" if form.campaigns else "Name of the campaign", name,
            hint="Needed where none is chosen above." if form.campaigns else None, optional=bool(form.campaigns),
        ),
        input_block(AlertBlock.KEY, "Key of the new one", key, hint=hint, optional=True),
        input_block(AlertBlock.OWNER, "Owner", owner, hint=whose, optional=form.hidden_owner is not None),
    ]  # fmt: skip


def _when(form: AlertForm) -> list[Block]:
    return [
        header("When"),
        context(mrkdwn("Times are those of {tz}; each reader sees their own.", tz=form.tz.replace("_", " "))),
        _day(AlertBlock.START_DATE, "Start", form.start_date, "The day on which buyers see it first."),
        _time(AlertBlock.START_TIME, "Start, time of day", form.start_time, f"Empty: it starts at {STARTS_AT:%H:%M}."),
        _day(AlertBlock.END_DATE, "End", form.end_date, "Empty: it runs until somebody ends it."),
        _time(AlertBlock.END_TIME, "End, time of day", form.end_time, f"Empty: it ends at {ENDS_AT:%H:%M}."),
    ]


def _buyers(form: AlertForm) -> list[Block]:
    needed = _needed(form)
    offers = choice_input(
        AlertBlock.OFFER, "The offer in one line", form.offers, placeholder="One of the offers agreed on",
        nothing="is a new one: the agreement has no list of offers yet.", optional=True,
        hint="This one or a new one below is needed before sales is told.", initial=form.offer or None,
    )  # fmt: skip
    if form.offer and all(one.value != form.offer for one in form.offers):
        offers.append(context(trusted("Its offer is not agreed on any more: choose another one, or write it below.")))
    new = plain_text_input(
        ActionId.ANSWER, initial=form.new_offer or None, placeholder="Two months free for teams of 50",
        max_length=OFFER,
    )  # fmt: skip
    return [
        header("What buyers see"),
        _text(AlertBlock.BUYER_SEES, "What the buyer will see", form.buyer_sees, "The words of the e-mail, ad or page",
              hint=needed, optional=needed is not None),
        _text(AlertBlock.AUDIENCE, "Audience", form.audience, "Heads of logistics in Germany",
              hint=needed, optional=needed is not None),
        _line(AlertBlock.SEGMENT, "Segment", form.segment, "Enterprise"),
        *offers,
        input_block(
            AlertBlock.NEW_OFFER, "Or a new offer" if form.offers else "The new offer", new,
            hint=_hint(None if form.offers else needed, "It is marked as new, until the agreement has it."),
            optional=bool(form.offers) or needed is not None,
        ),
    ]  # fmt: skip


def _sales(form: AlertForm) -> list[Block]:
    channels = multi_channel_select(
        ActionId.ANSWER, placeholder="Where sales is told", initial=form.channels, most=CHANNELS
    )
    volume = number_input(ActionId.ANSWER, least=0, most=reading.LARGEST_VOLUME, initial=form.volume)
    cost = plain_text_input(ActionId.ANSWER, initial=form.cost or None, placeholder="12,000", max_length=40)
    money = static_select(
        ActionId.ANSWER, [option(one, one) for one in CURRENCIES], placeholder="Currency", initial=form.currency or None
    )
    return [
        header("For sales"),
        input_block(
            AlertBlock.CHANNELS, "Sales channels", channels,
            hint=_hint(_needed(form), "I must be in them: type /invite and my name there."),
            optional=_needed(form) is not None,
        ),
        *_questions(form.questions, form.questions_kept),
        _text(AlertBlock.LEAD_LOOKS_LIKE, "What a resulting lead looks like", form.lead_looks_like,
              "Signed up for the webinar, has asked for no demo yet"),
        _text(AlertBlock.ASSETS, "Links and assets", form.assets, "Landing page | https://example.com/spring",
              hint="One a line: a label, | and the address."),
        input_block(AlertBlock.VOLUME, "Expected leads", volume, optional=True),
        input_block(AlertBlock.COST, "Cost, if known", cost, optional=True),
        input_block(AlertBlock.CURRENCY, "Currency of the cost", money, hint="Needed with a cost.", optional=True),
    ]  # fmt: skip


def _questions(texts: Sequence[str], kept: int) -> list[Block]:
    blocks: list[Block] = []
    hint = "Begin each question with Q: and its answer, on the next line, with A:."
    for number, text in enumerate([*texts, ""] if _is_full(texts) else texts or [""]):
        label = "Expected questions, with answers" if number == 0 else "Expected questions, continued"
        block_id = f"{AlertBlock.QUESTIONS}.{number}"
        blocks.append(
            _text(block_id, label, text, "Q: Is it free? (next line) A: Yes, until the end of May.", hint=hint)
        )
    if kept:
        stay: Mrkdwn = mrkdwn("{count} more do not fit into a field here and stay as they are.", count=kept)
        blocks.append(context(stay))
    return blocks


def _needed(form: AlertForm) -> str | None:
    """What is said at a field a draft may lack, and nothing else may: there the field must be filled."""
    return NEEDED if form.state is AlertState.DRAFT else None


def _hint(*sentences: str | None) -> str:
    return " ".join(one for one in sentences if one)


def _is_full(texts: Sequence[str]) -> bool:
    """Whether whoever wants to add a question needs another field for it."""
    return bool(texts) and len(texts[-1]) > reading.LONGEST_INPUT // 2


def _day(block_id: AlertBlock, label: str, initial: str | None, hint: str) -> Block:
    menu = datepicker(ActionId.ANSWER, initial=initial, placeholder="Choose a day")
    return input_block(block_id, label, menu, hint=hint, optional=block_id is not AlertBlock.START_DATE)


def _time(block_id: AlertBlock, label: str, initial: str, hint: str) -> Block:
    menu = timepicker(ActionId.ANSWER, placeholder="Choose a time", initial=initial)
    return input_block(block_id, label, menu, hint=hint, optional=True)


def _line(block_id: AlertBlock, label: str, text: str, placeholder: str) -> Block:
    element = plain_text_input(
        ActionId.ANSWER, initial=text or None, placeholder=placeholder, max_length=reading.LONGEST_INPUT
    )
    return input_block(block_id, label, element, optional=True)


def _text(
    block_id: str, label: str, text: str, placeholder: str, *, hint: str | None = None, optional: bool = True
) -> Block:  # fmt: skip
    element = plain_text_input(
        ActionId.ANSWER, multiline=True, initial=text or None, placeholder=placeholder,
        max_length=reading.LONGEST_INPUT,
    )  # fmt: skip
    return input_block(block_id, label, element, hint=hint, optional=optional)
