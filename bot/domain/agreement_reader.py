"""Reads an agreement from plain data (a TOML file, a form in Slack), with every mistake named at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot.domain.agreement import Criterion, Terms
from bot.domain.agreement_data import SECTIONS, Data, data_of, over
from bot.domain.agreement_document import DEFAULT_DOCUMENT, Defined, Definition, Document, PointOfContact
from bot.domain.agreement_reasons import LONGEST_LABEL, read_reasons, read_win_reasons
from bot.domain.agreement_values import Values
from bot.domain.ladder import Ladder, Rung
from bot.domain.lead import Priority
from bot.domain.local_time import parse_date
from bot.domain.matching import FIELDS, Condition, Operator
from bot.domain.person import Side
from bot.domain.qualification import Qualification, Segment
from bot.domain.windows import ByPriority, MarketingWindows, SourceWindows
from bot.errors import ConfigError

LONGEST_WINDOW = 60 * 24 * 30
"""Minutes of working time: three months of eight-hour days."""
LONGEST_OFFER = 300
"""Characters of one line."""
_SIDES = (Side.SALES, Side.MARKETING)


def read_document(given: Mapping[str, Any], base: Document = DEFAULT_DOCUMENT) -> Document:
    """The agreement that `given` makes of `base`: what `given` does not name stays as it is in `base`.

    `given` has the shape of `data_of`, or a part of it. Raises ConfigError with one line for each mistake: which field,
    what is wrong, how to mend it.
    """
    values = Values()
    before = data_of(base)
    values.known(given, SECTIONS, "")
    for section in list(given):
        if section in SECTIONS and not isinstance(given[section], Mapping):
            values.say(section, f"must be a table, [{section}]")
    readable = {name: table for name, table in given.items() if name in SECTIONS and isinstance(table, Mapping)}
    document = _Reader(values).document(over(before, readable))
    if values.mistakes:
        raise ConfigError("\n".join(values.mistakes))
    return document


class _Reader:
    def __init__(self, values: Values) -> None:
        self._values = values

    def document(self, data: Data) -> Document:
        values = self._values
        rules = values.table(data, "rules", ("engagement", "consequences"))
        offers = values.table(data, "offers", ("agreed",))
        settling = values.table(data, "disagreements", ("how", "settle", "arbiter"))
        review = values.table(data, "review", ("on", "every_days", "ends"))
        return Document(
            terms=self._terms(data, settling),
            definitions=self._definitions(values.table(data, "definitions", tuple(Defined))),
            contacts=self._contacts(values.table(data, "contacts", tuple(side.value for side in _SIDES))),
            offers=self._offers(offers),
            engagement=values.texts(rules, "engagement", "rules"),
            consequences=values.texts(rules, "consequences", "rules"),
            disagreements=values.text(settling, "how", "disagreements", required=True),
            arbiter=values.email(settling, "arbiter", "disagreements") or None,
            review_on=self._date(review),
            review_every_days=values.number(review, "every_days", "review", 1, 732),
            ends=values.texts(review, "ends", "review"),
        )

    def _terms(self, data: Data, settling: Data) -> Terms:
        values = self._values
        mql = values.table(
            data,
            "mql",
            (
                "criteria_needed",
                "minimum_score",
                "required_fields",
                "excluded_domains",
                "excluded_countries",
                "criteria",
                "segments",
            ),
        )
        windows = values.table(data, "windows", ("accept", "first_contact", "source", "marketing"))
        follow_up = values.table(data, "follow_up", ("attempts", "ask_again", "undo_seconds", "recycles_at_most"))
        reasons = values.table(data, "reasons", ("reject", "disqualify", "win", "loss"))
        criteria = self._criteria(mql)
        return Terms(
            criteria=criteria,
            criteria_needed=values.number(mql, "criteria_needed", "mql", 0, len(criteria)),
            qualification=self._qualification(mql),
            accept_minutes=self._by_priority(windows, "accept", "windows", all_of_them=True),
            first_contact_minutes=self._by_priority(windows, "first_contact", "windows", all_of_them=True),
            by_source=self._by_source(values.table(windows, "source", None, "windows.source")),
            marketing=self._marketing(windows),
            settle_minutes=values.minutes(settling, "settle", "disagreements", LONGEST_WINDOW),
            ladder=self._ladder(data),
            attempts=values.number(follow_up, "attempts", "follow_up", 1, 20),
            follow_up_minutes=values.minutes(follow_up, "ask_again", "follow_up", LONGEST_WINDOW),
            undo_seconds=values.number(follow_up, "undo_seconds", "follow_up", 0, 3600),
            recycles_at_most=values.number(follow_up, "recycles_at_most", "follow_up", 0, 20),
            reasons=read_reasons(values, reasons, "reject"),
            disqualify_reasons=read_reasons(values, reasons, "disqualify"),
            win_reasons=read_win_reasons(values, reasons),
            loss_reasons=read_reasons(values, reasons, "loss"),
        )

    def _definitions(self, data: Data) -> dict[Defined, Definition]:
        found = {}
        parts = ("words", "created_by", "kept_in", "owned_by", "time_frame")
        for kind in Defined:
            where = f"definitions.{kind.value}"
            table = self._values.table(data, kind.value, parts, where)
            texts = {part: self._values.text(table, part, where, required=part == "words") for part in parts}
            found[kind] = Definition(**texts)
        return found

    def _contacts(self, data: Data) -> dict[Side, tuple[PointOfContact, ...]]:
        found = {}
        for side in _SIDES:
            rows = self._values.rows(data, side.value, "contacts", ("email", "about"))
            people = tuple(
                PointOfContact(
                    email=self._values.email(row, "email", where, required=True),
                    about=self._values.text(row, "about", where),
                )
                for row, where in rows
            )
            self._values.once([each.email for each in people], f"contacts.{side.value}", "email")
            if people:
                found[side] = people
        return found

    def _offers(self, data: Data) -> tuple[str, ...]:
        found = self._values.texts(data, "agreed", "offers")
        for offer in found:
            if len(offer) > LONGEST_OFFER:
                self._values.say(
                    "offers.agreed", f"“{offer[:40]}…” has {len(offer)} characters; at most {LONGEST_OFFER} fit"
                )
        return found

    def _date(self, review: Data) -> date | None:
        value = review.get("on", "")
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        day = parse_date(value) if isinstance(value, str) else None
        if day is None and value != "":
            self._values.say("review.on", f'“{value}” is no date; write YYYY-MM-DD, or "" for none')
        return day

    def _criteria(self, mql: Data) -> tuple[Criterion, ...]:
        values = self._values
        rows = values.rows(mql, "criteria", "mql", ("label", "field", "operator", "value"))
        criteria = tuple(
            Criterion(
                label=values.text(row, "label", where, required=True, longest=LONGEST_LABEL),
                condition=self._condition(row, where),
            )
            for row, where in rows
        )
        values.once([each.label for each in criteria], "mql.criteria", "label")
        return criteria

    def _qualification(self, mql: Data) -> Qualification:
        values = self._values
        fields = values.texts(mql, "required_fields", "mql")
        for name in fields:
            self._field(name, "mql.required_fields")
        segments = []
        for row, where in values.rows(mql, "segments", "mql", ("name", "conditions")):
            name = values.text(row, "name", where, required=True, longest=LONGEST_LABEL)
            conditions = tuple(
                self._condition(condition, there)
                for condition, there in values.rows(row, "conditions", where, ("field", "operator", "value"))
            )
            if not conditions:
                values.say(f"{where}.conditions", "a segment needs at least one condition")
            segments.append(Segment(name=name, conditions=conditions))
        values.once([each.name for each in segments], "mql.segments", "name")
        return Qualification(
            minimum_score=values.scores(mql, "minimum_score", "mql"),
            required_fields=fields,
            excluded_domains=values.domains(mql, "excluded_domains", "mql"),
            excluded_countries=values.texts(mql, "excluded_countries", "mql"),
            segments=tuple(segments),
        )

    def _condition(self, row: Data, where: str) -> Condition:
        values = self._values
        name = values.text(row, "field", where, required=True)
        operator = values.one_of(row, "operator", where, Operator, Operator.PRESENT)
        value = row.get("value", "")
        text = str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
        if operator is not Operator.ANY:
            self._field(name, f"{where}.field")
        if operator in (Operator.AT_LEAST, Operator.AT_MOST):
            values.is_number(text, f"{where}.value")
        elif operator not in (Operator.PRESENT, Operator.MISSING, Operator.ANY) and not text.strip():
            values.say(f"{where}.value", f"is missing; say what “{operator.value}” compares with")
        return Condition(field=name, operator=operator, value=text)

    def _field(self, name: str, where: str) -> None:
        if name and name not in FIELDS and not (name.startswith("fields.") and name != "fields."):
            known = ", ".join(FIELDS)
            self._values.say(where, f"“{name}” is no field of a lead; write one of {known}, or fields.KEY")

    def _by_priority(self, data: Data, key: str, where: str, *, all_of_them: bool) -> ByPriority:
        names = tuple(priority.value for priority in Priority)
        there = f"{where}.{key}"
        table = self._values.table(data, key, names, there)
        wanted = [priority for priority in Priority if all_of_them or priority.value in table]
        return {priority: self._values.minutes(table, priority.value, there, LONGEST_WINDOW) for priority in wanted}

    def _by_source(self, data: Data) -> dict[str, SourceWindows]:
        found = {}
        for source in data:
            where = f"windows.source.{source}"
            if len(source) > LONGEST_LABEL:
                self._values.say(where[:60], f"has {len(source)} characters; no source has more than {LONGEST_LABEL}")
            own = self._values.table(data, source, ("accept", "first_contact"), where)
            found[source] = SourceWindows(
                accept=self._by_priority(own, "accept", where, all_of_them=False),
                first_contact=self._by_priority(own, "first_contact", where, all_of_them=False),
            )
        return found

    def _marketing(self, windows: Data) -> MarketingWindows:
        values, where = self._values, "windows.marketing"
        table = values.table(windows, "marketing", ("offer", "answer_reject", "answer_note", "alert"), where)
        return MarketingWindows(
            offer=self._by_priority(table, "offer", where, all_of_them=True),
            answer_reject=values.minutes(table, "answer_reject", where, LONGEST_WINDOW),
            answer_note=values.minutes(table, "answer_note", where, LONGEST_WINDOW),
            alert=values.minutes(table, "alert", where, LONGEST_WINDOW),
        )

    def _ladder(self, data: Data) -> Ladder:
        values = self._values
        names = ("remind_percent", "at_risk_percent", "second_reminder_from", "expired")
        table = values.table(data, "ladder", names)
        remind = values.number(table, "remind_percent", "ladder", 1, 98)
        at_risk = values.number(table, "at_risk_percent", "ladder", 2, 99)
        if at_risk <= remind:
            values.say("ladder.at_risk_percent", f"{at_risk} comes before the reminder at {remind}; make it larger")
        rungs = values.texts(table, "expired", "ladder")
        known = [rung.value for rung in Rung if rung is not Rung.PARKED]
        for name in rungs:
            if name not in known:
                values.say("ladder.expired", f"“{name}” is nobody; write some of {', '.join(known)}, in order")
        return Ladder(
            remind_percent=remind,
            at_risk_percent=at_risk,
            second_reminder_from_minutes=values.minutes(table, "second_reminder_from", "ladder", LONGEST_WINDOW),
            rungs=tuple(Rung(name) for name in rungs if name in known),
        )
