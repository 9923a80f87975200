"""The agreement's window, message and forms: everything is said, within Slack's limits, and nothing more can be done
than its reader may."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.agreement import DEFAULT_TERMS, Criterion
from bot.domain.agreement_changes import Change
from bot.domain.agreement_data import SECTIONS, Section
from bot.domain.agreement_document import (
    DEFAULT_DOCUMENT,
    Agreement,
    Defined,
    Definition,
    Document,
    PointOfContact,
)
from bot.domain.matching import Condition, Operator
from bot.domain.person import Side
from bot.domain.qualification import Qualification
from bot.domain.reasons import Reason, WinReason
from bot.domain.signing import State, Wish
from bot.errors import NotFound
from bot.services.agreement_drafts import DraftShown
from bot.services.agreement_news import About, Said
from bot.services.agreement_shown import SignForm, Standing
from bot.views import agreement_forms
from bot.views.agreement_difference import all_change_lines, change_lines
from bot.views.agreement_notice import render_agreement_notice
from bot.views.agreement_ref import Listed, TermRef, read_term_value, term_value
from bot.views.agreement_window import agreement_view, changes_view, draft_view
from bot.views.home_agreement import agreement_line
from tests.views.oracle import assert_slack_takes, words
from tests.views.samples import NOW, OTHER
from tests.views.samples_agreement import make_notice, make_shown

LONG = "x" * 2000
PARTS = ("words", "created_by", "kept_in", "owned_by", "time_frame")
AGREEMENT = Agreement(id=OTHER, version=2, document=DEFAULT_DOCUMENT)


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


def pressed(view: dict[str, Any], label: str) -> TermRef | None:
    """Where the button leads, if the view has it."""
    found = [one for block in view["blocks"] for one in block.get("elements", ()) if one["type"] == "button"]
    return next((read_term_value(one["value"]) for one in found if one["text"]["text"] == label), None)


def pages(section: Section, document: Document) -> list[dict[str, Any]]:
    """The section as one reads it, by Next; each page is one that Slack takes, and Back leads where one came from."""
    found = [agreement_view(make_shown(document=document, section=section, drafted=3))]
    while (ref := pressed(found[-1], "Next")) is not None and ref.section is section:
        found.append(agreement_view(make_shown(document=document, section=section, drafted=3), ref.page))
        back = pressed(found[-1], "Back")
        assert back is not None
        assert (back.section, back.page) == (section, ref.page - 1)
    for view in found:
        assert_slack_takes(view)
        assert len(json.dumps(view)) < 200_000
    return found


OF_TEXTS = (Section.RULES, Section.DEFINITIONS, Section.CONTACTS, Section.MQL, Section.REASONS)


@pytest.mark.parametrize("letter", ["x", "ж", "&"])
@pytest.mark.parametrize("section", OF_TEXTS)
def test_everything_an_agreement_can_have_can_be_read_on_pages_that_slack_takes(section: Section, letter: str) -> None:
    """As many entries as the reader takes, each as long as it takes them; each ends in a number, so that one sees its
    end."""
    marks = iter(range(10_000, 99_999))

    def text(longest: int) -> str:
        return f"{letter * (longest - 12)} {next(marks)}"

    def reason() -> Reason:
        return replace(DEFAULT_TERMS.reasons[0], label=text(75), question=text(200))

    terms = replace(
        DEFAULT_TERMS,
        criteria=tuple(
            Criterion(label=text(75), condition=Condition(field="company", operator=Operator.IS, value=text(2000)))
            for _ in range(30)
        ),
        qualification=Qualification(excluded_domains=tuple(text(253) for _ in range(100))),
        reasons=tuple(reason() for _ in range(100)),
        win_reasons=tuple(WinReason(code="a", label=text(75)) for _ in range(100)),
    )
    sentences = tuple(text(2000) for _ in range(12))
    parts = {kind: Definition(**{part: text(2000) for part in PARTS}) for kind in Defined}
    document = replace(
        DEFAULT_DOCUMENT,
        terms=terms,
        definitions=parts,
        engagement=sentences,
        consequences=tuple(text(2000) for _ in range(12)),
        contacts={Side.SALES: (PointOfContact(email="a@example.com", about=text(2000)),)},
    )
    said = " ".join(words(view) for view in pages(section, document))
    of_section = {
        Section.RULES: [*document.engagement, *document.consequences],
        Section.DEFINITIONS: [getattr(one, part) for one in parts.values() for part in PARTS],
        Section.CONTACTS: [document.contacts[Side.SALES][0].about],
        Section.MQL: [*terms.qualification.excluded_domains, *(one.condition.value for one in terms.criteria)],
        Section.REASONS: [
            *(one.question for one in terms.reasons),
            *(one.label for one in terms.reasons),
            *(one.label for one in terms.win_reasons),
        ],
    }[section]
    assert [text[-5:] for text in of_section if text[-5:] not in said] == []
    assert said.count(letter) >= sum(text.count(letter) for text in of_section) or letter == "&"


def test_a_page_that_is_not_there_is_the_last_one() -> None:
    assert (
        agreement_view(make_shown(section=Section.RULES), 99)["blocks"]
        == (agreement_view(make_shown(section=Section.RULES))["blocks"])
    )


def differing(before: str, after: str) -> Change:
    return Change(section=Section.DISAGREEMENTS, field="disagreements.how", before=before, after=after)


long_texts = st.builds(
    lambda filler, times, end: f"{filler * times} {end}",
    st.sampled_from(("x ", "& ", "ж", "a.b ", "*", "> ")), st.integers(0, 900), st.text("ab &*.", max_size=40),
)  # fmt: skip


@given(long_texts, long_texts)
def test_what_differs_is_seen_in_every_difference(before: str, after: str) -> None:
    """Also where both are far too long for a line: then it is shown from where they differ."""
    for change in (differing(before, after), None):
        both = [change] if change else [
            Change(section=Section.RULES, field="rules.engagement", before=None, after=after),
            Change(section=Section.RULES, field="rules.engagement", before=before, after=None),
        ]  # fmt: skip
        for said in (change_lines(both), all_change_lines(both)):
            shown = [part for line in said[1:] for part in re.split(r"  →  |\n_before_  |\n_now_  ", line[3:])]
            shown = [part.strip("*") for part in shown if part and not part.endswith(":")]
            assert len(set(shown)) == len(shown) or any("they differ in blanks" in one for one in said)


def test_a_list_whose_entries_begin_alike_shows_where_they_part() -> None:
    start = "A rule that begins as every rule does. " * 40
    found = [
        Change(section=Section.RULES, field="rules.engagement", before=None, after=f"{start}Answer within 10 minutes."),
        Change(section=Section.RULES, field="rules.engagement", before=f"{start}Answer within 20 minutes.", after=None),
    ]
    said = words(render_agreement_notice(make_notice(changes=tuple(found))))
    assert "10 minutes" in said
    assert "20 minutes" in said
    assert "Show all" in buttons(render_agreement_notice(make_notice(changes=tuple(found))))


def test_all_changes_are_all_of_them_however_long() -> None:
    """And the draft and the form in which they are signed offer the same."""
    changes = tuple(differing(f"{'ж' * 1990} {n}", f"{'ж' * 1990} {n + 500}") for n in range(100, 125))
    seen, page = "", 0
    while True:
        view = changes_view(3, 2, changes, OTHER, page)
        assert_slack_takes(view)
        assert len(json.dumps(view)) < 200_000
        seen += words(view)
        ref = pressed(view, "Next page")
        if ref is None:
            break
        assert (ref.listed, ref.page) == (Listed.CHANGES, page + 1)
        page = ref.page
    assert all(f" {n}" in seen and f" {n + 500}" in seen for n in range(100, 125))
    assert page > 3
    draft = DraftShown(base=AGREEMENT, document=DEFAULT_DOCUMENT, changes=changes, answers_version=None)
    for number in (0, 1, 99):
        assert_slack_takes(draft_view(draft, OTHER, number))
    assert "Show all" in buttons(agreement_forms.sign_form(SignForm(notice=make_notice(changes=changes), sides=())))


def test_many_answers_never_hide_what_can_be_done() -> None:
    replies = tuple(Said(name="Helen", text="ж" * 600) for _ in range(120))
    view = agreement_view(make_shown(notice=make_notice(replies=replies, may_sign=True)))
    assert "Sign…" in buttons(view)
    assert "100 earlier answers" in words(view)
    assert_slack_takes(view)


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
    assert "Leads offered before it in trial stay in trial." in standing(State.IN_FORCE)
    assert "suspended" in standing(State.SUSPENDED)
    assert "A new version waits for your signature." in standing(State.IN_FORCE, waits=1)


def test_a_control_names_a_version_and_a_section_and_nothing_else_is_read() -> None:
    assert read_term_value(term_value(OTHER, Section.LADDER)) == TermRef(agreement_id=OTHER, section=Section.LADDER)
    assert read_term_value(term_value(OTHER)) == TermRef(agreement_id=OTHER)
    for junk in ("", OTHER, f"{OTHER}.", f"{OTHER}.nonsense", ".windows", "<b>.windows", "x" * 99 + ".windows"):
        with pytest.raises(NotFound):
            read_term_value(junk)
