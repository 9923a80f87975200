"""The channels that every team shares, the hosts of the CRM, and who hears of trouble: set by an admin in Slack."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.configuration import Configuration
from bot.domain.roster_check import check_host
from bot.errors import FormError
from bot.services import configuration
from bot.services.editing import change, refuse_unless_same
from bot.services.set_up_changes import admin, refuse_mistakes, seen
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelsForm:
    """`admin`: the Slack id of who hears of trouble; `hidden_admin`: their name, when they have no account in Slack."""

    seen: str
    fallback_channel: str | None
    marketing_channel: str | None
    crm_hosts: tuple[str, ...]
    admin: str | None
    hidden_admin: str | None = None
    sales_channels: tuple[str, ...] = ()
    alerts_need_approval: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveChannels:
    by: str
    seen: str
    fallback_channel: str | None
    marketing_channel: str | None
    crm_hosts: tuple[str, ...]
    admin: str | None
    take_out: bool = False
    """Whoever heard of trouble and has no account in Slack, hears of it no more."""
    sales_channels: tuple[str, ...] = ()
    alerts_need_approval: bool = True


def channels_form(tx: Transaction, by: str) -> ChannelsForm:
    """Raises NotAllowed, PersonUnknown."""
    admin(tx, by)
    now, config = configuration.current(tx, every_campaign=False), tx.config
    told = tx.people.get(config.admin_id) if config.admin_id else None
    return ChannelsForm(
        seen=seen(_shown(now)),
        fallback_channel=now.fallback_channel,
        marketing_channel=now.marketing_channel,
        crm_hosts=now.crm_hosts,
        admin=told.slack_id if told else None,
        hidden_admin=told.name if told and told.slack_id is None else None,
        sales_channels=config.sales_channels,
        alerts_need_approval=config.alerts_need_approval,
    )


def save_channels(tx: Transaction, command: SaveChannels) -> None:
    """What the form says is in force. Raises NotAllowed, PersonUnknown, Refused when somebody changed it since the
    form was opened, and FormError(crm_hosts, admin)."""

    def edit(now: Configuration) -> Configuration:
        refuse_unless_same(command.seen, _shown(now))
        hosts = tuple(dict.fromkeys(host.strip().lower() for host in command.crm_hosts if host.strip()))
        wrong = next((found for host in hosts if (found := check_host(host))), None)
        refuse_mistakes({} if wrong is None else {"crm_hosts": wrong})
        return replace(
            now,
            fallback_channel=command.fallback_channel,
            marketing_channel=command.marketing_channel,
            crm_hosts=hosts,
            admin=_admin(tx, now, command),
            sales_channels=tuple(dict.fromkeys(command.sales_channels)),
            alerts_need_approval=command.alerts_need_approval,
        )

    change(tx, command.by, edit)


def _shown(now: Configuration) -> object:
    return (
        now.fallback_channel, now.marketing_channel, now.crm_hosts, now.admin, now.sales_channels,
        now.alerts_need_approval,
    )  # fmt: skip


def _admin(tx: Transaction, now: Configuration, command: SaveChannels) -> str | None:
    slack_id = command.admin
    if slack_id is None:
        if command.take_out:
            return None
        old = tx.people.by_email(now.admin) if now.admin else None
        return now.admin if old is not None and old.slack_id is None else None
    person = tx.people.by_slack_id(slack_id)
    if person is None or not person.on_roster:
        raise FormError({"admin": "This person is not on the roster: add them under People first."})
    return person.email
