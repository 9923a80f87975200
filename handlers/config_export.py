"""The configuration written as a TOML file, from which config_file reads the same again."""

from __future__ import annotations

from typing import Any

import tomlkit

from bot.domain.configuration import Configuration, DigestEntry, PersonEntry, RuleEntry, TeamEntry
from bot.domain.reasons import FollowUp, Reason
from bot.domain.work_times import written_days


def write_config_file(configuration: Configuration) -> str:
    """The TOML file from which read_config_file gives the same configuration. Secrets are not written."""
    document = tomlkit.document()
    document.add(tomlkit.comment("Lockstep: what the two teams decide. `lockstep config apply FILE` puts it in force."))
    document.add(tomlkit.comment("Secrets of sources are not exported; a source without them keeps those in force."))
    general = tomlkit.table()
    _put(
        general,
        admin=configuration.admin,
        fallback_channel=configuration.fallback_channel,
        marketing_channel=configuration.marketing_channel,
        crm_hosts=list(configuration.crm_hosts),
    )
    if configuration.sales_channels is not None:
        general["sales_channels"] = list(configuration.sales_channels)
    if configuration.alerts_need_approval is not None:
        general["alerts_need_approval"] = configuration.alerts_need_approval
    document["lockstep"] = general
    if configuration.notes_read_by is not None:
        notes = tomlkit.table()
        _put(notes, read_by=[side.value for side in configuration.notes_read_by])
        document["notes"] = notes
    _tables(document, "people", [_person(person) for person in configuration.people])
    _tables(document, "teams", [_team(team) for team in configuration.teams])
    _tables(document, "routing", [_rule(rule) for rule in configuration.rules])
    _tables(document, "campaigns", [{"key": c.key, "name": c.name, "owner": c.owner} for c in configuration.campaigns])
    _tables(document, "sources", [{"key": source.key, "name": source.name} for source in configuration.sources])
    _tables(
        document,
        "targets",
        [{"key": t.key, "url": t.url, "events": list(t.events) or None} for t in configuration.targets],
    )
    _tables(document, "digests", [_digest(digest) for digest in configuration.digests or ()])
    _tables(document, "reasons", [_reason(reason) for reason in configuration.reasons or ()])
    return tomlkit.dumps(document)


def _digest(digest: DigestEntry) -> dict[str, Any]:
    return {
        "name": digest.name,
        "kind": digest.kind.value,
        "channel": digest.channel,
        "person": digest.person,
        "weekdays": list(digest.weekdays),
        "at": digest.at,
        "tz": digest.tz,
        "is_on": digest.is_on,
        "silent_when_empty": digest.silent_when_empty,
        "closing_line": digest.closing_line,
    }


def _person(person: PersonEntry) -> dict[str, Any]:
    return {
        "email": person.email,
        "name": person.name,
        "title": person.title or None,
        "side": person.side.value,
        "roles": sorted(role.value for role in person.roles),
        "manager": person.manager,
        "deputy": person.deputy,
        "tz": person.tz,
        "cap": person.cap,
        **_times(person),
    }


def _team(team: TeamEntry) -> dict[str, Any]:
    return {
        "key": team.key,
        "name": team.name,
        "side": team.side.value,
        "pool_channel": team.pool_channel,
        "mirror_channel": team.mirror_channel,
        "tz": team.tz,
        **_times(team),
        "members": [email if weight == 1 else {"email": email, "weight": weight} for email, weight in team.members],
    }


def _times(entry: PersonEntry | TeamEntry) -> dict[str, Any]:
    days = None
    if entry.hours is not None:
        days = tomlkit.inline_table()
        days.update({day: written for day, written in written_days(entry.hours).items() if written})
    return {
        "hours": days,
        "days_off": None if entry.days_off is None else list(entry.days_off),
        "country": entry.country,
        "subdivision": entry.subdivision,
    }


def _rule(rule: RuleEntry) -> dict[str, Any]:
    return {
        "name": rule.name,
        "field": rule.field,
        "operator": rule.operator.value,
        "value": rule.value,
        rule.target.value: rule.to,
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "label": reason.label,
        "then": reason.then.value,
        "ask": None if reason.ask is FollowUp.NONE else reason.ask.value,
        "question": reason.question or None,
        "required": True if reason.required else None,
        "counts_against_marketing": None if reason.counts_against_marketing else False,
    }


def _put(table: Any, **values: Any) -> None:
    for key, value in values.items():
        if value is not None:
            table[key] = value


def _tables(document: Any, name: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    array = tomlkit.aot()
    for row in rows:
        table = tomlkit.table()
        _put(table, **row)
        array.append(table)
    document[name] = array
