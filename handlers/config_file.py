"""The configuration as a TOML file: read, with every mistake named at once."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from bot.domain.config import BY_HAND, wrong_key
from bot.domain.configuration import (
    TIMES,
    CampaignEntry,
    Configuration,
    PersonEntry,
    RuleEntry,
    SourceEntry,
    TargetEntry,
    TeamEntry,
)
from bot.domain.lead import normalise_email
from bot.domain.matching import Condition, Operator
from bot.domain.person import Role, Side
from bot.domain.reason_check import check_reason, check_reasons
from bot.domain.reasons import FollowUp, Reason, Then
from bot.domain.roster_check import Broken, Part, Want, broken_links, check_host, check_person, check_team
from bot.domain.routing import Target
from bot.domain.rule_check import check_rule
from bot.domain.signature import key_of
from bot.domain.target import EVENTS, is_target_url
from bot.domain.work_times import PlaceMistake
from bot.errors import ConfigError
from handlers.config_alerts import AlertsReader
from handlers.config_digests import DigestsReader
from handlers.config_notes import NotesReader
from handlers.config_tables import Table
from handlers.config_times import TimesReader

SHORTEST_SECRET = 24
"""Bytes, as Standard Webhooks asks of a key."""


def read_config_file(text: str, channel_id: Callable[[str], str | None], place_mistake: PlaceMistake) -> Configuration:
    """The configuration in `text`. `channel_id` turns `#name` or an id into a channel id, None when there is none;
    `place_mistake` says what is wrong with a country and its subdivision.

    Raises ConfigError with one line for each mistake: where it is, what is wrong, how to mend it.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"The file is not valid TOML: {error}.") from error
    reader = _Reader(channel_id, place_mistake)
    configuration = reader.configuration(data)
    if reader.mistakes:
        raise ConfigError("\n".join(reader.mistakes))
    return configuration


