from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.agreement import DEFAULT_TERMS, Criterion, Terms
from bot.domain.agreement_changes import changes, still_default
from bot.domain.agreement_data import SECTIONS, changed, data_of, over
from bot.domain.agreement_document import DEFAULT_DOCUMENT, Defined, Definition, Document, PointOfContact
from bot.domain.agreement_reader import LONGEST_WINDOW, read_document
from bot.domain.ladder import Ladder, Rung
from bot.domain.lead import Priority
from bot.domain.matching import FIELDS, Condition, Operator
from bot.domain.person import Side
from bot.domain.qualification import ANY_SOURCE, Qualification, Segment
from bot.domain.reasons import FollowUp, Reason, Then, WinReason
from bot.domain.windows import MarketingWindows, SourceWindows
from bot.errors import ConfigError


def read(text: str, base: Document = DEFAULT_DOCUMENT) -> Document:
    return read_document(tomllib.loads(text), base)


def mistakes(text: str) -> list[str]:
    with pytest.raises(ConfigError) as error:
        read(text)
    return str(error.value).splitlines()


def lines(old: Document, new: Document) -> list[str]:
    return [change.line for change in changes(old, new)]


words = st.text("abc xyzÄ“#.\\\"'\n<&", min_size=1, max_size=12).filter(lambda text: text.strip() != "")
codes = st.text("abc_", min_size=1, max_size=6).map(lambda text: f"a{text}")
minutes = st.integers(1, LONGEST_WINDOW)
emails = st.sampled_from(("ana@example.com", "rui@example.com", "eva@example.com"))
by_priority = st.fixed_dictionaries(dict.fromkeys(Priority, minutes))
some_priorities = st.dictionaries(st.sampled_from(Priority), minutes, max_size=3)
conditions = st.builds(
    Condition,
    field=st.sampled_from((*FIELDS, "fields.team")),
    operator=st.sampled_from((Operator.IS, Operator.ONE_OF, Operator.CONTAINS)),
    value=words,
) | st.builds(Condition, field=st.just("score"), operator=st.just(Operator.AT_LEAST), value=st.just("5"))


