"""Values about the agreement; hostile ones in every text field."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from bot.domain.agreement import Criterion, Terms
from bot.domain.agreement_changes import Change
from bot.domain.agreement_data import Section, data_of
from bot.domain.agreement_document import (
    DEFAULT_DOCUMENT,
    Agreement,
    Defined,
    Definition,
    Document,
    PointOfContact,
)
from bot.domain.agreement_forms import LONGEST, shown
from bot.domain.lead import Priority
from bot.domain.matching import Condition, Operator
from bot.domain.person import Side
from bot.domain.qualification import Qualification, Segment
from bot.domain.reasons import FollowUp, Reason, Then, WinReason
from bot.domain.signing import SIDES, State, Wish
from bot.domain.windows import SourceWindows
from bot.services.agreement_drafts import DraftShown, SectionForm
from bot.services.agreement_news import About, AgreementNotice, Said, Signed
from bot.services.agreement_shown import AgreementShown, Pending, SignForm
from bot.views import agreement_forms
from bot.views.agreement_notice import render_agreement_notice
from bot.views.agreement_window import agreement_view, changes_view, draft_view
from tests.views.samples import HANDOFF, NOW, OTHER, hostile, hostile_or_none


def make_notice(**values: Any) -> AgreementNotice:
    usual: dict[str, Any] = {
        "about": About.PROPOSAL,
        "agreement_id": OTHER,
        "version": 3,
        "state": State.PROPOSED,
        "proposed_by": "Anna Keller",
        "proposed_at": NOW,
        "from_at": NOW + timedelta(days=7),
        "in_force_at": None,
        "ended_at": None,
        "signed": (),
        "missing": SIDES,
        "changes": (Change(section="windows", field="windows.accept.hot", before="15 min", after="10 min"),),
        "compared_with": 2,
        "proposed_against": 2,
        "replies": (),
        "defaults": (Section.DEFINITIONS,),
        "wish": None,
        "wished": (),
        "review_at": None,
        "review_is_due": False,
        "now": NOW,
    }
    return AgreementNotice(**(usual | values))


def make_shown(**values: Any) -> AgreementShown:
    usual: dict[str, Any] = {
        "agreement_id": OTHER,
        "version": 0,
        "document": DEFAULT_DOCUMENT,
        "section": None,
        "is_present": True,
        "is_trial": True,
        "notice": None,
        "defaults": tuple(Section),
        "names": {},
        "drafted": 0,
    }
    return AgreementShown(**(usual | values))


_condition = st.builds(Condition, field=hostile, operator=st.sampled_from(Operator), value=hostile)
_reason = st.builds(
    Reason, code=hostile, label=hostile, then=st.sampled_from(Then), ask=st.sampled_from(FollowUp), question=hostile,
    counts_against_marketing=st.booleans(),
)  # fmt: skip
_definition = st.builds(
    Definition, words=hostile, created_by=hostile, kept_in=hostile, owned_by=hostile, time_frame=hostile
)
_windows = st.just({Priority.HOT: 15, Priority.WARM: 240, Priority.COLD: 1440})


def _some(item: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    """A few: test_agreement.py has as many as an agreement can have."""
    return st.lists(item, max_size=most).map(tuple)


_terms = st.builds(
    Terms,
    criteria=_some(st.builds(Criterion, label=hostile, condition=_condition)),
    criteria_needed=st.integers(0, 9),
    accept_minutes=_windows,
    first_contact_minutes=_windows,
    by_source=st.dictionaries(hostile, st.builds(SourceWindows, accept=_windows, first_contact=_windows), max_size=5),
    reasons=_some(_reason),
    disqualify_reasons=_some(_reason),
    loss_reasons=_some(_reason),
    win_reasons=_some(st.builds(WinReason, code=hostile, label=hostile)),
    qualification=st.builds(
        Qualification,
        minimum_score=st.dictionaries(hostile, st.integers(0, 100), max_size=5),
        required_fields=_some(hostile),
        excluded_domains=_some(hostile),
        excluded_countries=_some(hostile),
        segments=_some(st.builds(Segment, name=hostile, conditions=st.lists(_condition, min_size=1).map(tuple)), 3),
    ),
)
hostile_documents = st.builds(
    Document,
    terms=_terms,
    definitions=st.fixed_dictionaries(dict.fromkeys(Defined, _definition)),
    contacts=st.dictionaries(
        st.sampled_from(SIDES), _some(st.builds(PointOfContact, email=hostile, about=hostile)), max_size=2
    ),
    engagement=_some(hostile),
    consequences=_some(hostile),
    disagreements=hostile,
    arbiter=hostile_or_none,
    review_on=st.none() | st.just(date(2027, 1, 4)),
    ends=_some(hostile),
)
_change = st.builds(
    Change,
    section=st.sampled_from(Section),
    field=hostile.map(lambda text: f"windows.{text}"),
    before=hostile_or_none,
    after=hostile,
)
_signed = st.builds(Signed, side=st.sampled_from(SIDES), name=hostile, at=st.just(NOW), for_name=hostile_or_none)
hostile_notices = st.builds(
    make_notice,
    about=st.sampled_from(About),
    state=st.sampled_from(State),
    proposed_by=hostile,
    in_force_at=st.sampled_from((None, NOW)),
    ended_at=st.sampled_from((None, NOW)),
    signed=st.lists(_signed, max_size=2).map(tuple),
    changes=_some(_change, 4),
    replies=st.lists(
        st.builds(Said, name=hostile, text=hostile, counter_version=st.none() | st.integers(1, 9)), max_size=5
    ).map(tuple),
    wish=st.none() | st.sampled_from(Wish),
    wished=st.lists(_signed, max_size=2).map(tuple),
    review_at=st.sampled_from((None, NOW)),
    **{name: st.booleans() for name in ("may_sign", "may_reply", "may_withdraw", "may_change", "may_review")},
    review_is_due=st.booleans(),
)
hostile_pages = st.builds(
    make_shown,
    document=hostile_documents,
    section=st.none() | st.sampled_from(Section),
    notice=st.none() | hostile_notices,
    names=st.dictionaries(hostile, hostile, max_size=3),
    pending=st.lists(
        st.builds(
            Pending, agreement_id=st.just(HANDOFF), version=st.integers(1, 99), state=st.sampled_from(State),
            proposed_by=hostile,
        ),
        max_size=5,
    ).map(tuple),
    drafted=st.none() | st.integers(0, 200),
)  # fmt: skip
hostile_drafts = st.builds(
    DraftShown,
    base=st.just(Agreement(id=OTHER, version=2, document=DEFAULT_DOCUMENT)),
    document=st.just(DEFAULT_DOCUMENT),
    changes=_some(_change, 3),
    answers_version=st.sampled_from((None, 2)),
)


def _section_form(document: Document, section: Section) -> SectionForm:
    fields = shown(section, data_of(document)[section])
    return SectionForm(
        agreement_id=OTHER,
        section=section,
        fields=tuple((field, text) for field, text in fields if len(text) <= LONGEST),
        too_long=tuple(field for field, text in fields if len(text) > LONGEST),
    )


_sign_forms = st.builds(
    SignForm,
    notice=hostile_notices,
    sides=st.sampled_from(((), SIDES, (Side.SALES,))),
    wishes=st.sampled_from(((Wish.SUSPEND, Wish.END), (Wish.RESUME,))),
)
IDS = {"agreement_id", "path"}
"""What no stranger writes."""
VIEWS: dict[str, Any] = {
    "agreement": (hostile_pages, agreement_view),
    "agreement notice": (hostile_notices, render_agreement_notice),
    "agreement changes": (
        _some(_change, 30),
        lambda found: changes_view(3, 2, found, OTHER),
    ),
    "agreement draft": (hostile_drafts, lambda draft: draft_view(draft, OTHER)),
    "agreement propose": (hostile_drafts, lambda draft: agreement_forms.propose_form(draft, OTHER)),
    "agreement section": (
        st.builds(_section_form, hostile_documents, st.sampled_from(Section)), agreement_forms.section_form,
    ),
    "agreement sign": (_sign_forms, agreement_forms.sign_form),
    "agreement reply": (hostile_notices, agreement_forms.reply_form),
    "agreement more": (_sign_forms, agreement_forms.more_form),
}  # fmt: skip