class _Reader(TimesReader, NotesReader, AlertsReader, DigestsReader):
    """The configuration in a file, with every mistake in it."""

    def __init__(self, channel_id: Callable[[str], str | None], place_mistake: PlaceMistake) -> None:
        super().__init__(place_mistake)
        self._channel_id = channel_id

    def configuration(self, data: Table) -> Configuration:
        tables = {"people", "teams", "routing", "campaigns", "sources", "targets", "reasons", "digests"}
        self._unknown(data, {"lockstep", "notes", *tables}, "the file")
        people = tuple(self._person(row, where) for row, where in self._rows(data, "people"))
        self._once([person.email for person in people], "people", "email")
        teams = tuple(self._team(row, where) for row, where in self._rows(data, "teams"))
        self._once([team.key for team in teams], "teams", "key")
        rules = tuple(self._rule(row, where) for row, where in self._rows(data, "routing"))
        campaigns = tuple(self._campaign(row, where) for row, where in self._rows(data, "campaigns"))
        self._once([campaign.key for campaign in campaigns], "campaigns", "key")
        sources = tuple(self._source(row, where) for row, where in self._rows(data, "sources"))
        self._once([source.key for source in sources], "sources", "key")
        targets = tuple(self._target(row, where) for row, where in self._rows(data, "targets"))
        self._once([target.key for target in targets], "targets", "key")
        general = data.get("lockstep", {})
        if not isinstance(general, Mapping):
            self._say("lockstep", "must be a table, [lockstep]")
            general = {}
        known = {"admin", "fallback_channel", "marketing_channel", "crm_hosts"}
        self._unknown(general, {*known, "sales_channels", "alerts_need_approval"}, "lockstep")
        hosts = tuple(str(host).strip().lower() for host in self._list(general, "crm_hosts", "lockstep"))
        for wrong in filter(None, map(check_host, hosts)):
            self._say("lockstep: crm_hosts", wrong)
        configuration = Configuration(
            admin=_address(self._text(general, "admin", "lockstep")),
            fallback_channel=self._channel(general, "fallback_channel", "lockstep"),
            marketing_channel=self._channel(general, "marketing_channel", "lockstep"),
            crm_hosts=hosts,
            people=people,
            teams=teams,
            rules=rules,
            campaigns=campaigns,
            sources=sources,
            targets=targets,
            reasons=self._reasons(data),
            notes_read_by=self._notes_read_by(data),
            sales_channels=self._sales_channels(general),
            alerts_need_approval=self._alerts_need_approval(general),
            digests=self._digests(data),
        )
        for broken in broken_links(configuration):
            if broken.to:  # that it is missing was said
                self._say(f"{_place(broken)}: {broken.field}", _NOT_THERE[broken.want].format(to=broken.to))
        return configuration

    def _person(self, row: Table, where: str) -> PersonEntry:
        allowed = {
            "email", "name", "title", "side", "roles", "manager", "deputy", "tz", "cap", *TIMES,
        }  # fmt: skip
        self._unknown(row, allowed, where)
        given = self._text(row, "email", where, required=True)
        where = f"people {_address(given)}" if given else where
        person = PersonEntry(
            email=_address(given) or "",
            name=self._text(row, "name", where) or "",
            title=self._text(row, "title", where) or "",
            side=self._choice(row, "side", where, Side, Side.SALES),
            roles=frozenset(self._roles(row, where)),
            manager=_address(self._text(row, "manager", where)),
            deputy=_address(self._text(row, "deputy", where)),
            tz=self._zone(row, where),
            cap=self._number(row, "cap", where, None),
            **self._times(row, where),
        )
        wrong = check_person(person)
        if not given:
            wrong.pop("email")  # that it is missing was said
        self._say_each(where, wrong)
        return person

    def _roles(self, row: Table, where: str) -> list[Role]:
        roles = []
        for text in self._list(row, "roles", where) if "roles" in row else [Role.REP.value]:
            try:
                roles.append(Role(str(text)))
            except ValueError:
                self._say(f"{where}: roles", f"{text} is no role; choose of {', '.join(Role)}")
        return roles

    def _team(self, row: Table, where: str) -> TeamEntry:
        allowed = {"key", "name", "side", "pool_channel", "mirror_channel", "members", "tz", *TIMES}
        self._unknown(row, allowed, where)
        key = self._text(row, "key", where) or ""
        where = f"teams {key}" if key else where
        members = []
        for entry in self._list(row, "members", where):
            is_table = isinstance(entry, Mapping)
            email = _address(str(entry.get("email", "") if is_table else entry)) or ""
            weight = entry.get("weight", 1) if is_table else 1
            if isinstance(weight, int) and not isinstance(weight, bool):
                members.append((email, weight))
            else:
                self._say(f"{where}: members", f"the weight of {email} must be a whole number")
        team = TeamEntry(
            key=key,
            name=self._text(row, "name", where) or key,
            side=self._choice(row, "side", where, Side, Side.SALES),
            pool_channel=self._channel(row, "pool_channel", where),
            mirror_channel=self._channel(row, "mirror_channel", where),
            members=tuple(members),
            tz=self._zone(row, where),
            **self._times(row, where),
        )
        self._say_each(where, check_team(team))
        return team

    def _rule(self, row: Table, where: str) -> RuleEntry:
        self._unknown(row, {"name", "field", "operator", "value", "rep", "team", "pool"}, where)
        name = self._text(row, "name", where) or ""
        where = f"routing “{name}”" if name else where
        operator = self._choice(row, "operator", where, Operator, Operator.ANY)
        field = self._text(row, "field", where) or ""
        value = row.get("value", "")
        text = ", ".join(str(part) for part in value) if isinstance(value, list) else str(value)
        self._say_each(where, check_rule(name, Condition(field=field, operator=operator, value=text)))
        targets = [target for target in Target if target.value in row]
        if len(targets) != 1:
            self._say(where, "name exactly one of rep, team or pool")
        target = targets[0] if targets else Target.TEAM
        to = self._text(row, target.value, where, required=len(targets) == 1) or ""
        if target is Target.REP:
            to = _address(to) or ""
        return RuleEntry(name=name, field=field, operator=operator, value=text, target=target, to=to)

    def _campaign(self, row: Table, where: str) -> CampaignEntry:
        self._unknown(row, {"key", "name", "owner"}, where)
        key = self._text(row, "key", where, required=True) or ""
        owner = _address(self._text(row, "owner", where))
        return CampaignEntry(key=key, name=self._text(row, "name", where) or key, owner=owner)

    def _source(self, row: Table, where: str) -> SourceEntry:
        self._unknown(row, {"key", "name", "secrets"}, where)
        key = self._text(row, "key", where, required=True) or ""
        where = f"sources {key}" if key else where
        if key and (wrong := wrong_key(key)):
            self._say(f"{where}: key", f"{wrong}: it is part of the webhook's address")
        if key == BY_HAND:
            self._say(f"{where}: key", f"{key} is what leads handed over in Slack are called; choose another")
        return SourceEntry(key=key, name=self._text(row, "name", where) or key, secrets=self._secrets(row, where))

    def _target(self, row: Table, where: str) -> TargetEntry:
        self._unknown(row, {"key", "url", "events", "secrets"}, where)
        key = self._text(row, "key", where, required=True) or ""
        where = f"targets {key}" if key else where
        if key and (wrong := wrong_key(key)):
            self._say(f"{where}: key", f"{wrong}: it names the target in lists")
        url = self._text(row, "url", where, required=True) or ""
        if url and not is_target_url(url):
            host = _host(url)
            self._say(f"{where}: url", f"{host} is no https address of a host (plain http only on this machine)")
        events = tuple(str(event) for event in self._list(row, "events", where))
        for event in events:
            if event not in EVENTS:
                self._say(f"{where}: events", f"{event} is not told; there is {', '.join(EVENTS)}")
        return TargetEntry(key=key, url=url, events=events, secrets=self._secrets(row, where))

    def _secrets(self, row: Table, where: str) -> tuple[str, ...]:
        secrets = [str(secret) for secret in self._list(row, "secrets", where)]
        if len(secrets) > 2:
            self._say(f"{where}: secrets", "at most two are live at once: the new one and the one being replaced")
        if not all(_is_secret(secret) for secret in secrets):
            self._say(
                f"{where}: secrets", "a secret is whsec_ and at least 24 bytes in Base64; leave it out to get one"
            )
        return tuple(secrets)

    def _reasons(self, data: Table) -> tuple[Reason, ...] | None:
        """None when the file says nothing of reasons."""
        if "reasons" not in data:
            return None
        reasons = tuple(self._reason(row, where) for row, where in self._rows(data, "reasons"))
        for sentence in check_reasons(reasons):
            self._say("reasons", sentence)
        return reasons

    def _reason(self, row: Table, where: str) -> Reason:
        known = {"code", "label", "then", "ask", "question", "required", "counts_against_marketing"}
        self._unknown(row, known, where)
        code = self._text(row, "code", where) or ""
        where = f"reasons {code}" if code else where
        reason = Reason(
            code=code,
            label=self._text(row, "label", where) or "",
            then=self._choice(row, "then", where, Then, Then.MARKETING),
            ask=self._choice(row, "ask", where, FollowUp, FollowUp.NONE),
            question=self._text(row, "question", where) or "",
            required=self._yes_or_no(row, "required", where, False),
            counts_against_marketing=self._yes_or_no(row, "counts_against_marketing", where, True),
        )
        self._say_each(where, check_reason(reason))
        return reason

    def _channel(self, row: Table, field: str, where: str) -> str | None:
        text = self._text(row, field, where)
        if text is None:
            return None
        found = self._channel_id(text)
        if found is None:
            self._say(
                f"{where}: {field}",
                f"there is no channel {text} that I can see; invite @Lockstep to it, or write its id (C…)",
            )
        return found


_NOT_THERE = {
    Want.PERSON: "{to} is not among [[people]]; add the person or mend the address",
    Want.TEAM: "{to} is not the key of one of [[teams]]",
    Want.POOL: "team {to} has no pool_channel; give it one",
}


def _place(broken: Broken) -> str:
    """Where in the file a link stands."""
    match broken.part:
        case Part.GENERAL:
            return broken.part.value
        case Part.ROUTING:
            return f"{broken.part} “{broken.key}”"
        case _:
            return f"{broken.part} {broken.key}"


def _address(text: str | None) -> str | None:
    """The e-mail address as it is compared; what is none stays as it was written, and is told of."""
    return normalise_email(text) or text


def _host(url: str) -> str:
    """What of an address is said: the rest may hold a token."""
    try:
        return urlsplit(url).hostname or "this"
    except ValueError:
        return "this"


def _is_secret(text: str) -> bool:
    try:
        return text.startswith("whsec_") and len(key_of(text)) >= SHORTEST_SECRET
    except ValueError:
        return False
