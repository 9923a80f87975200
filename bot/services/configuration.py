"""The configuration in force: read as one value, and replaced by another in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from bot.domain.config import Campaign
from bot.domain.configuration import (
    CampaignEntry,
    Configuration,
    PersonEntry,
    RuleEntry,
    SourceEntry,
    TargetEntry,
    TeamEntry,
    difference,
)
from bot.domain.matching import Condition
from bot.domain.person import Member, Person, Side, Team
from bot.domain.routing import Rule
from bot.domain.routing import Target as RuleTarget
from bot.services import (
    at_risk,
    briefs,
    configured_digests,
    countdowns,
    departures,
    people,
    reject_reasons,
    unrouted,
    waiting,
)
from bot.services.asking_again import owner_changed
from bot.services.configured_systems import apply_sources, apply_targets
from bot.services.configured_times import said_times, stored_times
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What changed, a line each, and the secrets that were made: they are shown this once."""

    changes: list[str]
    new_secrets: dict[str, str]


def current(tx: Transaction, *, every_campaign: bool = True) -> Configuration:
    """The configuration in force, secrets included: they are compared, never shown. Sources make campaigns up without
    end: who does not write them down reads with `every_campaign` False only those that have an owner."""
    roster = tx.people.all(on_roster=True)
    email_of = {person.id: person.email for person in roster}
    teams = tx.teams.all()
    key_of = {team.id: team.key for team in teams}
    members = tx.teams.all_members()
    config = tx.config
    return Configuration(
        admin=email_of.get(config.admin_id) if config.admin_id else None,
        fallback_channel=config.fallback_channel,
        marketing_channel=config.marketing_channel,
        crm_hosts=config.crm_hosts,
        people=tuple(_person_entry(person, email_of) for person in roster if person.email),
        teams=tuple(_team_entry(team, members.get(team.id, ()), email_of) for team in teams if team.removed_at is None),
        rules=tuple(
            RuleEntry(
                name=rule.name,
                field=rule.condition.field,
                operator=rule.condition.operator,
                value=rule.condition.value,
                target=rule.target,
                to=(email_of if rule.target is RuleTarget.REP else key_of).get(rule.target_id) or "",
            )
            for rule in tx.rules.all()
        ),
        campaigns=tuple(
            CampaignEntry(
                key=campaign.key,
                name=campaign.name,
                owner=email_of.get(campaign.owner_id) if campaign.owner_id else None,
            )
            for campaign in (tx.campaigns.all() if every_campaign else tx.campaigns.owned())
        ),
        sources=tuple(
            SourceEntry(key=source.key, name=source.name, secrets=source.secrets) for source in tx.sources.all()
        ),
        targets=tuple(
            TargetEntry(key=target.key, url=target.url, events=target.events, secrets=target.secrets)
            for target in tx.targets.all()
        ),
        reasons=tx.agreements.in_force().terms.reasons,
        notes_read_by=tuple(side for side in Side if side.value in config.notes_read_by),
        sales_channels=config.sales_channels,
        alerts_need_approval=config.alerts_need_approval,
        digests=configured_digests.current(tx),
    )


def preview(tx: Transaction, new: Configuration) -> list[str]:
    """What `apply` would change; nothing is changed. Raises ConfigError as apply."""
    reject_reasons.check_changeable(tx, new.reasons)
    return difference(current(tx), new)


def apply(
    tx: Transaction, new: Configuration, *, before: Configuration | None = None, actor: str = "lockstep",
    origin: str = "cli",
) -> Applied:  # fmt: skip
    """`new` is in force. People who are not in it leave the roster (leads they own stay
    theirs, what is only offered to them goes to others), teams that are not
    in it have no members and channels any more, campaigns that leads named stay. After a file, Slack is asked about
    everybody; whoever is added in Slack is known from there. What Slack refused until somebody mends something is
    tried again, also when nothing changes. `before`: what is in force, of a caller who read it with the settings
    locked.

    Raises ConfigError when the reasons differ from those of a signed agreement.
    """
    tx.settings.lock()
    reject_reasons.check_changeable(tx, new.reasons)
    waiting.try_again(tx)
    before = before or current(tx)
    changes = difference(before, new)
    made = apply_sources(tx, new) | apply_targets(tx, new)
    if not changes and not made:
        return Applied(changes=[], new_secrets={})
    ids = _apply_people(tx, new)
    team_ids = _apply_teams(tx, new, ids)
    if new.rules != before.rules:
        tx.rules.replace(
            [
                Rule(
                    id=tx.new_id(),
                    position=number,
                    name=rule.name,
                    condition=Condition(field=rule.field, operator=rule.operator, value=rule.value),
                    target=rule.target,
                    target_id=(ids if rule.target is RuleTarget.REP else team_ids)[rule.to],
                )
                for number, rule in enumerate(new.rules, 1)
            ]
        )
    known = set(before.campaigns)
    for entry in new.campaigns:
        if entry in known:
            continue
        campaign = tx.campaigns.ensure(entry.key)
        owner_id = ids[entry.owner] if entry.owner else None
        wanted = Campaign(
            id=campaign.id, key=entry.key, name=entry.name, owner_id=owner_id, created_at=campaign.created_at
        )
        if wanted != campaign:
            tx.campaigns.save(wanted)
        if wanted.owner_id != campaign.owner_id:
            owner_changed(tx, wanted.id)
    if new.reasons is not None:
        reject_reasons.put_in_force(tx, new.reasons)
    departures.note_pool(tx, tx.config.fallback_channel, new.fallback_channel)
    tx.settings.save(
        replace(
            tx.config,
            fallback_channel=new.fallback_channel,
            marketing_channel=new.marketing_channel,
            admin_id=ids[new.admin] if new.admin else None,
            crm_hosts=new.crm_hosts,
            notes_read_by=tx.config.notes_read_by if new.notes_read_by is None else new.notes_read_by,
            sales_channels=tx.config.sales_channels if new.sales_channels is None else new.sales_channels,
            alerts_need_approval=(
                tx.config.alerts_need_approval if new.alerts_need_approval is None else new.alerts_need_approval
            ),
        )
    )
    if new.digests is not None and new.digests != before.digests:
        changes = [*changes, *configured_digests.apply(tx, new.digests)]
    tx.events.add("configuration.applied", actor=actor, origin=origin, data={"changes": list(changes)})
    if origin == "cli":
        people.queue_refresh_of_all(tx)
    unrouted.try_soon(tx, unrouted.SOMEBODY_IS_BACK)
    return Applied(changes=changes, new_secrets=made)


