"""The agreement's sections as forms: what is shown reads back, what is wrong is named at its field."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from bot.domain import agreement_forms as forms
from bot.domain.agreement_data import Section, data_of
from bot.domain.agreement_document import DEFAULT_DOCUMENT, Document
from bot.domain.agreement_reader import read_document
from bot.errors import ConfigError, FormError
from tests.domain.test_agreement_document import documents

DEFAULT = data_of(DEFAULT_DOCUMENT)


def answers(section: Section, **changed: str) -> dict[str, str]:
    shown = {field.key: text for field, text in forms.shown(section, DEFAULT[section])}
    return shown | {key.replace("__", "."): text for key, text in changed.items()}


def send(section: Section, changed: dict[str, str]) -> None:
    data = forms.read(section, DEFAULT[section], answers(section, **changed))
    try:
        read_document({section.value: data})
    except ConfigError as error:
        raise forms.at_fields(section, str(error)) from None


def mistakes(section: Section, **changed: str) -> dict[str, str]:
    with pytest.raises(FormError) as refused:
        send(section, changed)
    return refused.value.fields


@given(documents)
@settings(max_examples=30)
def test_a_form_that_is_sent_as_it_was_shown_changes_nothing(document: Document) -> None:
    data = data_of(document)
    for section in Section:
        shown = {field.key: text for field, text in forms.shown(section, data[section])}
        assert forms.read(section, data[section], shown) == data[section]


@given(documents)
@settings(max_examples=30)
def test_every_term_stands_in_a_form(document: Document) -> None:
    data = data_of(document)
    for section in Section:
        paths = [field.path for field in forms.FORMS[section]]
        for key, value in data[section].items():
            below = [path for path in paths if path[0] == key]
            assert below or (isinstance(value, dict) and not value), (section, key)


@pytest.mark.parametrize("section", list(Section))
def test_the_texts_of_the_shipped_agreement_read_back_as_they_are(section: Section) -> None:
    for field, text in forms.shown(section, DEFAULT[section]):
        value = field.read(text)
        data = forms._put(DEFAULT[section], field.path, value)
        assert read_document({section.value: data}) == DEFAULT_DOCUMENT, field.key
        assert len(text) <= forms.LONGEST


def test_what_is_written_by_the_hints_is_read() -> None:
    data = forms.read(
        Section.MQL,
        DEFAULT[Section.MQL],
        answers(
            Section.MQL,
            minimum_score="webinar = 50\n* = 20.5",
            required_fields="email, country",
            segments="Mid | country | is | DE\nMid | company | present\nBig | fields.size | at_least | 500",
            criteria="Size \\| seats | fields.size | at_least | 10",
        ),
    )
    assert data["minimum_score"] == {"webinar": 50, "*": 20.5}
    assert data["required_fields"] == ["email", "country"]
    assert [(one["name"], len(one["conditions"])) for one in data["segments"]] == [("Mid", 2), ("Big", 1)]
    assert data["criteria"][0]["label"] == "Size | seats"
    windows = forms.read(
        Section.WINDOWS,
        DEFAULT[Section.WINDOWS],
        answers(Section.WINDOWS, source="webinar | first contact | hot = 2 h"),
    )
    assert windows["source"] == {"webinar": {"accept": {}, "first_contact": {"hot": "2 h"}}}
    text = "code_x | Too small | recycle | date*: When? | does not count | when not reached"
    reason = forms.read(Section.REASONS, DEFAULT[Section.REASONS], answers(Section.REASONS, disqualify=text))
    assert reason["disqualify"] == [
        {"code": "code_x", "label": "Too small", "then": "recycle", "ask": "date", "question": "When?",
         "required": True, "counts_against_marketing": False, "unreached": True}
    ]  # fmt: skip
    lead = "Somebody who asked.\nTwice.\nWho owns it: Marketing\nAnd: more"
    words = forms.read(Section.DEFINITIONS, DEFAULT[Section.DEFINITIONS], answers(Section.DEFINITIONS, lead=lead))
    assert words["lead"] == {
        "words": "Somebody who asked.\nTwice.\nAnd: more", "owned_by": "Marketing",
        "created_by": "", "kept_in": "", "time_frame": "",
    }  # fmt: skip


def test_every_mistake_is_at_its_field_with_the_way_to_mend_it() -> None:
    found = mistakes(Section.MQL, criteria="Only a label", minimum_score="fifty")
    assert "write LABEL | FIELD" in found["criteria"]
    assert "NAME = VALUE" in found["minimum_score"]
    found = mistakes(Section.MQL, criteria="A | titel | present\nB | score | at_least | many", criteria_needed="9")
    assert found["criteria"].startswith("Line 1, field: “titel” is no field of a lead")
    assert "Line 2, value: “many” is no number" in found["criteria"]
    assert found["criteria_needed"] == "Must be a whole number from 0 to 2."
    assert "is neither" in mistakes(Section.REASONS, reject="a | B | close | - | perhaps")["reject"]
    assert "asks nothing" in mistakes(Section.REASONS, reject="a | B | close | Why? | counts")["reject"]
    assert "There must be at least one reason" in mistakes(Section.REASONS, reject="")["reject"]
    assert "is nobody" in mistakes(Section.LADDER, expired="next_rep, boss")["expired"]
    assert "is no date" in mistakes(Section.REVIEW, on="soon")["on"]
    assert "Is missing" in mistakes(Section.DEFINITIONS, mql="")["mql"]
    assert "is no e-mail address" in mistakes(Section.CONTACTS, sales="Anna")["sales"]
    assert "write SOURCE" in mistakes(Section.WINDOWS, source="webinar = 1 h")["source"]


@pytest.mark.parametrize(
    ("before", "answer"),
    [(["Be kind. Answer.", "Say so."], "Be kind.\nAnswer.\nSay so."), (["Be kind.", "Answer."], "Be kind. Answer.")],
)
def test_one_line_made_two_or_two_made_one_is_a_change(before: list[str], answer: str) -> None:
    data = data_of(DEFAULT_DOCUMENT)[Section.RULES] | {"engagement": before}
    assert forms.read(Section.RULES, data, {"engagement": answer})["engagement"] == answer.split("\n")


@pytest.mark.parametrize("about", ["what |", "|", "a | b", ""])
def test_a_bar_at_the_end_of_a_line_is_read_back(about: str) -> None:
    rows = [{"email": "anna@example.com", "about": about}, {"email": "mona@example.com", "about": "windows"}]
    (field,) = (one for one in forms.FORMS[Section.CONTACTS] if one.key == "sales")
    assert field.read(field.write(rows)) == rows