def some(item: st.SearchStrategy[Any], by: str, least: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(item, min_size=least, max_size=3, unique_by=lambda each: getattr(each, by)).map(tuple)


reasons = st.builds(
    Reason, code=codes, label=words, then=st.sampled_from((Then.CLOSE, Then.MARKETING)),
    counts_against_marketing=st.booleans(),
) | st.builds(
    Reason, code=codes, label=words, then=st.just(Then.RECYCLE), ask=st.just(FollowUp.DATE), question=words,
    required=st.booleans(),
)  # fmt: skip
reason_lists = st.lists(
    reasons, min_size=1, max_size=3, unique_by=(lambda each: each.code, lambda each: each.label)
).map(tuple)
sentences = st.lists(words, max_size=3, unique=True).map(tuple)
qualifications = st.builds(
    Qualification,
    minimum_score=st.dictionaries(st.sampled_from((ANY_SOURCE, "web", "a.b")), st.integers(0, 100) | st.just(1.5)),
    required_fields=st.lists(st.sampled_from(FIELDS), max_size=2, unique=True).map(tuple),
    excluded_domains=st.lists(st.sampled_from(("example.org", "example.net")), unique=True).map(tuple),
    excluded_countries=sentences,
    segments=some(
        st.builds(Segment, name=words, conditions=st.lists(conditions, min_size=1, max_size=2).map(tuple)), "name"
    ),
)
terms = st.builds(
    Terms,
    criteria=some(st.builds(Criterion, label=words, condition=conditions), "label"),
    criteria_needed=st.just(0),
    accept_minutes=by_priority,
    reasons=reason_lists,
    undo_seconds=st.integers(0, 3600),
    qualification=qualifications,
    first_contact_minutes=by_priority,
    by_source=st.dictionaries(
        st.sampled_from(("web", "a.b")), st.builds(SourceWindows, accept=some_priorities, first_contact=some_priorities)
    ),
    follow_up_minutes=minutes,
    attempts=st.integers(1, 20),
    recycles_at_most=st.integers(0, 20),
    marketing=st.builds(MarketingWindows, offer=by_priority, answer_reject=minutes, answer_note=minutes, alert=minutes),
    settle_minutes=minutes,
    ladder=st.builds(
        Ladder,
        remind_percent=st.integers(1, 40),
        at_risk_percent=st.integers(41, 99),
        second_reminder_from_minutes=minutes,
        rungs=st.lists(st.sampled_from([rung for rung in Rung if rung is not Rung.PARKED]), unique=True).map(tuple),
    ),
    disqualify_reasons=reason_lists,
    win_reasons=some(st.builds(WinReason, code=codes, label=words), "code", least=1),
    loss_reasons=reason_lists,
)
definitions = st.builds(Definition, words=words, created_by=words, kept_in=words)
documents = st.builds(
    Document,
    terms=terms | st.just(DEFAULT_TERMS),
    definitions=st.fixed_dictionaries(dict.fromkeys(Defined, definitions)),
    contacts=st.dictionaries(
        st.sampled_from((Side.SALES, Side.MARKETING)),
        some(st.builds(PointOfContact, email=emails, about=words), "email", least=1),
    ),
    engagement=sentences,
    consequences=sentences,
    disagreements=words,
    arbiter=st.none() | emails,
    review_on=st.none() | st.dates(date(2026, 1, 1), date(2036, 1, 1)),
    review_every_days=st.integers(1, 732),
    ends=sentences,
)


@settings(max_examples=20)
@given(documents)
def test_an_agreement_is_the_same_after_its_file(document: Document) -> None:
    assert read(tomlkit.dumps(data_of(document))) == document


@settings(max_examples=20)
@given(documents, documents)
def test_two_agreements_differ_in_no_line_only_when_they_say_the_same(one: Document, other: Document) -> None:
    assert changes(one, one) == ()
    assert (changes(one, other) == ()) == (data_of(one) == data_of(other))
    assert {change.section for change in changes(one, other)} == {
        section for section in SECTIONS if data_of(one)[section] != data_of(other)[section]
    }


@settings(max_examples=20)
@given(documents, documents)
def test_a_difference_read_the_other_way_round_has_the_same_fields(one: Document, other: Document) -> None:
    there = sorted((change.field, change.before or "", change.after or "") for change in changes(one, other))
    back = sorted((change.field, change.after or "", change.before or "") for change in changes(other, one))
    assert there == back


@settings(max_examples=20)
@given(documents, documents)
def test_what_one_agreement_changes_in_another_makes_it_of_that_one(one: Document, other: Document) -> None:
    assert changed(data_of(one), data_of(one)) == {}
    assert over(data_of(one), changed(data_of(one), data_of(other))) == data_of(other)


def test_what_is_changed_leaves_every_other_term_as_it_is_elsewhere() -> None:
    mine = changed(data_of(DEFAULT_DOCUMENT), data_of(read('[windows.accept]\nhot = "10 min"')))
    assert mine == {"windows": {"accept": {"hot": "10 min"}}}
    theirs = read('[windows.accept]\nwarm = "3 h"')
    assert read_document(mine, theirs).terms.accept_minutes == {
        Priority.HOT: 10, Priority.WARM: 180, Priority.COLD: DEFAULT_TERMS.accept_minutes[Priority.COLD],
    }  # fmt: skip


def test_the_shipped_agreement_is_all_default_and_valid() -> None:
    assert still_default(DEFAULT_DOCUMENT) == tuple(SECTIONS)
    assert read_document({}) == DEFAULT_DOCUMENT
    assert read_document(data_of(DEFAULT_DOCUMENT)) == DEFAULT_DOCUMENT
    assert set(DEFAULT_DOCUMENT.definitions) == set(Defined)


def test_a_file_with_one_section_changes_that_section_only() -> None:
    proposed = read('[windows.accept]\nhot = "10 min"\n[follow_up]\nattempts = 5')
    assert lines(DEFAULT_DOCUMENT, proposed) == [
        "~ windows.accept.hot: 15 min → 10 min",
        "~ follow_up.attempts: 3 → 5",
    ]
    assert still_default(proposed) == tuple(each for each in SECTIONS if each not in ("windows", "follow_up"))


def test_what_a_file_does_not_name_stays_as_it_is_in_force() -> None:
    in_force = read("[follow_up]\nattempts = 5")
    proposed = read("[follow_up]\nundo_seconds = 60", in_force)
    assert proposed.terms.attempts == 5
    assert proposed.terms.undo_seconds == 60


def test_what_is_given_by_source_replaces_what_was_so_that_it_can_be_taken_away() -> None:
    in_force = read('[mql.minimum_score]\nweb = 40\nfair = 10\n[windows.source.web.accept]\nhot = "5 min"')
    proposed = read("[mql.minimum_score]\nweb = 40\n[windows.source]", in_force)
    assert lines(in_force, proposed) == [
        "- mql.minimum_score.fair: 10",
        "- windows.source.web: accept hot 5 min",
    ]


def test_reasons_are_compared_by_their_code() -> None:
    kept = DEFAULT_TERMS.reasons
    changed = replace(kept[0], label="Not our kind of company", counts_against_marketing=False)
    added = Reason(code="too_small", label="Company too small", then=Then.CLOSE)
    terms = replace(DEFAULT_TERMS, reasons=(kept[1], changed, *kept[3:], added))
    assert lines(DEFAULT_DOCUMENT, replace(DEFAULT_DOCUMENT, terms=terms))[:4] == [
        "~ reasons.reject.not_icp.label: Company not a fit → Not our kind of company",
        "~ reasons.reject.not_icp.counts_against_marketing: yes → no",
        "+ reasons.reject: too_small (label Company too small; then close; counts_against_marketing yes)",
        "- reasons.reject: low_intent (label Not ready to talk to sales; then marketing; counts_against_marketing yes)",
    ]
    (order,) = [line for line in lines(DEFAULT_DOCUMENT, replace(DEFAULT_DOCUMENT, terms=terms)) if "order" in line]
    assert order.startswith("~ reasons.reject.in this order: not_icp, wrong_person")


def test_every_mistake_of_a_file_is_named_at_once_with_the_way_to_mend_it() -> None:
    found = mistakes(
        """
        [windows.accept]
        hot = "3 days"
        tepid = "4 h"
        [windows.marketing]
        alert = 0
        [ladder]
        remind_percent = 80
        expired = ["next_rep", "nobody", "next_rep"]
        [follow_up]
        attempts = 0
        [mql]
        required_fields = ["shoe_size"]
        excluded_domains = ["@example.org"]
        criteria_needed = 7
        minimum_score = { web = "high" }
        [review]
        on = "soon"
        [disagreements]
        arbiter = "the boss"
        how = ""
        [definitions.mql]
        words = " "
        """
    )
    expected = [
        "windows.accept.tepid: there is no such term here; there are hot, warm, cold.",
        "windows.accept.hot: “3 days” is no window; write working time such as 15 min, 4 h or 1 h 30 min",
        "windows.marketing.alert: “0” is no window",
        "ladder.at_risk_percent: 75 comes before the reminder at 80; make it larger.",
        "ladder.expired: “next_rep” is there 2 times",
        "ladder.expired: “nobody” is nobody; write some of next_rep, pool, managers_manager, arbiter, in order.",
        "follow_up.attempts: must be a whole number from 1 to 20.",
        "mql.required_fields: “shoe_size” is no field of a lead; write one of source, email",
        "mql.excluded_domains: “@example.org” is no domain; write what follows the @",
        "mql.criteria_needed: must be a whole number from 0 to 6.",
        "mql.minimum_score.web: “high” is no score; write a number.",
        "review.on: “soon” is no date; write YYYY-MM-DD",
        "disagreements.arbiter: “the boss” is no e-mail address",
        "disagreements.how: is missing; write it down.",
        "definitions.mql.words: is missing; write it down.",
    ]
    for sentence in expected:
        assert any(line.startswith(sentence) for line in found), sentence
    assert len(found) == len(expected)


def test_an_unknown_section_hides_no_other_mistake() -> None:
    found = mistakes('rules = 3\n[prices]\n[follow_up]\nattempts = 0\n[review]\non = "soon"')
    assert [line.split(":")[0] for line in found] == ["prices", "rules", "follow_up.attempts", "review.on"]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ('code = "Bad"\nlabel = "B"\nthen = "close"', "reasons.reject 1.code: “Bad” is no code"),
        ('code = "a"\nlabel = ""\nthen = "close"', "reasons.reject 1.label: is missing"),
        ('code = "a"\nlabel = "A"\nthen = "burn"', "reasons.reject 1.then: “burn” is not known; write one of recycle"),
        (
            'code = "a"\nlabel = "A"\nthen = "recycle"',
            "reasons.reject 1.ask: “recycle” needs to know more; write ask =",
        ),
        (
            'code = "a"\nlabel = "A"\nthen = "merge"',
            'reasons.reject 1.ask: “merge” needs to know more; write ask = "lead"',
        ),
        (
            'code = "a"\nlabel = "A"\nthen = "reroute"',
            "reasons.reject 1.counts_against_marketing: a lead that only went",
        ),
        ('code = "a"\nlabel = "A"\nthen = "close"\nrequired = true', "reasons.reject 1.required: there is nothing"),
        ('code = "a"\nlabel = "A"\nthen = "close"\nask = "text"', "reasons.reject 1.question: is missing"),
        ('code = "a"\nlabel = "A"\nthen = "close"\ncolour = 1', "reasons.reject 1.colour: there is no such term here"),
    ],
)
def test_a_mistake_in_a_reason_is_named(row: str, sentence: str) -> None:
    (found,) = mistakes(f"[[reasons.reject]]\n{row}")
    assert found.startswith(sentence)


