"""All of a person's leads go to others: each once, with its history, however many they are and whatever happens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.handoff import End, Opened, Status
from bot.domain.person import Role, Side
from bot.domain.post import Subject
from bot.domain.reassignment import Reassignment, Which
from bot.domain.routing import Target
from bot.errors import FormError, NotAllowed, NotFound, Refused
from bot.services import people, reassigning_all
from bot.services.reassigning_all import AT_ONCE, BY_RULES, ReassignAll
from bot.services.reassigning_all_form import reassign_all_form, said_of
from storage.transaction import Transaction
from tests.services.world import ADMIN, INES, JONAS, MANAGER, MARKETER, World, everything_to


async def filled(world: World, offers: int, accepted: int = 0) -> None:
    """Jonas has so many leads that wait, and so many accepted ones; then the rule is team Europe again."""
    await world.rules(everything_to(Target.REP, "p1"))
    for number in range(offers + accepted):
        done = await world.hand_over(f"C-{number}", name=f"Lead {number}")
        if number >= offers:
            await world.accept(done.handoff_id, JONAS)
    await world.rules(everything_to(Target.TEAM, "t1"))


async def reassign_all(world: World, by: str = MANAGER, **changes: Any) -> Reassignment:
    values = {"id": "r-1", "person_id": "p1", "which": "both", "to": BY_RULES, "note": "Sick today"} | changes
    world.clock.advance(timedelta(minutes=1))
    return await world.db.run(reassigning_all.reassign_all, ReassignAll(by=by, **values))


async def loads(world: World) -> dict[str, tuple[int, int]]:
    return await world.db.read(lambda tx: tx.handoffs.loads(["p1", "p2", "p3"]))


async def test_waiting_and_accepted_leads_go_to_the_rep_named_and_each_keeps_its_history(world: World) -> None:
    await filled(world, offers=2, accepted=1)
    done = await reassign_all(world, to="rep:p3")
    assert (done.total, done.done, done.finished_at is not None) == (3, 3, True)
    assert await loads(world) == {"p1": (0, 0), "p2": (0, 0), "p3": (3, 0)}
    leads = await world.db.read(lambda tx: [lead.id for _, lead in tx.handoffs.offered_to("p3", 9, 0)])
    ends = []
    for lead_id in leads:
        before, after = await world.of_lead(lead_id)
        ends.append((before.status, before.end))
        assert (before.note, before.reassigned is not None) == ("Sick today", True)
        assert (after.opened, after.predecessor_id, after.rep_id) == (Opened.REASSIGNED, before.id, "p3")
        assert len([post for post in await world.posts(lead_id) if post.place == "U3"]) == 1
    assert sorted(ends, key=str) == [
        (Status.ACCEPTED, End.TRANSFERRED), (Status.WITHDRAWN, None), (Status.WITHDRAWN, None),
    ]  # fmt: skip


async def test_only_what_was_asked_for_goes_on(world: World) -> None:
    await filled(world, offers=2, accepted=2)
    await reassign_all(world, which="accepted")
    assert (await loads(world))["p1"] == (2, 0)


async def test_routed_anew_means_by_the_rules_without_that_person(world: World) -> None:
    await filled(world, offers=3)
    await reassign_all(world)
    assert await loads(world) == {"p1": (0, 0), "p2": (3, 0), "p3": (0, 0)}


async def test_a_team_takes_them_by_turns(world: World) -> None:
    await filled(world, offers=3)
    await reassign_all(world, to="team:t2")
    assert (await loads(world))["p3"] == (3, 0)


async def test_with_nobody_to_take_them_they_wait_where_a_manager_sees_them(world: World) -> None:
    await filled(world, offers=2)
    await world.configure(fallback_channel=None)
    await world.rules()
    await reassign_all(world)
    assert await world.db.read(lambda tx: tx.leads.count_unrouted()) == 2


async def test_hundreds_go_on_some_at_a_time_each_once(world: World) -> None:
    await filled(world, offers=AT_ONCE * 2 + 5, accepted=AT_ONCE)
    first = await reassign_all(world, to="rep:p3")
    assert (first.done, first.finished_at) == (AT_ONCE, None)
    assert "20 of 65 leads of Jonas have gone on" in await world.db.read(said_of, first)
    await world.sweep()
    done = await world.db.read(lambda tx: tx.reassignments.get("r-1"))
    assert done is not None
    assert (done.done, done.total, done.finished_at is not None) == (65, 65, True)
    assert await loads(world) == {"p1": (0, 0), "p2": (0, 0), "p3": (65, 0)}
    assert await world.sweep() == 0


async def test_a_chunk_that_fails_leaves_nothing_half_done_and_is_done_later(world: World) -> None:
    await filled(world, offers=AT_ONCE * 2)
    await reassign_all(world, to="rep:p3")

    def die_in_the_middle(tx: Transaction) -> None:
        reassigning_all.go_on(tx, "r-1")
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        await world.db.run(die_in_the_middle)
    assert (await loads(world))["p3"] == (AT_ONCE, 0)
    await world.sweep()
    assert await loads(world) == {"p1": (0, 0), "p2": (0, 0), "p3": (AT_ONCE * 2, 0)}


async def test_the_form_sent_twice_is_one_reassignment(world: World) -> None:
    await filled(world, offers=2)
    first = await reassign_all(world, to="rep:p3")
    again = await reassign_all(world, to="rep:p2")
    assert again == first
    assert await loads(world) == {"p1": (0, 0), "p2": (0, 0), "p3": (2, 0)}


async def test_nobody_goes_on_with_a_form_of_somebody_else(world: World) -> None:
    await filled(world, offers=2)
    await reassign_all(world)
    await world.change("p6", roles=frozenset({Role.MANAGER}), side=Side.SALES)
    with pytest.raises(NotFound):
        await reassign_all(world, by=ADMIN)


async def test_while_leads_are_on_their_way_a_second_form_is_refused(world: World) -> None:
    await filled(world, offers=AT_ONCE + 1)
    await reassign_all(world, to="rep:p3")
    with pytest.raises(Refused, match=f"{AT_ONCE} of {AT_ONCE + 1}"):
        await reassign_all(world, id="r-2")


async def test_what_comes_to_the_person_later_stays_theirs(world: World) -> None:
    await filled(world, offers=AT_ONCE + 1)
    await reassign_all(world, to="rep:p3")
    world.clock.advance(timedelta(minutes=1))
    await world.rules(everything_to(Target.REP, "p1"))
    await world.hand_over("later", name="Later")
    await world.sweep()
    assert (await loads(world))["p1"] == (1, 0)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"which": "all"}, "which", "Choose which leads"),
        ({"which": "accepted"}, "which", "no such leads"),
        ({"to": "rep:p1"}, "to", "has these leads already"),
        ({"to": "rep:p5"}, "to", "Sam is not a rep"),
        ({"to": "nobody"}, "to", "Choose one rep, a team"),
        ({"to": "team:t9"}, "to", "Choose one rep, a team"),
        ({"note": "  "}, "note", "Say why"),
        ({"back_on": "2026-03-01"}, "back_on", "a day after today"),
    ],
)
async def test_what_is_wrong_stands_at_its_field_and_nothing_has_changed(
    world: World, changes: dict[str, str], field: str, sentence: str
) -> None:
    await filled(world, offers=2)
    with pytest.raises(FormError) as refused:
        await reassign_all(world, **changes)
    assert sentence in refused.value.fields[field]
    assert (await loads(world))["p1"] == (2, 0)
    assert await world.db.read(lambda tx: tx.reassignments.get("r-1")) is None


async def test_a_rep_without_room_for_all_is_refused_before_anything_moves(world: World) -> None:
    await filled(world, offers=3)
    await world.change("p3", cap=2)
    with pytest.raises(FormError, match="room for 2 of these 3 leads"):
        await reassign_all(world, to="rep:p3")


async def test_who_has_no_room_any_more_gets_no_more_and_the_card_says_why(world: World) -> None:
    await filled(world, offers=AT_ONCE + 1)
    await reassign_all(world, to="rep:p3")
    await world.change("p3", cap=AT_ONCE)
    await world.sweep()
    assert await loads(world) == {"p1": (0, 0), "p2": (1, 0), "p3": (AT_ONCE, 0)}
    last = (await world.db.read(lambda tx: tx.handoffs.offered_to("p2", 1, 0)))[0][0]
    assert last.routed_because.startswith("Priya is at their cap. ")


async def test_the_person_can_be_marked_away_with_it(world: World) -> None:
    await filled(world, offers=1)
    await reassign_all(world, back_on="2026-03-09")
    person = await world.db.read(lambda tx: tx.people.get("p1"))
    assert person is not None
    assert person.is_away
    world.clock.advance(timedelta(days=8))
    await world.sweep()
    person = await world.db.read(lambda tx: tx.people.get("p1"))
    assert person is not None
    assert not person.is_away


@pytest.mark.parametrize("by", [JONAS, INES, MARKETER, ADMIN])
async def test_only_sales_managers_reassign_all(world: World, by: str) -> None:
    await filled(world, offers=1)
    with pytest.raises(NotAllowed):
        await reassign_all(world, by=by)
    with pytest.raises(NotAllowed):
        await world.db.read(reassign_all_form, by, "p1")


async def test_the_form_names_the_deputy_first_and_says_how_many(world: World) -> None:
    await filled(world, offers=2, accepted=1)
    await world.db.run(lambda tx: tx.people.set_deputy("p1", "p3"))
    form = await world.db.read(reassign_all_form, MANAGER, "p1")
    assert [(one.label, one.description) for one in form.reps] == [("Priya", "Deputy of Jonas"), ("Ines", None)]
    assert [one.label for one in form.by_turns] == ["Route each anew", "Europe, by turns", "Fast lane, by turns"]
    assert (form.which, form.preview) == (Which.BOTH, "3 leads are routed anew, without Jonas.")
    chosen = await world.db.read(lambda tx: reassign_all_form(tx, MANAGER, "p1", which="accepted", to="rep:p3"))
    assert (chosen.preview, chosen.is_trouble) == ("1 lead is offered to Priya.", False)


async def test_other_systems_hear_of_each_lead(world: World) -> None:
    await filled(world, offers=1, accepted=1)
    await reassign_all(world, to="rep:p3")
    kinds: list[str] = []
    for _, lead in await world.db.read(lambda tx: tx.handoffs.offered_to("p3", 9, 0)):
        kinds += await world.events(lead.id)
    assert (kinds.count("handoff.reassigned"), kinds.count("handoff.transferred")) == (1, 1)


async def test_with_nobody_free_they_wait_and_never_come_back_to_whom_they_were_taken_from(world: World) -> None:
    """The rules stay, Jonas is at work and has room again with every lead that goes: still none is his again."""
    await filled(world, offers=AT_ONCE, accepted=5)
    await world.configure(fallback_channel=None)
    await world.change("p2", cap=0)
    await reassign_all(world)
    for _ in range(3):
        assert await world.sweep() < AT_ONCE * 10, "it ends, though the clock stands"
        world.clock.advance(timedelta(hours=1, minutes=1))
    done = await world.db.read(lambda tx: tx.reassignments.get("r-1"))
    assert done is not None
    assert (done.done, done.total, done.finished_at is not None) == (AT_ONCE + 5, AT_ONCE + 5, True)
    assert (await loads(world))["p1"] == (0, 0)
    assert await world.db.read(lambda tx: tx.leads.count_unrouted()) == AT_ONCE + 5
    await world.change("p2", cap=None)
    world.clock.advance(timedelta(hours=1, minutes=1))
    await world.sweep()
    assert await loads(world) == {"p1": (0, 0), "p2": (AT_ONCE + 5, 0), "p3": (0, 0)}


async def test_what_comes_in_the_same_instant_is_not_taken_for_what_was_there(world: World) -> None:
    await filled(world, offers=AT_ONCE + 1, accepted=1)
    await reassign_all(world, to="rep:p3")
    await world.rules(everything_to(Target.REP, "p1"))
    for number in range(3):
        await world.hand_over(f"later-{number}", name=f"Later {number}")
    await world.sweep()
    assert await loads(world) == {"p1": (3, 0), "p2": (0, 0), "p3": (AT_ONCE + 2, 0)}


async def test_whoever_released_a_lead_does_not_get_it_again_by_it(world: World) -> None:
    await world.configure(fallback_channel=None)
    await world.rules(everything_to(Target.REP, "p2"))
    done = await world.hand_over("C-1", name="Lead 1")
    await world.accept(done.handoff_id, INES)
    await world.rules(everything_to(Target.TEAM, "t1"))
    await world.release(done.handoff_id, INES)
    assert (await loads(world))["p1"] == (1, 0)
    await reassign_all(world)
    await world.sweep()
    assert await loads(world) == {"p1": (0, 0), "p2": (0, 0), "p3": (0, 0)}
    assert await world.db.read(lambda tx: tx.leads.count_unrouted()) == 1


async def test_who_is_marked_away_by_somebody_else_is_told_at_once(world: World) -> None:
    await filled(world, offers=1)
    await reassign_all(world, back_on="2026-03-09")

    def alerts(tx: Transaction) -> list[str]:
        found = []
        while rows := tx.outbox.lease_lanes(100, timedelta(seconds=30)):
            for row in rows:
                post = tx.posts.get(row.subject_id)
                if post is not None and (post.subject, post.place) == (Subject.ALERT, JONAS):
                    found.append(str(post.data["text"]))
                tx.outbox.done(row, tx.now)
            tx.flush()
        return found

    told = await world.db.run(alerts)
    assert [text.split(",")[0] for text in told] == ["Anna marked you away until 9 March 2026"]


@pytest.mark.parametrize(("until", "sentence"), [("2026-03-20", "away until 20 March 2026"), (None, "say otherwise")])
async def test_an_absence_that_somebody_said_themself_is_not_made_shorter(
    world: World, until: str | None, sentence: str
) -> None:
    await filled(world, offers=1)
    await world.db.run(people.set_away, JONAS, until)
    with pytest.raises(FormError) as refused:
        await reassign_all(world, back_on="2026-03-09")
    assert sentence in refused.value.fields["back_on"]
    assert (await loads(world))["p1"] == (1, 0)
    await reassign_all(world, back_on="2026-03-25" if until else None)


async def test_the_reason_is_not_kept_beside_the_leads_and_the_row_not_for_ever(world: World) -> None:
    await filled(world, offers=AT_ONCE + 1)
    assert (await reassign_all(world, to="rep:p3")).note == "Sick today"
    await world.sweep()
    done = await world.db.read(lambda tx: tx.reassignments.get("r-1"))
    assert done is not None
    assert done.note == ""
    assert await world.db.run(lambda tx: tx.reassignments.prune(tx.now)) == 0
    world.clock.advance(timedelta(days=1))
    assert await world.db.run(lambda tx: tx.reassignments.prune(tx.now)) == 1
