"""The form for the channels that all teams share, the CRM's hosts, and who hears of trouble."""

from __future__ import annotations

from bot.services.channel_setup import ChannelsForm
from bot.views.blocks import Block, View, context, input_block, modal, option, plain_text_input
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.pickers import channel_select, checkboxes, multi_channel_select, users_select
from bot.views.set_up_ids import seen_metadata
from bot.views.untrusted import escape, mrkdwn, trusted

NAME = 60
MOST_CHANNELS = 30
APPROVAL = "approval"
_APPROVAL = option("A sales manager approves each before sales is told", APPROVAL)


def channels_form(form: ChannelsForm) -> View:
    """Where leads go that nobody could be offered, and the few other places all teams share."""
    hosts = plain_text_input(
        ActionId.ANSWER, initial=", ".join(form.crm_hosts) or None, placeholder="crm.example.com", max_length=1000
    )
    told = users_select(ActionId.ANSWER, placeholder="Nobody", initial=form.admin)
    blocks = [
        _channel(
            BlockId.FALLBACK_CHANNEL,
            "Fallback channel",
            form.fallback_channel,
            "Leads that nobody could be offered stand here, for managers and all reps, with the reason.",
        ),
        _channel(
            BlockId.MARKETING_CHANNEL,
            "Marketing channel",
            form.marketing_channel,
            "Hears of a rejected lead whose campaign has no owner.",
        ),
        input_block(
            BlockId.SALES_CHANNELS,
            "Sales channels",
            multi_channel_select(
                ActionId.ANSWER, placeholder="Choose channels", initial=form.sales_channels, most=MOST_CHANNELS
            ),
            hint="Campaign alerts are told here, unless an alert names others.",
            optional=True,
        ),
        context(trusted("I must be in all these channels: type `/invite` and my name there.")),
        input_block(
            BlockId.ALERTS_APPROVAL,
            "Campaign alerts",
            checkboxes(ActionId.ANSWER, [_APPROVAL], initial=[APPROVAL] if form.alerts_need_approval else []),
            optional=True,
        ),
        input_block(
            BlockId.CRM_HOSTS,
            "CRM hosts",
            hosts,
            hint="Open in CRM leads only to these, separated by commas. A link to any other host is not shown.",
            optional=True,
        ),
        input_block(BlockId.ADMIN, "Who hears of trouble?", told, optional=True, hint="Somebody on the roster."),
    ]
    if form.hidden_admin:
        name = mrkdwn(
            "Now it is {name}, who has no account in Slack. It stays so if the field is empty.",
            name=escape(form.hidden_admin, NAME),
        )
        box = option(f"{form.hidden_admin} hears of trouble no more", "admin")
        boxes = checkboxes(ActionId.ANSWER, [box])
        blocks += [context(name), input_block(BlockId.TAKE_OUT, "Without an account in Slack", boxes, optional=True)]
    metadata = seen_metadata("", form.seen)
    return modal(CallbackId.CHANNELS_SUBMIT, "Channels", blocks, submit="Save", private_metadata=metadata)


def _channel(block_id: BlockId, label: str, initial: str | None, hint: str) -> Block:
    menu = channel_select(ActionId.ANSWER, placeholder="Choose a channel", initial=initial)
    return input_block(block_id, label, menu, hint=hint, optional=True)
