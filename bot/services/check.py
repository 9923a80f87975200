"""What `lockstep check` and an admin's Home read of the database: the same findings for both."""

from __future__ import annotations

from bot.domain.check_company import check_company
from bot.domain.check_people import Company, Outbox
from bot.domain.check_slack import ChannelUse
from bot.domain.findings import NAMED, Finding
from bot.domain.post import OutboxStatus
from bot.domain.rights import may_set_up
from bot.services.handoffs import refuse
from bot.services.people import clicker
from storage.transaction import Transaction

REASONS = 3
"""Of how many of the newest parked rows the reason is read."""


def load_company(tx: Transaction) -> Company:
    """Everything that is looked at. Reads only."""
    people = tx.people.all()
    linked = {one for person in people for one in (person.manager_id, person.deputy_id) if one is not None}
    owned, unowned = tx.campaigns.owned(), tx.campaigns.newest_unowned(NAMED)
    campaigns = (*owned, *unowned)
    in_all = tx.campaign_numbers.count_campaigns(None)
    linked |= {campaign.owner_id for campaign in campaigns if campaign.owner_id is not None}
    sources = tuple(tx.sources.all())
    members = tx.teams.all_members()
    return Company(
        now=tx.now,
        config=tx.config,
        people=tuple(people),
        named_people=tx.people.get_many(linked),
        teams=tuple((team, tuple(members.get(team.id, ()))) for team in tx.teams.all() if team.removed_at is None),
        rules=tuple(tx.rules.all()),
        sources=sources,
        last_leads=tx.leads.last_by_source(),
        targets=tuple(tx.targets.all()),
        outbox=_outbox(tx),
        campaigns=campaigns,
        more_campaigns=in_all - len(campaigns),
        timer_due_at=tx.timers.next_due(),
    )


def channels(tx: Transaction) -> list[ChannelUse]:
    """Every channel the configuration names, with what it is for."""
    config = tx.config
    uses = []
    if config.fallback_channel:
        uses.append(ChannelUse(channel=config.fallback_channel, what="fallback channel", takes_leads=True))
    if config.marketing_channel:
        uses.append(ChannelUse(channel=config.marketing_channel, what="channel of marketing"))
    uses += [ChannelUse(channel=channel, what="channel of sales") for channel in config.sales_channels]
    told = dict.fromkeys(one for alert in tx.campaign_alerts.told_and_open() for one in alert.channels)
    others = [channel for channel in told if channel not in config.sales_channels]
    uses += [ChannelUse(channel=channel, what="channel of a campaign alert") for channel in others]
    for team in tx.teams.all():
        if team.pool_channel:
            uses.append(ChannelUse(channel=team.pool_channel, what=f"pool of {team.name}", takes_leads=True))
        if team.mirror_channel:
            uses.append(ChannelUse(channel=team.mirror_channel, what=f"mirror of {team.name}"))
    for name, channel in tx.person_settings.channels():
        uses.append(ChannelUse(channel=channel, what=f"channel of {name}'s brief"))
    return uses


def check_now(tx: Transaction, by: str) -> list[Finding]:
    """What an admin reads on Home: everything that can be told without asking Slack. Raises NotAllowed,
    PersonUnknown."""
    refuse(may_set_up(clicker(tx, by)))
    return check_company(load_company(tx))


def _outbox(tx: Transaction) -> Outbox:
    counts = tx.outbox.counts()
    return Outbox(
        parked=counts[OutboxStatus.PARKED],
        reasons=tuple(row.last_error for row in tx.outbox.parked(REASONS) if row.last_error),
        unsent=sum(count for status, count in counts.items() if status is not OutboxStatus.PARKED),
        due_at=tx.outbox.next_due(),
    )
