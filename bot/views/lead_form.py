"""The form in which a person hands a lead over."""

from __future__ import annotations

from bot.domain.agreement_data import Section
from bot.domain.lead import Priority
from bot.services.lead_form import LeadForm
from bot.views.agreement_term import term_button
from bot.views.blocks import Block, View, input_block, modal, option, plain_text_input, section, static_select
from bot.views.form_parts import LISTED, choice_input
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.lead_lines import PRIORITY
from bot.views.untrusted import trusted

SHORT = 200
WHY = 2000


def lead_form(form: LeadForm) -> View:
    """Who it is, how to reach them, how hot it is, and why a rep should call."""
    what = trusted("A lead below the agreed definition of an MQL is not handed over.")
    blocks = [
        section(what, accessory=term_button(Section.MQL)),
        _line(BlockId.NAME, "Name", optional=True, placeholder="Ada Lovelace"),
        _line(BlockId.COMPANY, "Company", optional=True, placeholder="Analytical Engines"),
        _line(BlockId.EMAIL, "E-mail", optional=True, placeholder="ada@example.com"),
        _line(BlockId.PHONE, "Phone", optional=True, placeholder="+44 20 7946 0958"),
        _line(BlockId.COUNTRY, "Country", optional=True, placeholder="Code or name, such as GB or United Kingdom"),
        input_block(
            BlockId.PRIORITY,
            "How hot is it?",
            static_select(
                ActionId.ANSWER,
                [option(PRIORITY[priority], priority.value) for priority in Priority],
                initial=Priority.WARM.value,
            ),
        ),
    ]
    if form.campaigns:
        blocks += choice_input(
            BlockId.CAMPAIGN, "Campaign", form.campaigns[:LISTED], placeholder="Choose a campaign", nothing="",
            optional=True,
        )  # fmt: skip
    why = plain_text_input(
        ActionId.ANSWER, multiline=True, placeholder="What they asked for, when to call", max_length=WHY
    )
    blocks.append(input_block(BlockId.SUMMARY, "Why should a rep call?", why, optional=False))
    return modal(CallbackId.LEAD_SUBMIT, "Hand over a lead", blocks, submit="Hand over")


def _line(block_id: BlockId, label: str, *, optional: bool, placeholder: str) -> Block:
    element = plain_text_input(ActionId.ANSWER, placeholder=placeholder, max_length=SHORT)
    return input_block(block_id, label, element, optional=optional)
