"""Campaigns in a window: the list, and the form for one of them."""

from __future__ import annotations

from bot.services.campaign_set_up import KEY_MAX, NAME_MAX, CampaignEntryRow, CampaignForm
from bot.views.blocks import (
    Block,
    View,
    actions,
    button,
    context,
    divider,
    input_block,
    modal,
    plain_text_input,
    section,
)
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.pickers import users_select
from bot.views.set_up_ref import PAGE, SetUpBlock, ref_metadata, turn, within
from bot.views.untrusted import escape, mrkdwn, trusted

LIST = "campaigns"
SHORT = 100


def campaigns_view(rows: tuple[CampaignEntryRow, ...], page: int = 0, *, note: str | None = None) -> View:
    """The campaigns, PAGE a page. `note`: what just happened."""
    page = within(page, rows)
    blocks: list[Block] = []
    if note is not None:
        blocks.append(section(mrkdwn("{note}", note=escape(note, 300))))
    how = trusted(
        "The owner hears of rejects and sees the numbers on Home. A lead that names a new key makes a campaign."
    )
    blocks.append(context(how))
    if not rows:
        blocks.append(section(trusted("*No campaign yet.* One is made when a lead first names it, or add it here.")))
    blocks += [_row(row) for row in rows[page * PAGE : (page + 1) * PAGE]]
    blocks += turn(LIST, page, rows)
    blocks += [divider(), actions(button("Add a campaign…", ActionId.CAMPAIGN_ADD, "campaign", style="primary"))]
    return modal(
        CallbackId.CAMPAIGNS_VIEW, "Campaigns", blocks, close="Close", private_metadata=ref_metadata(page=page)
    )


def campaign_form(form: CampaignForm, page: int = 0) -> View:
    """One campaign: what people call it, and whose it is."""
    blocks: list[Block] = []
    if form.id:
        blocks.append(section(mrkdwn("Leads name it `{key}`.", key=escape(form.key, SHORT))))
    else:
        key = plain_text_input(ActionId.ANSWER, placeholder="spring-webinar", max_length=KEY_MAX)
        blocks.append(input_block(SetUpBlock.KEY, "Key", key, hint="As leads name it. It cannot be changed later."))
    name = plain_text_input(
        ActionId.ANSWER, initial=form.name or None, placeholder="Spring webinar", max_length=NAME_MAX
    )
    blocks.append(input_block(BlockId.NAME, "Name", name, hint="What people call it. Empty: the key.", optional=True))
    owner = users_select(ActionId.ANSWER, placeholder="Nobody", initial=form.owner)
    hint = "Hears what becomes of its leads."
    if form.hidden is not None:
        hint = "It has an owner whom this menu cannot show; they stay unless you choose somebody else."
        blocks.append(context(mrkdwn("Its owner is {owner}, who is not in Slack.", owner=escape(form.hidden, SHORT))))
    blocks.append(input_block(SetUpBlock.OWNER, "Owner", owner, hint=hint, optional=True))
    return modal(
        CallbackId.CAMPAIGN_SUBMIT,
        "Change campaign" if form.id else "Add a campaign",
        blocks,
        submit="Save" if form.id else "Add",
        private_metadata=ref_metadata(thing=form.id, seen=form.seen, page=page),
    )


def _row(row: CampaignEntryRow) -> Block:
    owner = mrkdwn("of {owner}", owner=escape(row.owner, SHORT)) if row.owner else trusted("⚠️ without an owner")
    says = mrkdwn("*{name}* (`{key}`)\n{owner}", name=escape(row.name, SHORT), key=escape(row.key, SHORT), owner=owner)
    return section(says, accessory=button("Change…", ActionId.CAMPAIGN_EDIT, row.id))
