"""The agreement's window, message and forms: everything is said, within Slack's limits, and nothing more can be done
than its reader may."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.agreement import DEFAULT_TERMS, Criterion
from bot.domain.agreement_changes import Change
from bot.domain.agreement_data import SECTIONS, Section
from bot.domain.agreement_document import DEFAULT_DOCUMENT
from bot.domain.matching import Condition, Operator
from bot.domain.signing import State, Wish
from bot.errors import NotFound
from bot.services.agreement_news import About, Said
from bot.services.agreement_shown import SignForm, Standing
from bot.views import agreement_forms
from bot.views.agreement_notice import render_agreement_notice
from bot.views.agreement_ref import TermRef, read_term_value, term_value
from bot.views.agreement_window import agreement_view
from bot.views.home_agreement import agreement_line
from tests.views.oracle import assert_slack_takes, words
from tests.views.samples import NOW, OTHER
from tests.views.samples_agreement import make_notice, make_shown

LONG = "x" * 2000


def buttons(shown: Any) -> list[str]:
    blocks = shown["blocks"] if isinstance(shown, dict) else shown.blocks
    found = [one for block in blocks for one in [*block.get("elements", ()), block.get("accessory") or {}]]
    return [one["text"]["text"] for one in found if one.get("type") == "button"]


@pytest.mark.parametrize("section", list(Section))
def test_each_section_is_a_page_with_its_words_and_its_flag(section: Section) -> None:
    shown = agreement_view(make_shown(section=section))
    assert SECTIONS[section] in words(shown)
    assert "As shipped" in words(shown)
    assert "Propose a change…" in buttons(shown)
    assert_slack_takes(shown)
    changed = agreement_view(make_shown(section=section, defaults=()))
    assert "As shipped" not in words(changed)


def test_nothing_stands_where_nothing_is_said() -> None:
    assert "–" not in words(agreement_view(make_shown(section=Section.MQL)))
    assert "looked at again every 90 days" in words(agreement_view(make_shown(section=Section.REVIEW)))


def test_the_windows_read_as_people_say_them() -> None:
    said = words(agreement_view(make_shown(section=Section.WINDOWS)))
    assert "Accept or reject: hot 15 min · warm 4 h · cold 24 h" in said
    assert "Answer a reject that counts: 16 h" in said


@pytest.mark.parametrize("section", [Section.MQL, Section.REASONS, Section.RULES])
def test_as_much_as_an_agreement_can_have_still_fits_a_window(section: Section) -> None:
    criterion = Criterion(label=LONG, condition=Condition(field=LONG, operator=Operator.IS, value=LONG))
    reason = replace(DEFAULT_TERMS.reasons[0], label=LONG, question=LONG)
    terms = replace(DEFAULT_TERMS, criteria=(criterion,) * 100, reasons=(reason,) * 100, loss_reasons=(reason,) * 100)
    document = replace(DEFAULT_DOCUMENT, terms=terms, engagement=(LONG,) * 100, consequences=(LONG,) * 100)
    assert_slack_takes(agreement_view(make_shown(document=document, section=section, drafted=3)))


def test_a_message_cuts_a_long_difference_and_offers_all_of_it() -> None:
    change = Change(section=Section.RULES, field="rules.engagement", before=None, after=LONG)
    said = render_agreement_notice(make_notice(changes=(change,) * 60))
    assert "Show all" in buttons(said)
    assert "lines more" in words(said)
    assert_slack_takes(said)
    assert "Show all" not in buttons(render_agreement_notice(make_notice()))


def test_only_what_its_reader_may_do_can_be_pressed() -> None:
    assert buttons(render_agreement_notice(make_notice())) == ["Open"]
    everything = make_notice(may_sign=True, may_reply=True, may_withdraw=True)
    assert buttons(render_agreement_notice(everything)) == ["Sign…", "Answer…", "Open", "Withdraw…"]
    review = make_notice(about=About.REVIEW, state=State.IN_FORCE, review_at=NOW, review_is_due=True, may_review=True)
    assert buttons(render_agreement_notice(review)) == ["Reviewed: keep it", "Open"]


def test_an_answer_is_told_with_its_words_alone() -> None:
    said = render_agreement_notice(make_notice(about=About.REPLY, replies=(Said(name="Helen", text="20 minutes"),)))
    assert "Helen answered version 3" in words(said)
    assert "20 minutes" in words(said)
    assert "15 min" not in words(said)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.PROPOSED, "nobody has signed yet"),
        (State.SIGNED, "Signed by both sides; in force from"),
        (State.IN_FORCE, "in force since"),
        (State.SUSPENDED, "Suspended: the clock shows"),
        (State.ENDED, "Ended"),
        (State.WITHDRAWN, "Withdrawn"),
        (State.REPLACED, "Replaced by a later version"),
    ],
)
def test_every_state_is_a_sentence(state: State, said: str) -> None:
    notice = make_notice(state=state, in_force_at=NOW, ended_at=NOW)
    assert said in words(render_agreement_notice(notice))
    assert said in words(agreement_view(make_shown(notice=notice)))


def test_a_leader_of_both_sides_is_asked_for_which_one() -> None:
    notice = make_notice()
    asked = agreement_forms.sign_form(SignForm(notice=notice, sides=notice.missing))
    assert "For which side?" in words(asked)
    assert "For which side?" not in words(agreement_forms.sign_form(SignForm(notice=notice, sides=notice.missing[:1])))


def test_what_is_in_force_can_be_suspended_and_what_is_to_come_withdrawn() -> None:
    proposed = agreement_forms.more_form(SignForm(notice=make_notice(), sides=()))
    assert proposed["submit"]["text"] == "Withdraw"
    form = SignForm(notice=make_notice(state=State.IN_FORCE), sides=(), wishes=(Wish.SUSPEND, Wish.END))
    assert "Suspend it" in words(agreement_forms.more_form(form))
    assert "Resume it" not in words(agreement_forms.more_form(form))


def standing(state: State | None, **values: Any) -> str:
    usual: dict[str, Any] = {"version": 3, "is_trial": state is not State.IN_FORCE, "in_force_from": NOW}
    return words({"blocks": agreement_line(Standing(agreement_id=OTHER, state=state, **(usual | values)))})


def test_home_says_whether_it_is_signed_and_what_waits() -> None:
    assert "Trial: version 3 is not signed yet; nothing escalates." in standing(None)
    assert "Version 3, signed, in force since" in standing(State.IN_FORCE)
    assert "suspended" in standing(State.SUSPENDED)
    assert "A new version waits for your signature." in standing(State.IN_FORCE, waits=1)


def test_a_control_names_a_version_and_a_section_and_nothing_else_is_read() -> None:
    assert read_term_value(term_value(OTHER, Section.LADDER)) == TermRef(agreement_id=OTHER, section=Section.LADDER)
    assert read_term_value(term_value(OTHER)) == TermRef(agreement_id=OTHER)
    for junk in ("", OTHER, f"{OTHER}.", f"{OTHER}.nonsense", ".windows", "<b>.windows", "x" * 99 + ".windows"):
        with pytest.raises(NotFound):
            read_term_value(junk)
