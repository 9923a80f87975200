from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.agreement import DEFAULT_TERMS, Criterion
from bot.domain.budget import Kind
from bot.domain.criteria import criteria_of, criterion_named, criterion_value
from bot.domain.handoff import Opened, Status
from bot.domain.lead import Stage
from bot.domain.post import Subject
from bot.domain.routing import Target
from bot.errors import AlreadyDecided, FormError, NotAllowed
from bot.services import cards, forms
from bot.services.rejects import NOT_LISTED
from bot.views.reject_form import reject_form
from storage.transaction import Transaction
from tests.services.signed import put_in_force
from tests.services.world import FALLBACK, INES, JONAS, MARKETER, MARKETING, PRIYA, START, World, everything_to
from tests.views.oracle import assert_slack_takes

ANSWERS = {
    "not_icp": {"criterion": "Size"},
    "bad_timing": {"recycle_on": "2026-03-16"},
    "existing": {"person_id": "p2"},
    "other": {"text": "They asked us not to call"},
    "duplicate": {"text": "CRM 4711"},
}


@pytest.fixture
async def offered(world: World) -> str:
    await world.rules(everything_to(Target.REP, "p1"))
    done = await world.hand_over("1", name="Maria Lopez", company="Nordlicht", campaign="webinar")
    assert done.handoff_id is not None
    return done.handoff_id


async def fields_of(world: World, handoff_id: str, reason: str, **answers: str) -> set[str]:
    with pytest.raises(FormError) as caught:
        await world.reject(handoff_id, JONAS, reason, **answers)
    assert (await world.handoff(handoff_id)).is_open
    return set(caught.value.fields)


@pytest.mark.parametrize("reason", ["", "no_such_reason", "OTHER"])
async def test_no_reject_without_one_of_the_reasons(world: World, offered: str, reason: str) -> None:
    assert await fields_of(world, offered, reason) == {"reason"}


@pytest.mark.parametrize(
    ("reason", "answers", "field"),
    [
        ("other", {}, "text"),
        ("other", {"text": "   "}, "text"),
        ("other", {"text": "x" * 1001}, "text"),
        ("not_icp", {}, "criterion"),
        ("not_icp", {"criterion": "Made up"}, "criterion"),
        ("bad_timing", {}, "recycle_on"),
        ("bad_timing", {"recycle_on": "2026-03-02"}, "recycle_on"),
        ("bad_timing", {"recycle_on": "2027-03-04"}, "recycle_on"),
        ("bad_timing", {"recycle_on": "soon"}, "recycle_on"),
        ("existing", {}, "person_id"),
        ("existing", {"person_id": "p4"}, "person_id"),
        ("existing", {"person_id": "p1"}, "person_id"),
        ("misrouted", {"person_id": "nobody"}, "person_id"),
        ("duplicate", {"lead_id": "made-up"}, "lead_id"),
        ("low_intent", {"comment": "x" * 1001}, "comment"),
    ],
)
async def test_a_follow_up_that_does_not_answer_is_named_and_changes_nothing(
    world: World, offered: str, reason: str, answers: dict[str, str], field: str
) -> None:
    assert await fields_of(world, offered, reason, **answers) == {field}


@pytest.mark.parametrize("reason", [reason.code for reason in DEFAULT_TERMS.reasons])
async def test_every_reason_is_stored_and_marketing_hears_of_it(world: World, offered: str, reason: str) -> None:
    done = await world.reject(offered, JONAS, reason, comment="Thanks anyway", **ANSWERS.get(reason, {}))
    stored = await world.handoff(offered)
    assert (stored.status, stored.decided_by) == (Status.REJECTED, "p1")
    assert stored.rejection is not None
    assert (stored.rejection.reason, stored.rejection.comment) == (reason, "Thanks anyway")
    notices = [post for post in await world.posts(done.lead.id) if post.subject is Subject.REJECT_NOTICE]
    assert [post.place for post in notices] == [MARKETING]


async def test_the_campaigns_owner_hears_before_the_channel(world: World, offered: str) -> None:
    def own(tx: Transaction) -> None:
        tx.campaigns.save(replace(tx.campaigns.ensure("webinar"), owner_id="p5"))

    await world.db.run(own)
    done = await world.reject(offered, JONAS, "low_intent")
    notices = [post for post in await world.posts(done.lead.id) if post.subject is Subject.REJECT_NOTICE]
    assert [post.place for post in notices] == [MARKETER]


