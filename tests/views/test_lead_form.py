"""The form to hand a lead over, and what is left of somebody who was erased."""

from __future__ import annotations

from bot.services.forms import Choice
from bot.services.lead_form import LeadForm
from bot.services.notices import Erased
from bot.views.ids import BlockId
from bot.views.lead_form import lead_form
from bot.views.notices import render_erased
from tests.views.oracle import assert_slack_takes, words
from tests.views.samples import NOW

ONE = Choice(value="webinar", label="<!channel> Spring")


def inputs(form: LeadForm) -> list[str]:
    return [block["block_id"] for block in lead_form(form)["blocks"] if block["type"] == "input"]


def test_it_asks_who_how_hot_and_why() -> None:
    with_campaigns = inputs(LeadForm(campaigns=(ONE,)))
    assert BlockId.CAMPAIGN in with_campaigns
    assert inputs(LeadForm(campaigns=())) == [one for one in with_campaigns if one != BlockId.CAMPAIGN]
    assert_slack_takes(lead_form(LeadForm(campaigns=(ONE,))))


def test_a_thousand_campaigns_fit() -> None:
    many = tuple(Choice(value=f"c-{number}", label=f"Campaign {number}") for number in range(1000))
    assert_slack_takes(lead_form(LeadForm(campaigns=many)))


def test_of_somebody_who_was_erased_only_that_is_left() -> None:
    message = render_erased(Erased(erased_at=NOW))
    assert "Erased at the person's request" in words(message)
    assert_slack_takes(message)
