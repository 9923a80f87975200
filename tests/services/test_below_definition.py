"""A lead below the agreed definition is kept and told why, and handed over as soon as later data lifts it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.agreement_document import Agreement
from bot.domain.lead import Stage
from bot.domain.qualification import Qualification
from bot.errors import FormError
from bot.services import crm, imports, practice
from bot.services.answers import Answer
from bot.services.crm_news import LeadStage, LeadUpdated
from bot.services.imports import ImportRow
from bot.services.lead_form import HandOverLead, hand_over_lead
from bot.services.lead_records import HandOver
from storage.transaction import Transaction
from tests.services.signed import put_in_force
from tests.services.world import JONAS, MARKETER, World

ASKED = Qualification(
    minimum_score={"crm": 50},
    required_fields=("country",),
    excluded_domains=("example.org",),
    excluded_countries=("FR",),
)


def unsigned(tx: Transaction) -> None:
    present = tx.agreements.in_force()
    terms = replace(present.terms, qualification=ASKED)
    document = replace(present.document, terms=terms)
    tx.agreements.add(Agreement(id="asks", version=1, document=document, in_force_from=tx.now))


@pytest.fixture(params=["signed", "unsigned"])
async def asking(request: pytest.FixtureRequest, world: World) -> World:
    """Under an agreement that asks for something, signed or not."""
    if request.param == "signed":
        await world.db.run(lambda tx: put_in_force(tx, qualification=ASKED))
    else:
        await world.db.run(unsigned)
    return world


async def test_a_lead_below_the_definition_is_kept_and_each_criterion_named(asking: World) -> None:
    done = await asking.hand_over(score=20, email="a@mail.example.org")
    assert (done.status, done.handoff_id) == (Answer.BELOW_DEFINITION, None)
    assert [one.criterion for one in done.below] == ["required_fields.country", "minimum_score.crm", "excluded_domains"]
    assert "It has a score of 20; the agreement asks for at least 50" in done.below[1].sentence
    lead = await asking.lead(done.lead_id or "")
    assert (lead.stage, lead.below_at) == (Stage.LEAD, asking.clock.now())
    assert await asking.of_lead(lead.id) == []
    assert await asking.events(lead.id) == ["lead.received", "lead.below_definition"]


async def test_a_lead_that_meets_it_is_offered(asking: World) -> None:
    done = await asking.hand_over(score=50, country="DE")
    assert (done.status, done.below) == (Answer.OFFERED, ())


async def test_the_same_delivery_again_is_answered_alike(asking: World) -> None:
    first = await asking.hand_over(score=20, delivery_id="d-1")
    assert await asking.hand_over(score=20, delivery_id="d-1") == replace(first, seen=True)


async def test_data_that_lifts_it_hands_it_over(asking: World) -> None:
    kept = await asking.hand_over(score=20, country="DE")
    still = await asking.hand_over(score=30, country="DE")
    assert (still.status, still.lead_id) == (Answer.BELOW_DEFINITION, kept.lead_id)
    lifted = await asking.hand_over(score=60, country="DE")
    assert (lifted.status, lifted.lead_id) == (Answer.OFFERED, kept.lead_id)
    lead = await asking.lead(kept.lead_id or "")
    assert (lead.stage, lead.below_at) == (Stage.MQL, None)


async def test_a_touch_of_the_same_person_lifts_it(asking: World) -> None:
    kept = await asking.hand_over("1", score=20, country="DE", email="ada@example.com")
    lifted = await asking.hand_over("2", score=60, country="DE", email="ada@example.com")
    assert (lifted.status, lifted.lead_id) == (Answer.OFFERED, kept.lead_id)


async def test_an_update_of_its_data_lifts_it_and_one_of_a_lead_that_was_only_stored_does_not(asking: World) -> None:
    kept = await asking.hand_over("1", score=20, country="DE")
    stored = await asking.hand_over("2", score=60, country="DE", offered=False)
    asking.clock.advance(timedelta(minutes=1))
    answers = []
    for external_id in ("1", "2"):
        news = LeadUpdated(
            source="crm", external_id=external_id, delivery_id=f"u-{external_id}", at=asking.clock.now(),
            values={"score": 70},
        )  # fmt: skip
        answers.append(await asking.db.run(crm.hear, news))
    assert [one.status for one in answers] == [Answer.OFFERED, Answer.UPDATED]
    assert answers[0].lead_id == kept.lead_id
    assert await asking.of_lead(stored.lead_id or "") == []


async def test_a_lead_somebody_has_already_stays_theirs_whatever_it_says_now(asking: World) -> None:
    taken = await asking.hand_over(score=60, country="DE")
    again = await asking.hand_over(score=60, country="FR")
    assert (again.status, again.handoff_id) == (Answer.UPDATED, taken.handoff_id)


async def test_by_hand_the_sentence_stands_at_the_field_and_nothing_is_kept(asking: World) -> None:
    lead = HandOver(source="slack", external_id="form-1", name="Ada", email="a@example.org", summary="Called")
    with pytest.raises(FormError) as refused:
        await asking.db.run(hand_over_lead, HandOverLead(by=MARKETER, lead=lead))
    assert set(refused.value.fields) == {"country", "email"}
    assert await asking.db.read(lambda tx: tx.leads.by_key("slack", "form-1")) is None
    good = replace(lead, email="a@example.com", country="DE")
    assert "Handed over" in await asking.db.run(hand_over_lead, HandOverLead(by=MARKETER, lead=good))


async def test_a_practice_lead_needs_nothing(asking: World) -> None:
    await asking.db.run(practice.start_practice, JONAS)
    practised = await asking.db.read(lambda tx: tx.handoffs.practised_by("p1"))
    assert practised


async def test_news_of_what_became_of_a_kept_lead_elsewhere_hands_it_to_nobody(asking: World) -> None:
    """Also under a definition it meets by now: only what is known of the person lifts it, and not once it is lost."""
    kept = await asking.hand_over("9", score=20)
    asking.clock.advance(timedelta(seconds=1))
    await asking.db.run(lambda tx: put_in_force(tx, qualification=Qualification()))
    now = asking.clock.now()
    lost = LeadStage(source="crm", external_id="9", delivery_id="d1", at=now, stage=Stage.LOST)
    heard = await asking.db.run(crm.hear, lost)
    assert (heard.status, heard.handoff_id) == (Answer.UPDATED, None)
    later = LeadUpdated(source="crm", external_id="9", delivery_id="d2", at=now, values={"country": "DE"})
    assert (await asking.db.run(crm.hear, later)).handoff_id is None
    assert kept.lead_id is not None
    assert (await asking.lead(kept.lead_id)).below_at is not None


async def test_a_row_that_was_below_is_handed_over_under_a_definition_that_asks_for_less(asking: World) -> None:
    command = HandOver(source="crm", external_id="77", email="x@example.com", origin_kind="import")
    row = ImportRow(number=1, content="c", command=command)
    await asking.db.run(lambda tx: tx.imports.begin("i1", "crm", "leads.csv"))
    (said,) = await asking.db.run(lambda tx: imports.take_rows(tx, "i1", [row]))
    assert said.startswith("below the definition: The agreement asks for country")
    asking.clock.advance(timedelta(seconds=1))
    await asking.db.run(lambda tx: put_in_force(tx, qualification=Qualification()))
    (said,) = await asking.db.run(lambda tx: imports.take_rows(tx, "i1", [row]))
    assert "below" not in said
    (said,) = await asking.db.run(lambda tx: imports.take_rows(tx, "i1", [row]))
    assert said == imports.KNOWN