def test_a_reason_for_leads_nobody_works_yet_cannot_disqualify() -> None:
    (found,) = mistakes(
        '[[reasons.disqualify]]\ncode = "a"\nlabel = "A"\nthen = "reroute"\ncounts_against_marketing = false'
    )
    assert found.startswith("reasons.disqualify 1.then: “reroute” is for leads that nobody works yet")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("windows = 3", "windows: must be a table, [windows]."),
        ("[prices]", "prices: there is no such term here; there are definitions, mql"),
        ("[windows]\naccept = 15", "windows.accept: must be a table"),
        ("[reasons]\nreject = []", "reasons.reject: there must be at least one reason."),
        ("[reasons]\nwin = [3]", "reasons.win 1: must be a table"),
        ('[rules]\nengagement = "be nice"', "rules.engagement: must be a list of texts"),
        ("[review]\non = 2026-12-01T10:00:00", "review.on: “2026-12-01 10:00:00” is no date"),
        ('[[mql.segments]]\nname = "Iberia"', "mql.segments 1.conditions: a segment needs at least one condition."),
        ("[follow_up]\nattempts = true", "follow_up.attempts: must be a whole number"),
    ],
)
def test_the_wrong_shape_is_named(text: str, sentence: str) -> None:
    assert mistakes(text)[0].startswith(sentence)


