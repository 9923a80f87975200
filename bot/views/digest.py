"""A digest of whatever kind, as it stands in its place and as a preview to oneself."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from bot.ports import Message
from bot.services.campaign_digest import CampaignDigest
from bot.services.digests import DigestShown
from bot.services.field_notes_digest import FieldNotesDigest
from bot.views.blocks import MESSAGE_BLOCKS, Block, View, context, modal
from bot.views.digest_campaigns import render_campaigns
from bot.views.digest_field_notes import render_field_notes
from bot.views.ids import CallbackId
from bot.views.pictures import PICTURES
from bot.views.untrusted import escape, mrkdwn

NAME = 80


def render_digest(shown: DigestShown) -> Message:
    """The message of a digest."""
    message = _content(shown)
    if shown.sent_by is None:
        return message
    who = context(mrkdwn("Sent now by {name}, beside its schedule.", name=escape(shown.sent_by, NAME)))
    return replace(message, blocks=[who, *message.blocks][:MESSAGE_BLOCKS])


def digest_preview(shown: DigestShown, name: str) -> View:
    """The same in a window that only one person sees; what is pressed in it would be about a digest that is not
    there, so it has no buttons. Windows take no charts; the text beside them says the same."""
    said = mrkdwn("*{name}*, as it would be now. Only you see this.", name=escape(name, NAME))
    blocks: list[Block] = [context(said), *map(_in_window, _content(shown).blocks)]
    blocks = [block for block in blocks if block]
    return modal(CallbackId.DIGEST_PREVIEW_VIEW, "Preview", blocks, close="Close")


def _in_window(block: Block) -> Block:
    if block.get("type") in ("actions", *PICTURES):
        return {}
    return {name: value for name, value in block.items() if name != "accessory"}


def _content(shown: DigestShown) -> Message:
    match shown.content:
        case FieldNotesDigest():
            return render_field_notes(shown.content)
        case CampaignDigest():
            return render_campaigns(shown.content)
        case _:
            assert_never(shown.content)