async def test_real_but_later_comes_back_that_morning_once_to_who_asked(world: World, offered: str) -> None:
    done = await world.reject(offered, JONAS, "bad_timing", recycle_on="2026-03-16", again=True)
    assert done.lead.stage is Stage.RECYCLED
    assert done.lead.recycle_at == datetime(2026, 3, 16, 8, 0, tzinfo=UTC)
    assert done.what_next == "Back with marketing until 16 March 2026"
    world.clock.advance(datetime(2026, 3, 16, 8, 0, tzinfo=UTC) - world.clock.now() - timedelta(microseconds=1))
    assert await world.sweep() == 0
    world.clock.advance(timedelta(microseconds=1))
    assert await world.sweep() == 1
    world.clock.advance(timedelta(days=3))
    assert await world.sweep() == 0
    last = (await world.of_lead(done.lead.id))[-1]
    assert (last.rep_id, last.opened, last.status) == ("p1", Opened.RECYCLED, Status.OFFERED)


async def test_a_recycle_date_is_void_when_the_lead_came_back_before(world: World, offered: str) -> None:
    done = await world.reject(offered, JONAS, "bad_timing", recycle_on="2026-03-16")
    await world.hand_over("1", score=90)
    world.clock.advance(timedelta(days=30))
    await world.sweep()
    assert len([each for each in await world.of_lead(done.lead.id) if each.is_open]) == 1


async def test_misrouted_goes_to_the_person_named(world: World, offered: str) -> None:
    done = await world.reject(offered, JONAS, "misrouted", person_id="p3")
    assert done.successor is not None
    assert (done.successor.rep_id, done.successor.opened) == ("p3", Opened.REROUTED)
    assert done.what_next == "Offered to Priya"


async def test_misrouted_without_a_name_is_routed_again_and_never_to_the_same_rep(world: World) -> None:
    done = await world.hand_over()
    rep = (await world.handoff(done.handoff_id)).rep_id
    again = await world.reject(done.handoff_id, JONAS if rep == "p1" else INES, "misrouted")
    assert again.successor is not None
    assert again.successor.rep_id == ("p2" if rep == "p1" else "p1")


async def test_a_lead_everybody_passed_on_ends_in_the_fallback_pool(world: World) -> None:
    done = await world.hand_over()
    rep = (await world.handoff(done.handoff_id)).rep_id
    first, second = (JONAS, INES) if rep == "p1" else (INES, JONAS)
    again = await world.reject(done.handoff_id, first, "misrouted")
    last = await world.reject(again.successor.id if again.successor else None, second, "misrouted")
    assert last.successor is not None
    assert last.successor.is_pool
    assert last.successor.team_id is None


async def test_a_duplicate_is_merged_and_its_owner_reads_so_in_the_brief(world: World, offered: str) -> None:
    await world.rules(everything_to(Target.REP, "p2"))
    other = await world.hand_over("2", name="Maria Lopez", company="Nordlicht")
    await world.accept(other.handoff_id, INES)
    done = await world.reject(offered, JONAS, "duplicate", lead_id=other.lead_id)
    assert (done.lead.stage, done.lead.merged_into) == (Stage.MERGED, other.lead_id)
    assert await world.waits_for_brief("p2") == {Kind.MERGED: 1}
    update = await world.hand_over("1", score=99)
    assert update.lead_id == other.lead_id


async def test_a_duplicate_must_be_one_of_the_suggested_leads(world: World, offered: str) -> None:
    stranger = await world.hand_over("2", name="Somebody", company="Elsewhere")
    assert await fields_of(world, offered, "duplicate", lead_id=stranger.lead_id) == {"lead_id"}


async def test_a_duplicate_of_a_record_we_do_not_know_is_closed(world: World, offered: str) -> None:
    await world.hand_over("2", name="Maria Lopez", company="Nordlicht")
    assert await fields_of(world, offered, "duplicate") == {"lead_id"}
    done = await world.reject(offered, JONAS, "duplicate", lead_id=NOT_LISTED)
    assert (done.lead.stage, done.lead.merged_into) == (Stage.CLOSED, None)


