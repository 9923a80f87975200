"""Stories: marketing answers a reject. Disputed, left to the arbiter, overturned, offered again, accepted; or fixed and
sent again; and both sides read every step of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.person import Role
from storage.database import Database
from storage.transaction import Transaction
from tests.services.signed import put_in_force
from tests.services.world import StandingClock
from tests.stories.brightwater import Brightwater, Person, action_labelled, labels, words

pytestmark = pytest.mark.story


async def sign(office: Brightwater) -> None:
    """Both sides have signed the agreement, so its windows are kept; Noor is the arbiter."""

    def signed(tx: Transaction) -> None:
        put_in_force(tx)
        noor = tx.people.by_email("noor.haddad@example.com")
        assert noor is not None
        tx.people.set_roster(replace(noor, roles=noor.roles | {Role.ARBITER}))

    clock = StandingClock()
    clock.advance(await office.now() - clock.now())
    db = Database.open(office.database_url, clock=clock)
    try:
        await db.run(signed)
    finally:
        await db.close()


async def rejected(office: Brightwater, **answers: str | list[str]) -> Person:
    await office.hands_over()
    rep, card = await office.rep_with("Étienne Marchand")
    await rep.rejects(card, "messages", "Not ready to talk to sales", comment="Only looking around.", **answers)
    return rep


async def presses(person: Person, label: str, *parts: str) -> None:
    message = await person.sees("messages", *parts)
    action = action_labelled(message["blocks"], label)
    await person._act("click", place=await person.place("messages"), message_ts=message["ts"], action_id=action)


async def test_rejected_disputed_timed_out_to_the_arbiter_overturned_offered_again_accepted(
    closed_office: Brightwater,
) -> None:
    office = closed_office
    await sign(office)
    async with office.lockstep():
        rep = await rejected(office)
        await presses(office.sam, "Dispute…", "Étienne Marchand", "Answer by")
        assert await office.sam.submits(why="He asked for a price on our pricing page.") == {}
        await office.sam.sees("messages", "*Disputed* by Sam Patel", "With Anna Keller and Helen Whitcombe")
        asked = await office.anna.sees(
            "messages", "Sam Patel disputes a reject", "Only looking around.", "on our pricing"
        )
        assert labels(asked) == ["My opinion…", "To the arbiter", "What was agreed"]
        await office.helen.sees("messages", "Sam Patel disputes a reject")

        # One manager says what she thinks, the other nothing: in time it is the arbiter's.
        await presses(office.anna, "My opinion…", "Sam Patel disputes a reject")
        await office.anna.submits(ruling="Uphold: the reject stands", sentence="There is no project yet.")
        says = "Sales, Anna Keller thinks: *it should stand*"
        await office.helen.sees("messages", "Sam Patel disputes a reject", says)
        await office.noor.sees_none("messages", "disputes a reject")
        await office.passes(days=4)
        ruling = await office.noor.sees("messages", "Sam Patel disputes a reject: your ruling is needed")
        assert labels(ruling) == ["Rule…", "What was agreed"]
        over = await office.helen.sees("messages", "the arbiter has it now")
        assert labels(over) == []

        await presses(office.noor, "Rule…", "your ruling is needed")
        sentence = "Who asks for a price is ready to talk."
        await office.noor.submits(ruling="Overturn: the lead is offered again", sentence=sentence)
        for reader in (office.sam, rep, office.anna, office.helen):
            heard = [
                one for one in await reader.messages("messages") if "The arbiter, Noor Haddad: overturned" in words(one)
            ]
            assert heard, f"{reader.first} was not told"
            assert all(sentence in words(one) for one in heard)

        others = [one for one in office.reps if one is not rep]
        again, card = await office.rep_with("Étienne Marchand", "which was overturned", among=others)
        assert sentence in words(card)
        await again.presses("Accept", card, "messages")
        await office.sam.sees("messages", "*Overturned*: the reject counts against nobody", "Accepted by")
        home = words(await office.sam.opens_home())
        assert "0\u00a0rejected" in home


async def test_fixed_and_sent_again_the_next_rep_reads_what_changed(office: Brightwater) -> None:
    rep = await rejected(office)
    await presses(office.sam, "Fix and resend…", "Étienne Marchand", "Not ready")
    form = await office.sam.submits(what_changed="   ")
    assert "Say what changed" in str(form["errors"]["what_changed"])
    done = await office.sam.submits(phone="+33 1 99 00 99 99", what_changed="The number was a fax; this is his own.")
    assert "Sent again. Offered to" in words(done)
    others = [one for one in office.reps if one is not rep]
    next_rep, card = await office.rep_with(
        "Étienne Marchand", "Sent again by Sam Patel: The number was a fax", among=others
    )
    await next_rep.presses("Accept", card, "messages")
    await next_rep.sees("messages", "Accepted by", "+33199009999")
    await office.sam.sees("messages", "*Fixed and sent again* by Sam Patel", "Accepted by")


async def test_several_rejects_are_answered_at_once_from_home(office: Brightwater) -> None:
    for number in range(3):
        await office.hands_over(external_id=f"S-{number}", name=f"Lead Number{number}", email=f"s{number}@example.com")
        rep, card = await office.rep_with(f"Lead Number{number}")
        await rep.rejects(card, "messages", "Not ready to talk to sales")
    home = words(await office.sam.opens_home())
    assert "3 rejects wait for an answer." in home
    assert "Rejects to answer · 3" in home
    await office.sam.presses_on_home("Answer several…")
    form = await office.sam.form()
    assert form is not None
    left = await office.sam.submits(answer_all="Dispute: they should have been accepted")
    assert set(left["errors"]) == {"rejects", "why"}
    await office.sam.fills("rejects", ["Lead Number0, Ateliers Marchand", "Lead Number2, Ateliers Marchand"])
    done = await office.sam.submits(why="All of them asked for a demo.")
    assert "2 rejects are disputed." in words(done)
    asked = await office.anna.sees("messages", "Sam Patel disputes 2 rejects", "Lead Number0", "Lead Number2")
    assert "Lead Number1" not in words(asked)


async def test_a_disagreement_on_a_definition_is_settled_by_the_two_managers(office: Brightwater) -> None:
    await office.jonas.opens_home()
    await office.jonas.presses_on_home("Raise a disagreement…")
    done = await office.jonas.submits(about="The definition of an MQL", why="A download alone is no MQL.")
    assert "Raised" in words(done)
    for manager in (office.anna, office.helen):
        await presses(manager, "My opinion…", "Jonas Brandt disagrees", "The definition of an MQL")
        await manager.submits(ruling="It changes", sentence="We will ask for a second touch.")
    await office.jonas.sees("messages", "Jonas Brandt disagrees: it changes", "We will ask for a second touch.")
    assert "*it changes*" in words(await office.jonas.opens_home())
