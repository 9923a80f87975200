"""The sections of the agreement in words, as people read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.domain.agreement import Criterion
from bot.domain.agreement_data import Section
from bot.domain.agreement_document import Defined, Document
from bot.domain.ladder import Rung
from bot.domain.lead import Priority
from bot.domain.local_time import spoken
from bot.domain.matching import Condition, Operator
from bot.domain.person import Side
from bot.domain.qualification import ANY_SOURCE
from bot.domain.reasons import Reason, Then
from bot.domain.windows import ByPriority, spoken_minutes
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

WHOLE = 12_000
"""As long as anything in an agreement can be as sent: 2,000 characters, of which `&` is sent as five."""
LABEL = 80
NOT_WATCHED = "_Agreed, and not watched by the clock yet: from engagement to the offer._"
Names = Mapping[str, str]
DEFINED = {
    Defined.PROSPECT: "Prospect",
    Defined.LEAD: "Lead",
    Defined.MQL: "MQL, marketing-qualified lead",
    Defined.SAL: "SAL, sales-accepted lead",
    Defined.SQL: "SQL, sales-qualified lead",
    Defined.CONTACT: "Contact",
    Defined.OPPORTUNITY: "Opportunity",
}
THEN = {
    Then.MARKETING: "back to marketing",
    Then.RECYCLE: "back to marketing until a day",
    Then.REROUTE: "offered to a colleague",
    Then.MERGE: "joined with another lead",
    Then.CLOSE: "closed",
}
RUNG = {
    Rung.NEXT_REP: "the next rep",
    Rung.POOL: "the pool",
    Rung.MANAGERS_MANAGER: "the manager's manager, or the deputy",
    Rung.ARBITER: "the arbiter",
    Rung.PARKED: "parked",
}


def section_lines(document: Document, section: Section, names: Names) -> list[Mrkdwn]:
    """What the section says; `names` of people by e-mail."""
    return _LINES[section](document, names)


def _definitions(document: Document, names: Names) -> list[Mrkdwn]:
    lines = []
    for kind, label in DEFINED.items():
        one = document.definitions.get(kind)
        if one is None:
            continue
        facts = [
            mrkdwn("_{label}_ {text}", label=what, text=escape(text, WHOLE))
            for what, text in (
                ("Created by", one.created_by),
                ("Kept in", one.kept_in),
                ("Owned by", one.owned_by),
                ("By when", one.time_frame),
            )
            if text
        ]
        lines += [mrkdwn("*{label}*", label=label), escape(one.words, WHOLE, multiline=True), *facts, trusted(" ")]
    return lines[:-1]


def _mql(document: Document, names: Names) -> list[Mrkdwn]:
    terms, asked = document.terms, document.terms.qualification
    lines: list[Mrkdwn] = []
    for source, score in asked.minimum_score.items():
        whose = "every other source" if source == ANY_SOURCE else source
        lines.append(mrkdwn("•  A score of at least {score} from {source}", score=score, source=escape(whose, WHOLE)))
    for title, items in (
        ("These fields are filled in", asked.required_fields),
        ("The address is not at", asked.excluded_domains),
        ("The country is none of", asked.excluded_countries),
    ):
        if items:
            lines.append(mrkdwn("•  {title}: {items}", title=title, items=_listed(items)))
    if asked.segments:
        lines.append(trusted("•  It is in one of these market segments:"))
        for segment in asked.segments:
            conditions = join([_condition(one) for one in segment.conditions], " and ")
            lines.append(mrkdwn("    *{name}*: {what}", name=escape(segment.name, WHOLE), what=conditions))
    must = trusted("*It must have*") if lines else trusted("Nothing is asked for: marketing's word is enough.")
    needed = terms.criteria_needed
    much = mrkdwn(" ({needed} are needed)", needed=needed) if needed else trusted("")
    shown = mrkdwn("*Shown on the card as why it qualified*{much}", much=much)
    return [must, *lines, trusted(" "), shown, *(_criterion(one) for one in terms.criteria)]


def _windows(document: Document, names: Names) -> list[Mrkdwn]:
    terms, marketing = document.terms, document.terms.marketing
    lines = [
        trusted("All in working time of whoever must act."),
        trusted("*Sales*"),
        mrkdwn("•  Accept or reject: {windows}", windows=_by_priority(terms.accept_minutes)),
        mrkdwn("•  First attempt after Accept: {windows}", windows=_by_priority(terms.first_contact_minutes)),
    ]
    for source, own in terms.by_source.items():
        name = escape(source, WHOLE)
        if own.accept:
            lines.append(
                mrkdwn("•  {source}, accept or reject: {windows}", source=name, windows=_by_priority(own.accept))
            )
        if own.first_contact:
            windows = _by_priority(own.first_contact)
            lines.append(mrkdwn("•  {source}, first attempt: {windows}", source=name, windows=windows))
    lines.append(trusted("*Marketing*"))
    lines.append(mrkdwn("•  From engagement to the offer: {windows}", windows=_by_priority(marketing.offer)))
    for label, minutes in (
        ("Answer a reject that counts", marketing.answer_reject),
        ("Answer a field note", marketing.answer_note),
        ("Alert before a campaign starts", marketing.alert),
    ):
        lines.append(mrkdwn("•  {label}: {window}", label=label, window=spoken_minutes(minutes)))
    lines.append(trusted(NOT_WATCHED))
    return lines


def _ladder(document: Document, names: Names) -> list[Mrkdwn]:
    ladder = document.terms.ladder
    rungs = join([mrkdwn("{rung}", rung=RUNG[rung]) for rung in ladder.rungs] or [trusted("nobody")], ", then ")
    return [
        mrkdwn("•  At {percent} % of a window: its owner is reminded.", percent=ladder.remind_percent),
        mrkdwn(
            "•  At {percent} %: the manager sees it at risk, and in windows from {window} its owner is reminded again.",
            percent=ladder.at_risk_percent,
            window=spoken_minutes(ladder.second_reminder_from_minutes),
        ),
        mrkdwn(
            "•  At 100 % it has expired. Each time, it goes to {rungs}; after that it is parked and listed.",
            rungs=rungs,
        ),
    ]


def _follow_up(document: Document, names: Names) -> list[Mrkdwn]:
    terms = document.terms
    return [
        mrkdwn("•  Attempts before a lead counts as not reached: {count}", count=terms.attempts),
        mrkdwn("•  Asked again after an attempt: {window}", window=spoken_minutes(terms.follow_up_minutes)),
        mrkdwn("•  A lead comes back by itself at most {count} times.", count=terms.recycles_at_most),
        mrkdwn("•  Accept can be undone for {count} seconds.", count=terms.undo_seconds),
    ]


def _offers(document: Document, names: Names) -> list[Mrkdwn]:
    how = trusted("A campaign alert names one of these, or says that its offer is new.")
    return [how, *_sentences(document.offers)]


def _reasons(document: Document, names: Names) -> list[Mrkdwn]:
    terms = document.terms
    lines: list[Mrkdwn] = []
    for title, reasons in (
        ("To reject, before working the lead", terms.reasons),
        ("To disqualify, after contact or the agreed attempts", terms.disqualify_reasons),
        ("Lost", terms.loss_reasons),
    ):
        lines += [mrkdwn("*{title}*", title=title), *(_reason(one) for one in reasons), trusted(" ")]
    wins = [one.label for one in terms.win_reasons]
    return [*lines, trusted("*Won*"), mrkdwn("•  {labels}", labels=_listed(wins))]


def _contacts(document: Document, names: Names) -> list[Mrkdwn]:
    lines: list[Mrkdwn] = []
    for side, title in ((Side.SALES, "Of sales"), (Side.MARKETING, "Of marketing")):
        lines.append(mrkdwn("*{title}*", title=title))
        people = document.contacts.get(side, ())
        for one in people:
            about = mrkdwn(": {about}", about=escape(one.about, WHOLE)) if one.about else trusted("")
            name = escape(names.get(one.email, one.email), LABEL)
            lines.append(mrkdwn("•  {name}{about}", name=name, about=about))
        if not people:
            lines.append(trusted("_nobody is named_"))
    return lines


def _rules(document: Document, names: Names) -> list[Mrkdwn]:
    return [
        trusted("*Rules of engagement*"),
        *_sentences(document.engagement),
        trusted("*When a side does not keep to it*"),
        *_sentences(document.consequences),
    ]


def _disagreements(document: Document, names: Names) -> list[Mrkdwn]:
    arbiter = names.get(document.arbiter, document.arbiter) if document.arbiter else "whoever has the role"
    return [
        escape(document.disagreements, WHOLE, multiline=True),
        mrkdwn("•  The two managers have {window}.", window=spoken_minutes(document.terms.settle_minutes)),
        mrkdwn("•  Arbiter: {name}", name=escape(arbiter, LABEL)),
    ]


def _review(document: Document, names: Names) -> list[Mrkdwn]:
    days = document.review_every_days
    on = mrkdwn("on {day}, then ", day=spoken(document.review_on)) if document.review_on else trusted("")
    return [
        mrkdwn("•  It is looked at again {on}every {days} days.", on=on, days=days),
        trusted("*What would end it*"),
        *_sentences(document.ends),
    ]


def _sentences(items: Sequence[str]) -> list[Mrkdwn]:
    return [mrkdwn("•  {text}", text=escape(item, WHOLE)) for item in items] or [trusted("_nothing is written down_")]


def _listed(items: Sequence[str]) -> Mrkdwn:
    return join([escape(item, WHOLE) for item in items], ", ")


def _by_priority(windows: ByPriority) -> Mrkdwn:
    said = [f"{priority.value} {spoken_minutes(windows[priority])}" for priority in Priority if priority in windows]
    return mrkdwn("{windows}", windows=" · ".join(said))


def _criterion(criterion: Criterion) -> Mrkdwn:
    return mrkdwn("•  {label}: {what}", label=escape(criterion.label, WHOLE), what=_condition(criterion.condition))


_OPERATOR = {
    Operator.AT_LEAST: "at least",
    Operator.AT_MOST: "at most",
    Operator.PRESENT: "is given",
    Operator.MISSING: "is missing",
    Operator.ANY: "is anything",
}


def _condition(condition: Condition) -> Mrkdwn:
    operator = _OPERATOR.get(condition.operator, condition.operator.value.replace("_", " "))
    field = escape(condition.field.replace("_", " "), WHOLE)
    if not condition.value:
        return mrkdwn("{field} {operator}", field=field, operator=operator)
    return mrkdwn("{field} {operator} {value}", field=field, operator=operator, value=escape(condition.value, WHOLE))


def _reason(reason: Reason) -> Mrkdwn:
    asks = mrkdwn(", asks “{question}”", question=escape(reason.question, WHOLE)) if reason.question else trusted("")
    if reason.question and not reason.required:
        asks = mrkdwn("{asks}, which may stay open", asks=asks)
    when = trusted(" (only where nobody was reached)") if reason.unreached else trusted("")
    against = (
        trusted("counts against marketing") if reason.counts_against_marketing else trusted("counts against nobody")
    )
    return mrkdwn(
        "•  *{label}*{when}: {then}{asks}; {against}",
        label=escape(reason.label, WHOLE), when=when, then=THEN[reason.then], asks=asks, against=against,
    )  # fmt: skip


_LINES: Mapping[Section, Callable[[Document, Names], list[Mrkdwn]]] = {
    Section.DEFINITIONS: _definitions,
    Section.MQL: _mql,
    Section.WINDOWS: _windows,
    Section.LADDER: _ladder,
    Section.FOLLOW_UP: _follow_up,
    Section.OFFERS: _offers,
    Section.REASONS: _reasons,
    Section.CONTACTS: _contacts,
    Section.RULES: _rules,
    Section.DISAGREEMENTS: _disagreements,
    Section.REVIEW: _review,
}
