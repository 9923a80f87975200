"""The digest of campaigns, and the window with everything in it."""

from __future__ import annotations

from bot.ports import Message
from bot.services.campaign_digest import CampaignDigest
from bot.views.blocks import section
from bot.views.untrusted import trusted


def render_campaigns(digest: CampaignDigest) -> Message:
    """The digest, short: the rest is in the window that *Show all* opens."""
    text = trusted("*Campaigns*")
    return Message(text=text, blocks=[section(text)])