async def test_a_merged_persons_address_leads_to_the_lead_that_lives_on(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    one = await world.hand_over("1", name="Maria Lopez", company="Nordlicht", email="maria@example.com")
    other = await world.hand_over("2", name="Maria Lopez", company="Nordlicht", email="m.lopez@example.com")
    await world.reject(other.handoff_id, JONAS, "duplicate", lead_id=one.lead_id)
    again = await world.hand_over("3", email="m.lopez@example.com")
    assert (again.lead_id, again.status.value) == (one.lead_id, "touch")


async def test_merging_into_a_lead_nobody_has_hands_it_over_again(world: World) -> None:
    await world.rules(everything_to(Target.REP, "p1"))
    one = await world.hand_over("1", name="Maria Lopez", company="Nordlicht")
    await world.reject(one.handoff_id, JONAS, "low_intent")
    other = await world.hand_over("2", name="Maria Lopez", company="Nordlicht")
    await world.reject(other.handoff_id, JONAS, "duplicate", lead_id=one.lead_id)
    assert [each.status for each in await world.of_lead(one.lead_id)] == [Status.REJECTED, Status.OFFERED]


async def test_misrouted_from_a_pool_does_not_go_to_the_same_pool_again(world: World) -> None:
    await world.rules(everything_to(Target.POOL, "t2"))
    done = await world.hand_over()
    again = await world.reject(done.handoff_id, PRIYA, "misrouted")
    assert again.successor is not None
    assert again.successor.pool_channel == FALLBACK


async def test_an_account_whose_owner_is_away_is_routed_with_their_name_said(world: World, offered: str) -> None:
    await world.rules(everything_to(Target.TEAM, "t1"))
    await world.change("p3", away_since=START)
    done = await world.reject(offered, JONAS, "existing", person_id="p3")
    assert done.successor is not None
    assert done.successor.rep_id == "p2"
    assert done.successor.routed_because.startswith("Priya is meant to have it and is away.")


async def test_what_people_wrote_stays_out_of_shared_places(world: World) -> None:
    await world.rules(everything_to(Target.POOL, "t2"))
    done = await world.hand_over("1", name="Maria Lopez")
    await world.reject(done.handoff_id, PRIYA, "wrong_person", text="Ask Bob Jones", comment="Maria left")
    card = await world.db.read(lambda tx: cards.load_card(tx, tx.posts.of_lead(done.lead_id)[0]))
    assert card is not None
    assert not any(name in str(card) for name in ("Maria", "Bob"))


async def test_somebody_off_the_roster_hears_no_more_of_their_campaigns(world: World, offered: str) -> None:
    def own(tx: Transaction) -> None:
        tx.campaigns.save(replace(tx.campaigns.ensure("webinar"), owner_id="p5"))

    await world.db.run(own)
    await world.change("p5", on_roster=False)
    done = await world.reject(offered, JONAS, "low_intent")
    notices = [post for post in await world.posts(done.lead.id) if post.subject is Subject.REJECT_NOTICE]
    assert [post.place for post in notices] == [MARKETING]


async def test_ineligible_closes_the_lead(world: World, offered: str) -> None:
    assert (await world.reject(offered, JONAS, "ineligible")).lead.stage is Stage.CLOSED


async def test_only_who_may_accept_may_reject(world: World, offered: str) -> None:
    with pytest.raises(NotAllowed):
        await world.reject(offered, INES, "low_intent")


async def test_any_rep_of_a_pool_rejects_for_all(world: World) -> None:
    await world.rules(everything_to(Target.POOL, "t2"))
    done = await world.hand_over()
    await world.reject(done.handoff_id, PRIYA, "low_intent")
    with pytest.raises(AlreadyDecided, match="Priya rejected"):
        await world.accept(done.handoff_id, JONAS)


async def test_an_accepted_lead_cannot_be_rejected(world: World, offered: str) -> None:
    await world.accept(offered, JONAS)
    with pytest.raises(AlreadyDecided, match="Jonas accepted"):
        await world.reject(offered, JONAS, "low_intent")


def test_what_does_not_fit_begins_with_what_is_about_the_company() -> None:
    labels = criteria_of(DEFAULT_TERMS)
    assert labels[:6] == ("Industry", "Size", "Region", "Budget", "Company", "Country")
    assert labels[-1] == "Something else"
    assert {"Asked to talk to us", "Lead score"} <= set(labels)


async def test_a_criterion_stored_with_a_long_label_can_be_named(world: World) -> None:
    """Labels have a limit where an agreement is read; a form never fails on one that was stored before."""
    condition = DEFAULT_TERMS.criteria[0].condition
    criteria = tuple(Criterion(label="x" * 160 + end, condition=condition) for end in ("", "y"))
    await world.db.run(lambda tx: put_in_force(tx, criteria=criteria))
    await world.rules(everything_to(Target.REP, "p1"))
    done = await world.hand_over("1", name="Maria Lopez", company="Nordlicht")
    assert done.handoff_id is not None
    form = await world.db.read(forms.reject_form, done.handoff_id, JONAS)
    assert_slack_takes(reject_form(form, chosen="not_icp"))
    values = [one.value for one in form.criteria if one.label == criteria[1].label]
    assert len({one.value for one in form.criteria}) == len(form.criteria)
    await world.reject(done.handoff_id, JONAS, "not_icp", criterion=values[0])
    rejection = (await world.handoff(done.handoff_id)).rejection
    assert rejection is not None
    assert rejection.criterion == criteria[1].label
    assert criterion_named(DEFAULT_TERMS, criterion_value("Size")) == "Size"