def test_a_date_may_be_a_date() -> None:
    assert read("[review]\non = 2027-01-04").review_on == date(2027, 1, 4)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(tuple(SECTIONS)), junk), st.data())
def test_nonsense_is_answered_with_sentences_and_never_breaks(given_data: dict[str, Any], data: st.DataObject) -> None:
    for section, table in data_of(DEFAULT_DOCUMENT).items():
        if section not in given_data:
            key = data.draw(st.sampled_from(sorted(table))) if table else "sales"
            given_data[section] = {key: data.draw(junk)}
    try:
        read_document(given_data)
    except ConfigError as error:
        sentences = str(error).splitlines()
    else:
        sentences = []
    assert all(": " in sentence and sentence.endswith(".") for sentence in sentences)


def test_what_becomes_a_choice_in_a_form_is_no_longer_than_slack_shows() -> None:
    label = "x" * 76
    criterion = f'[[mql.criteria]]\nlabel = "{label}"\nfield = "score"\noperator = "present"'
    assert "mql.criteria 1.label: is 76 characters long; keep it under 75." in mistakes(criterion)
    segment = f'[[mql.segments]]\nname = "{label}"\nconditions = [{{ field = "company", operator = "present" }}]'
    assert "mql.segments 1.name: is 76 characters long; keep it under 75." in mistakes(segment)
    assert "no source has more than 75" in mistakes(f'[windows.source.{label}.accept]\nhot = "1 h"')[0]
    assert "mql.minimum_score: a source of 76 characters" in mistakes(f"[mql.minimum_score]\n{label} = 5")[0]


def test_a_lead_that_was_reached_can_always_be_disqualified() -> None:
    row = '[[reasons.disqualify]]\ncode = "unable"\nlabel = "Unable"\nthen = "marketing"\nunreached = true'
    (found,) = mistakes(row)
    assert found.startswith("reasons.disqualify: all are for leads nobody reached")


def test_an_excluded_domain_begins_and_ends_with_its_own_letters() -> None:
    (found,) = mistakes('[mql]\nexcluded_domains = [".example.org"]')
    assert found.startswith("mql.excluded_domains: “.example.org” is no domain")
