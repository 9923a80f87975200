"""Values of the lists of set-up, with any text in every field that holds one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from bot.domain.matching import FIELDS, Condition, Operator
from bot.domain.qualification import Shortfall
from bot.domain.reasons import FollowUp, Reason, Then
from bot.domain.routing import Rule, Target
from bot.services.campaign_set_up import CampaignEntryRow, CampaignForm
from bot.services.forms import Choice
from bot.services.reject_reasons import ReasonForm, ReasonsList
from bot.services.routing_set_up import RuleForm, RuleRow, RulesList
from bot.services.routing_trial import Trial, TrialForm, TriedRule
from bot.services.sources import NewSecret, SourceRow
from bot.views import campaigns, reject_reasons, routing_rules, sources
from bot.views.first_lead import first_lead_view
from bot.views.ids import BlockId
from bot.views.routing_trial import answer_view, trial_view
from bot.views.set_up_ref import SetUpBlock
from bot.views.webhook_example import PublicAddress
from tests.views.oracle import Shown
from tests.views.samples import NOW, hostile, hostile_or_none

ADDRESS = PublicAddress(url="https://lockstep.example.com", is_local=False)
HERE = PublicAddress(url="http://127.0.0.1:3000", is_local=True)
SECRET = "whsec_" + "A" * 43 + "="
_field = st.sampled_from(FIELDS) | hostile.map(lambda text: f"fields.{text}")
_condition = st.builds(Condition, field=_field, operator=st.sampled_from(Operator), value=hostile)
_trouble = st.sampled_from((None, "has no members"))


@st.composite
def rule_row_of(draw: st.DrawFn, position: int = 1) -> RuleRow:
    return RuleRow(
        id=f"r{position}",
        position=position,
        name=draw(hostile),
        condition=draw(_condition),
        target=draw(st.sampled_from(Target)),
        to=draw(hostile),
        trouble=draw(_trouble),
    )


@st.composite
def hostile_rules(draw: st.DrawFn) -> RulesList:
    rows = tuple(draw(rule_row_of(position)) for position in range(1, draw(st.integers(1, 30)) + 1))
    return RulesList(rules=rows, has_fallback=draw(st.booleans()))


@st.composite
def tried_rules(draw: st.DrawFn, position: int) -> TriedRule:
    return TriedRule(
        rule=draw(rule_row_of(position)),
        found=draw(hostile),
        tried=draw(st.booleans()),
        matched=draw(st.booleans()),
        chosen=draw(st.booleans()),
        passed_over=tuple(draw(st.lists(hostile, max_size=5))),
    )


@st.composite
def hostile_trials(draw: st.DrawFn) -> Trial:
    return Trial(
        rep=draw(hostile_or_none),
        team=draw(hostile_or_none),
        fallback=draw(st.booleans()),
        below=draw(st.sampled_from(((), (Shortfall(criterion="x", sentence=draw(hostile)),)))),
        known=draw(hostile_or_none),
        rules=tuple(draw(tried_rules(position)) for position in range(1, draw(st.integers(0, 8)) + 1)),
    )


_choices = st.lists(
    st.builds(Choice, value=st.uuids().map(lambda one: f"rep:{one}"), label=hostile),
    max_size=6,
    unique_by=lambda one: one.value,
).map(tuple)
_rules = st.builds(
    Rule,
    id=st.uuids().map(str),
    position=st.just(1),
    name=hostile,
    condition=_condition,
    target=st.sampled_from(Target),
    target_id=st.uuids().map(str),
)
hostile_rule_forms = st.builds(
    RuleForm, people=_choices, teams=_choices, pools=_choices, rule=st.none() | _rules, seen=st.just("0" * 16)
)
hostile_sources = st.lists(
    st.builds(SourceRow, key=st.sampled_from(("crm", "web_site-2")), name=hostile, created_at=st.just(NOW),
              secrets=st.integers(1, 2)),
    max_size=25,
).map(tuple)  # fmt: skip
hostile_campaigns = st.lists(
    st.builds(CampaignEntryRow, id=st.uuids().map(str), key=hostile, name=hostile, owner=hostile_or_none), max_size=25
).map(tuple)
hostile_campaign_forms = st.builds(
    CampaignForm, id=st.just("") | st.uuids().map(str), key=hostile, name=hostile,
    owner=st.none() | st.just("U1"), hidden=hostile_or_none, seen=st.just("0" * 16),
)  # fmt: skip
hostile_reasons = st.lists(
    st.builds(
        Reason,
        code=st.uuids().map(lambda one: one.hex),
        label=hostile,
        then=st.sampled_from(Then),
        ask=st.sampled_from(FollowUp),
        question=hostile,
        required=st.booleans(),
        counts_against_marketing=st.booleans(),
    ),
    min_size=1,
    max_size=30,
).map(tuple)
hostile_reason_lists = st.builds(
    ReasonsList, version=st.integers(0, 99), is_signed=st.booleans(), reasons=hostile_reasons
)


def trial_form(text: str) -> TrialForm:
    return TrialForm(sources=(Choice(value="slack", label=text),), campaigns=(Choice(value="autumn", label=text),))


def filled(text: str) -> dict[str, str | None]:
    blocks = (BlockId.COMPANY, BlockId.COUNTRY, BlockId.CAMPAIGN, BlockId.EMAIL, SetUpBlock.SCORE, SetUpBlock.MORE)
    return dict.fromkeys(blocks, text)


VIEWS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], Shown]]] = {
    "rules": (hostile_rules(), lambda rules: routing_rules.rules_view(rules, 1, note=str(rules)[:500])),
    "rule": (hostile_rule_forms, routing_rules.rule_form),
    "trial's answer": (hostile_trials(), answer_view),
    "trial": (
        st.tuples(hostile, hostile_trials()),
        lambda both: trial_view(trial_form(both[0]), filled(both[0]), both[1]),
    ),
    "sources": (hostile_sources, sources.sources_view),
    "first lead": (hostile_sources, first_lead_view),
    "campaigns": (hostile_campaigns, campaigns.campaigns_view),
    "campaign": (hostile_campaign_forms, campaigns.campaign_form),
    "reasons": (hostile_reason_lists, reject_reasons.reasons_view),
    "reason": (
        hostile_reasons, lambda reasons: reject_reasons.reason_form(ReasonForm(reason=reasons[0], seen="0" * 16))
    ),
    "retire": (
        hostile_reasons, lambda reasons: reject_reasons.retire_form(ReasonForm(reason=reasons[0], seen="0" * 16))
    ),
}  # fmt: skip


def rule_row(text: str, number: int = 1, **changes: Any) -> RuleRow:
    values: dict[str, Any] = {
        "condition": Condition(field=f"fields.{text}", operator=Operator.ONE_OF, value=text), "target": Target.TEAM,
        "trouble": "has no members", "to": text,
    }  # fmt: skip
    return RuleRow(id=f"r{number}", position=number, name=text, **{**values, **changes})


def every_list(text: str) -> dict[str, Callable[[], Shown]]:
    """All windows of set-up's lists with this text wherever one is shown."""
    condition = Condition(field=f"fields.{text}", operator=Operator.IS, value=text)
    rule = Rule(id="r1", position=1, name=text, condition=condition, target=Target.REP, target_id="p1")
    choice = (Choice(value="rep:p1", label=text),)
    form = RuleForm(people=choice, teams=choice, pools=choice, rule=rule, to="rep:p1", seen="x", count=3)
    reason = Reason(code="a", label=text, then=Then.CLOSE, ask=FollowUp.TEXT, question=text)
    row = SourceRow(key="crm", name=text, created_at=NOW, secrets=2)
    made = NewSecret(key="crm", name=text, secret=SECRET, replaces=True)
    tried = tuple(
        TriedRule(rule=rule_row(text, n), found=text, tried=True, matched=n > 1, chosen=n == 3, passed_over=(text,))
        for n in (1, 2, 3)
    )
    trial = Trial(rep=text, team=text, known=text, rules=tried)
    return {
        "rules": lambda: routing_rules.rules_view(RulesList(rules=(rule_row(text),), has_fallback=False), note=text),
        "rule": lambda: routing_rules.rule_form(form),
        "delete rule": lambda: routing_rules.delete_rule_form(form, rule_row(text)),
        "trial": lambda: trial_view(trial_form(text), filled(text), trial),
        "trial's answer": lambda: answer_view(trial),
        "trial of a pool": lambda: trial_view(trial_form(text), filled(text), Trial(team=text)),
        "sources": lambda: sources.sources_view((row,), note=text),
        "secret": lambda: sources.secret_view(made, HERE),
        "example": lambda: sources.example_view(row, ADDRESS),
        "renew": lambda: sources.renew_form(row),
        "end": lambda: sources.end_form(row),
        "delete source": lambda: sources.delete_source_form(row),
        "first lead": lambda: first_lead_view((row,)),
        "campaigns": lambda: campaigns.campaigns_view(
            (CampaignEntryRow(id="c1", key=text, name=text, owner=text),), note=text
        ),
        "campaign": lambda: campaigns.campaign_form(CampaignForm(id="c1", key=text, name=text, hidden=text, seen="x")),
        "reasons": lambda: reject_reasons.reasons_view(
            ReasonsList(agreement_id="a-1", version=1, is_signed=False, reasons=(reason,)), note=text
        ),
        "reason": lambda: reject_reasons.reason_form(ReasonForm(reason=reason, seen="x")),
        "retire": lambda: reject_reasons.retire_form(ReasonForm(reason=reason, seen="x")),
    }


WINDOWS = tuple(every_list("x"))
