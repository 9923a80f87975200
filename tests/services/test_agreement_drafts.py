"""A draft of the agreement: sections changed one by one, with each mistake at its field, and proposed as one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bot.domain.agreement_data import Section
from bot.domain.lead import Priority
from bot.errors import FormError, NotFound, Refused
from bot.services import agreement_drafts, agreement_shown
from tests.services.test_agreements import ARBITER, MONA, faster, notice, present, propose, signed, teams
from tests.services.world import MANAGER, World

__all__ = ["teams"]


async def save(
    world: World, section: agreement_drafts.Section, by: str = MANAGER, of: str | None = None, **fields: str
) -> Any:
    agreement_id = of or (await present(world)).id
    answers = {key.replace("__", "."): text for key, text in fields.items()}
    command = agreement_drafts.SaveSection(by=by, agreement_id=agreement_id, section=section, answers=answers)
    return await world.db.run(agreement_drafts.save_section, command)


async def test_a_draft_collects_sections_and_is_proposed_as_one(teams: World) -> None:
    await save(teams, Section.WINDOWS, accept="hot = 10 min\nwarm = 4 h\ncold = 24 h")
    draft = await save(teams, Section.RULES, engagement="Be kind.\nAnswer.")
    assert len(draft.changes) == 8
    assert await teams.db.read(lambda tx: tx.agreements.pending()) == []
    command = agreement_drafts.ProposeDraft(by=MANAGER, start_on="2026-03-09", start_at="08:30")
    proposed = await teams.db.run(agreement_drafts.propose_draft, command)
    assert proposed.document.engagement == ("Be kind.", "Answer.")
    assert proposed.signing is not None
    assert proposed.signing.from_at == datetime.fromisoformat("2026-03-09T07:30:00+00:00")
    assert await teams.db.read(agreement_drafts.own_draft, MANAGER) is None


async def test_a_draft_undoes_no_change_that_came_into_force_meanwhile(teams: World) -> None:
    await save(teams, Section.WINDOWS, marketing__answer_reject="8 h")
    await signed(teams, document=faster(minutes=10))
    draft = await teams.db.run(agreement_drafts.load_draft, MANAGER)
    assert [change.field for change in draft.changes] == ["windows.marketing.answer_reject"]
    assert draft.document.terms.accept_minutes[Priority.HOT] == 10


async def test_a_time_without_its_day_or_with_an_offset_is_no_start(teams: World) -> None:
    await save(teams, Section.FOLLOW_UP, attempts="5")
    for day, at, field in (("", "09:00", "from"), ("2026-03-09", "09:00+05:00", "at"), ("2026-03-09", "nine", "at")):
        command = agreement_drafts.ProposeDraft(by=MANAGER, start_on=day, start_at=at)
        with pytest.raises(FormError) as refused:
            await teams.db.run(agreement_drafts.propose_draft, command)
        assert set(refused.value.fields) == {field}
    assert await teams.db.read(lambda tx: tx.agreements.pending()) == []


async def test_a_mistake_in_a_form_is_named_at_its_field_and_changes_nothing(teams: World) -> None:
    with pytest.raises(FormError) as refused:
        await save(teams, Section.WINDOWS, accept="hot: soon", marketing__alert="never")
    assert set(refused.value.fields) == {"accept"}
    with pytest.raises(FormError) as refused:
        await save(teams, Section.WINDOWS, accept="hot = soon\nwarm = 4 h\ncold = 1 h", marketing__alert="never")
    assert set(refused.value.fields) == {"accept", "marketing.alert"}
    assert "“soon” is no window" in refused.value.fields["accept"]
    with pytest.raises(FormError) as refused:
        await save(teams, Section.CONTACTS, sales="gone@example.com | windows")
    assert "gone@example.com" in refused.value.fields["sales"]
    assert await teams.db.read(agreement_drafts.own_draft, MANAGER) is None


async def test_a_draft_that_changes_nothing_is_none_and_one_can_be_thrown_away(teams: World) -> None:
    await save(teams, Section.FOLLOW_UP, attempts="5")
    assert await save(teams, Section.FOLLOW_UP, attempts="3") is None
    await save(teams, Section.FOLLOW_UP, attempts="5")
    await teams.db.run(agreement_drafts.discard_draft, MANAGER)
    with pytest.raises(Refused, match="You have not changed anything yet"):
        await teams.db.run(agreement_drafts.propose_draft, agreement_drafts.ProposeDraft(by=MANAGER))


async def test_a_counter_proposal_names_the_one_it_answers(teams: World) -> None:
    proposed = await propose(teams)
    draft = await save(teams, Section.WINDOWS, MONA, proposed.id, accept="hot = 20 min\nwarm = 4 h\ncold = 24 h")
    assert draft.answers_version == proposed.version
    assert [change.line for change in draft.changes] == ["~ windows.accept.hot: 15 min → 20 min"]
    with pytest.raises(Refused, match="draft of another version"):
        await save(teams, Section.FOLLOW_UP, MONA, attempts="5")
    counter = await teams.db.run(agreement_drafts.propose_draft, agreement_drafts.ProposeDraft(by=MONA))
    said = await notice(teams, proposed, MANAGER)
    assert [(one.name, one.counter_version) for one in said.replies] == [("Mona", counter.version)]


async def test_whoever_only_arbitrates_proposes_nothing_and_everybody_reads(teams: World) -> None:
    with pytest.raises(Refused, match="Only reps, marketers, managers"):
        await save(teams, Section.FOLLOW_UP, ARBITER, attempts="5")
    shown = await teams.db.read(agreement_shown.load_agreement, ARBITER)
    assert (shown.version, shown.is_trial, shown.drafted) == (0, True, None)
    with pytest.raises(NotFound):
        await teams.db.read(agreement_shown.load_agreement, ARBITER, "nothing")
