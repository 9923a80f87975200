"""The digest of field notes, and the window with everything in it."""

from __future__ import annotations

from bot.ports import Message
from bot.services.field_notes_digest import FieldNotesDigest
from bot.views.blocks import section
from bot.views.untrusted import trusted


def render_field_notes(digest: FieldNotesDigest) -> Message:
    """The digest, short: the rest is in the window that *Show all* opens."""
    text = trusted("*Field notes*")
    return Message(text=text, blocks=[section(text)])