def _apply_people(tx: Transaction, new: Configuration) -> dict[str, str]:
    known = {person.email: person for person in tx.people.all(on_roster=False) if person.email}
    ids = {entry.email: known[entry.email].id if entry.email in known else tx.new_id() for entry in new.people}
    for entry in new.people:
        old = known.get(entry.email)
        person = replace(
            old or Person(id=ids[entry.email], name=entry.name, email=entry.email),
            name=entry.name,
            title=entry.title,
            side=entry.side,
            roles=entry.roles,
            tz_follows_slack=entry.tz is None,
            cap=entry.cap,
            on_roster=True,
            **stored_times(entry),
        )
        if entry.tz is not None:
            person = replace(person, tz=entry.tz)
        if old is None:
            tx.people.add(person)
        elif person != old:
            tx.people.set_roster(person)
            briefs.days_changed(tx, person.id)
            countdowns.replan_person(tx, old, person)
            departures.note_change(tx, old, person)
        known[entry.email] = person
    led_anew: list[str] = []
    # Links between people are set once all of them are there.
    for entry in new.people:
        person = known[entry.email]
        links = (ids[entry.manager] if entry.manager else None, ids[entry.deputy] if entry.deputy else None)
        if links != (person.manager_id, person.deputy_id):
            tx.people.set_links(person.id, *links)
        if links[0] != person.manager_id:
            led_anew.append(person.id)
    for email, person in known.items():
        if email not in ids and person.on_roster:
            tx.people.leave_roster(person.id)
            departures.note_change(tx, person, replace(person, on_roster=False))
            at_risk.follow(tx, tx.at_risk.of([person.id], 1000))
    for person_id in led_anew:
        at_risk.follow(tx, tx.countdowns.lock_of_owner(person_id))
    return ids


def _apply_teams(tx: Transaction, new: Configuration, ids: dict[str, str]) -> dict[str, str]:
    known = {team.key: team for team in tx.teams.all()}
    members_now = tx.teams.all_members()
    team_ids: dict[str, str] = {}
    for entry in new.teams:
        old = known.get(entry.key)
        team = replace(
            old or Team(id=tx.new_id(), key=entry.key, name=entry.name),
            name=entry.name,
            side=entry.side,
            pool_channel=entry.pool_channel,
            mirror_channel=entry.mirror_channel,
            removed_at=None,
            **({"tz": entry.tz, **stored_times(entry)} if entry.says_times else {}),
        )
        team_ids[entry.key] = team.id
        if old is None:
            tx.teams.add(team)
        elif team != old:
            tx.teams.save(team)
            countdowns.replan_team(tx, old, team)
            departures.note_pool(tx, old.pool_channel, team.pool_channel)
        members = [(ids[email], weight) for email, weight in entry.members]
        if sorted(members) != sorted((one.person.id, one.weight) for one in members_now.get(team.id, ())):
            with countdowns.pool_replanned(tx, team):
                tx.teams.set_members(team.id, members)
    for key, team in known.items():
        if key not in team_ids and team.removed_at is None:
            tx.teams.save(replace(team, pool_channel=None, mirror_channel=None, removed_at=tx.now))
            tx.teams.set_members(team.id, [])
            departures.note_pool(tx, team.pool_channel, None)
    return team_ids


def _person_entry(person: Person, email_of: dict[str, str | None]) -> PersonEntry:
    return PersonEntry(
        email=person.email or "",
        name=person.name,
        title=person.title,
        side=person.side,
        roles=person.roles,
        manager=email_of.get(person.manager_id) if person.manager_id else None,
        deputy=email_of.get(person.deputy_id) if person.deputy_id else None,
        tz=None if person.tz_follows_slack else person.tz,
        cap=person.cap,
        **said_times(person),
    )


def _team_entry(team: Team, members: Sequence[Member], on_roster: Collection[str]) -> TeamEntry:
    return TeamEntry(
        key=team.key,
        name=team.name,
        side=team.side,
        pool_channel=team.pool_channel,
        mirror_channel=team.mirror_channel,
        members=tuple(
            (member.person.email or "", member.weight) for member in members if member.person.id in on_roster
        ),
        tz=team.tz,
        **said_times(team),
    )
