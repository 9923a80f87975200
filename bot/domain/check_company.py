"""What the configuration itself says about people, routing, sources, targets, outbox and campaigns: values in, findings
out. What is checked here would otherwise show when the first lead gets stuck."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.check_people import Company, Outbox, can_take, check_people, is_there
from bot.domain.findings import Area, Finding, counted, fix, named, note, ok
from bot.domain.local_time import ago
from bot.domain.matching import Operator
from bot.domain.rights import announces, leads_sales
from bot.domain.routing import Rule
from bot.domain.routing import Target as RuleTarget
from bot.domain.rule_check import check_rule
from bot.domain.target import Target

QUIET = timedelta(days=14)
"""A source from which nothing came for so long may be broken."""
LATE = timedelta(minutes=2)
"""What is due for longer is not being said."""


def check_company(company: Company) -> list[Finding]:
    """In the order of Area."""
    return [
        *check_people(company),
        *check_routing(company),
        *check_sources(company),
        *check_targets(company.targets),
        *check_outbox(company.outbox, company.now, company.timer_due_at),
        *check_campaigns(company),
    ]


def check_routing(company: Company) -> list[Finding]:
    """Whether every lead has somewhere to go, and every rule a turn."""
    area = Area.ROUTING
    found = []
    if company.config.fallback_channel is None:
        found.append(
            fix(
                area, "There is no fallback channel: a lead that nobody can be offered has nowhere to go.",
                "Name one: Home, Set-up, Channels….",
            )
        )  # fmt: skip
    if not company.rules:
        goes = "goes to the fallback channel" if company.config.fallback_channel else "waits for somebody to assign it"
        found.append(note(area, f"There are no routing rules: every lead {goes}.", "Home, Set-up, Routing…."))
    # A pool without a channel takes nothing: routing passes it over.
    pools = {team.id for team, _ in company.teams if team.pool_channel is not None}
    taken: list[Rule] = []
    for rule in company.rules:
        found += _rule(company, rule, taken)
        if rule.target is RuleTarget.POOL and rule.target_id in pools:
            taken.append(rule)
    return found or [ok(area, f"{counted(len(company.rules), 'rule', 'rules')}, and a fallback channel behind them.")]


def check_sources(company: Company) -> list[Finding]:
    """Who may send leads, and whether they do."""
    area = Area.SOURCES
    if not company.sources:
        return [
            note(area, "No source may send leads: they come by hand and from files only.", "Home, Set-up, Sources….")
        ]
    found = []
    for source in company.sources:
        last = company.last_leads.get(source.key)
        if not source.secrets:
            found.append(
                fix(area, f"The source {source.key} has no secret, so nothing of it is taken.",
                    "Make one: Home, Set-up, Sources….")
            )  # fmt: skip
        elif last is None:
            found.append(note(area, f"Nothing ever came from the source {source.key}.", "docs/webhook.md shows how."))
        elif company.now - last > QUIET:
            found.append(
                note(area, f"The last lead of the source {source.key} came {ago(last, company.now)}.",
                     "Check that it still sends.")
            )  # fmt: skip
        else:
            found.append(ok(area, f"{source.key}: the last lead came {ago(last, company.now)}."))
        if len(source.secrets) > 1:
            found.append(
                note(area, f"The source {source.key} has {len(source.secrets)} secrets in force.",
                     "Take the old one away once the system signs with the new one.")
            )  # fmt: skip
    return found


def check_targets(targets: Sequence[Target]) -> list[Finding]:
    """The systems that are told of decisions."""
    found = [
        fix(
            Area.TARGETS, f"The target {target.key} is told nothing since it answered: {target.disabled_why}.",
            f"Mend its address, then: lockstep outbox enable {target.key}",
        )
        for target in targets
        if target.disabled_at is not None
    ]  # fmt: skip
    told = counted(len(targets), "system is", "systems are")
    return found or [ok(Area.TARGETS, f"{told[0].upper()}{told[1:]} told of decisions.")]


def check_outbox(outbox: Outbox, now: datetime, timer_due_at: datetime | None = None) -> list[Finding]:
    """What could not be said, and what should have been said or done by now."""
    found = []
    if outbox.parked:
        why = f" Last: {outbox.reasons[0]}" if outbox.reasons else ""
        found.append(
            fix(
                Area.OUTBOX, f"{counted(outbox.parked, 'message was', 'messages were')} given up.{why}",
                "lockstep outbox lists them; when the reason is mended: lockstep outbox replay --all",
            )
        )  # fmt: skip
    if outbox.due_at is not None and now - outbox.due_at > LATE:
        found.append(
            fix(
                Area.OUTBOX,
                f"{counted(outbox.unsent, 'message', 'messages')} to be said, due since {ago(outbox.due_at, now)}.",
                "Check that lockstep run is running, and that Slack can be reached from it.",
            )
        )
    if timer_due_at is not None and now - timer_due_at > LATE:
        found.append(
            fix(
                Area.OUTBOX,
                f"What Lockstep does by itself was due {ago(timer_due_at, now)}, and was not done.",
                "Check that lockstep run is running.",
            )
        )
    return found or [ok(Area.OUTBOX, "Everything is said.")]


def check_campaigns(company: Company) -> list[Finding]:
    """Whether somebody in marketing hears of every reject."""
    found = []
    orphans = [campaign.name for campaign in company.campaigns if campaign.owner_id is None]
    if company.config.marketing_channel is None:
        found.append(
            fix(
                Area.CAMPAIGNS,
                "There is no channel of marketing: nobody hears of rejects of leads whose campaign has no owner.",
                "Name one: Home, Set-up, Channels….",
            )
        )
    if orphans:
        found.append(
            note(
                Area.CAMPAIGNS, f"Without an owner, so their rejects go to the channel of marketing:"
                f" {named(orphans, company.more_campaigns)}.",
                "Name the owner: Home, Set-up, Campaigns….",
            )
        )  # fmt: skip
    gone = [
        campaign.name
        for campaign in company.campaigns
        if campaign.owner_id is not None and not is_there(company.named_people.get(campaign.owner_id))
    ]
    if gone:
        found.append(
            note(
                Area.CAMPAIGNS,
                f"Their owner is not there any more: {named(gone)}.",
                "Name another: Home, Set-up, Campaigns….",
            )
        )
    found += _alerts(company)
    if not company.campaigns:
        return found or [ok(Area.CAMPAIGNS, "There is no campaign yet.")]
    return found or [
        ok(Area.CAMPAIGNS, f"{counted(len(company.campaigns), 'campaign', 'campaigns')}, all with an owner.")
    ]


def _alerts(company: Company) -> list[Finding]:
    """Whether campaign alerts can reach sales, where somebody makes any."""
    if not any(announces(person) for person in company.people):
        return []
    found = []
    if not company.config.sales_channels:
        says = "There is no sales channel: each campaign alert has to name those it is told in."
        found.append(note(Area.CAMPAIGNS, says, "Name some: Home, Set-up, Channels…."))
    if company.config.alerts_need_approval and not any(
        leads_sales(person) and is_there(person) for person in company.people
    ):
        says = "There is no sales manager, so nobody can approve a campaign alert."
        how = "Give somebody of sales the role of manager, or switch approval off: Home, Set-up, Channels…."
        found.append(fix(Area.CAMPAIGNS, says, how))
    return found


def _rule(company: Company, rule: Rule, taken: Sequence[Rule]) -> list[Finding]:
    area = Area.ROUTING
    says = f"Rule {rule.position}, “{rule.name}”,"
    found = [
        fix(area, f"{says} can never match: its {field} {sentence}.", "Correct it: Home, Set-up, Routing….")
        for field, sentence in check_rule(rule.name, rule.condition).items()
    ]
    before = next((one for one in taken if _covers(one, rule)), None)
    if before is not None:
        found.append(
            fix(
                area, f"{says} has no turn: rule {before.position}, “{before.name}”, puts all its leads in a pool.",
                "Move it before that rule, or remove it.",
            )
        )  # fmt: skip
    wrong = _destination(company, rule)
    if wrong is not None:
        found.append(fix(area, f"{says} {wrong}.", "Choose another destination, or mend this one."))
    return found


def _covers(first: Rule, second: Rule) -> bool:
    """Whether every lead that `second` matches is one `first` matches too, as far as can be told at a glance."""
    return first.condition.operator is Operator.ANY or first.condition == second.condition


def _destination(company: Company, rule: Rule) -> str | None:
    if rule.target is RuleTarget.REP:
        person = next((one for one in company.people if one.id == rule.target_id), None)
        if person is None:
            return "points at somebody who is not on the roster"
        return None if can_take(person) else f"points at {person.name}, who cannot be offered leads"
    team, members = next(((one, who) for one, who in company.teams if one.id == rule.target_id), (None, ()))
    if team is None:
        return "points at a team that is not there any more"
    if rule.target is RuleTarget.POOL:
        if team.pool_channel is None:
            return f"points at the pool of {team.name}, which has no channel"
        if not any(can_take(member.person) for member in members):
            return f"points at the pool of {team.name}, from which nobody may take leads"
        return None
    if not any(member.weight > 0 and can_take(member.person) for member in members):
        return f"points at {team.name}, in which nobody can be offered leads"
    return None
