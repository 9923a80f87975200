"""The Home tab: one skeleton for all, filled by role. Each section has a module of its own, home_*.py."""

from __future__ import annotations

from bot.services.home import Home
from bot.views import blocks
from bot.views.alert_lists import alerts_to_approve, alerts_to_read, my_alerts
from bot.views.blocks import View
from bot.views.home_agreement import agreement_line
from bot.views.home_campaigns import my_campaigns
from bot.views.home_leaks import leaking
from bot.views.home_marketing import raised, to_answer, to_settle
from bot.views.home_needs import my_leads, needs_you
from bot.views.home_notes import notes_to_answer
from bot.views.home_people import people, standing_in
from bot.views.home_switch import greeting, stranger
from bot.views.home_team import my_people, parked
from bot.views.home_week import lockstep_itself, this_week
from bot.views.ids import pages_metadata
from bot.views.set_up import set_up_blocks


def render_home(home: Home) -> View:
    """The Home of one person, filled by role; empty lists say what will stand there.

    At most PAGE rows of each list and far fewer than Slack's 100 blocks; the view carries which pages it shows.
    """
    if not home.on_roster:
        return blocks.home(stranger(home))
    built = [
        *greeting(home),
        *standing_in(home),
        *set_up_blocks(home.set_up),
        *needs_you(home),
        *to_answer(home.answers),
        *notes_to_answer(home.notes),
        *to_settle(home.disputes),
        *alerts_to_approve(home.alerts),
        *leaking(home.leaks, [row.handoff_id for row in home.mine.rows]),
        *my_leads(home),
        *my_alerts(home.alerts),
        *my_campaigns(home),
        *parked(home),
        *my_people(home),
        *alerts_to_read(home.alerts),
        *people(home),
        *this_week(home),
        *agreement_line(home.agreement),
        *raised(home.raised, may_raise=home.may_disagree),
        *lockstep_itself(home),
    ]
    return blocks.home(built, private_metadata=pages_metadata(home.pages()))
