"""Which view renders which value."""

from __future__ import annotations

from typing import assert_never

from bot.ports import Message
from bot.services.brief_content import BriefShown
from bot.services.cards import Card
from bot.services.delivery import Said
from bot.services.floods import Summary
from bot.services.notices import Alert, Erased, RejectNotice, TouchNotice
from bot.services.welcome import Welcome
from bot.views.brief import render_brief
from bot.views.flood_summary import render_summary
from bot.views.handoff_card import render_card
from bot.views.notices import render_alert, render_erased, render_reject_notice, render_touch_notice
from bot.views.practice import render_welcome


def render(said: Said) -> Message:
    """The message that says it."""
    match said:
        case Card():
            return render_card(said)
        case RejectNotice():
            return render_reject_notice(said)
        case TouchNotice():
            return render_touch_notice(said)
        case Alert():
            return render_alert(said)
        case BriefShown():
            return render_brief(said)
        case Summary():
            return render_summary(said)
        case Welcome():
            return render_welcome(said)
        case Erased():
            return render_erased(said)
        case _:
            assert_never(said)
