"""Home of marketers: their campaigns, and what sales rejected of them lately."""

from __future__ import annotations

from bot.domain.dispute import About
from bot.services.dispute_forms import about_value
from bot.services.home import Home
from bot.services.home_campaigns import CampaignList, CampaignRow, RejectList, RejectRow
from bot.services.home_rows import HomeLists
from bot.views.blocks import Block, Element, button, context, header, section
from bot.views.handoff_controls import lead_overflow
from bot.views.home_rows import short, title, turn_list
from bot.views.ids import ActionId, More
from bot.views.lead_lines import DOT, PRIORITY, who
from bot.views.links import when
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

COMMENT = 400

IN_LEADS = trusted(
    "Leads of the last 30 days. One that went on after an accept or a reject counts there, and as waiting while it is"
    " offered again."
)


def my_campaigns(home: Home) -> list[Block]:
    """Each campaign with what became of its leads, then the rejects; nothing for whoever has no campaigns to look
    after."""
    built: list[Block] = []
    if home.campaigns is not None:
        built += _campaigns(home.campaigns)
    if home.rejects is not None:
        built += _rejects(home.rejects)
    return built


def _campaigns(campaigns: CampaignList) -> list[Block]:
    if not campaigns.rows:
        nothing = trusted(
            "No campaign is yours yet. A campaign appears when a lead first names it; an admin says whose it is, under"
            " Set-up, *Campaigns…*. What you hand over yourself is yours. What becomes of the leads stands here, and I"
            " write to you when one is rejected."
        )
        return [header("My campaigns"), section(nothing)]
    name = "My campaigns" if all(row.owner is None for row in campaigns.rows) else "Campaigns"
    built = [title(name, campaigns, len(campaigns.rows)), context(IN_LEADS)]
    built += [section(_campaign(row), accessory=_disagree(row)) for row in campaigns.rows]
    return built + turn_list(HomeLists.CAMPAIGNS, campaigns)


def _disagree(row: CampaignRow) -> Element | None:
    """Whoever does not agree on a campaign says so here."""
    if not row.id:
        return None
    return button(
        "Disagree…",
        ActionId.DISAGREEMENT_RAISE,
        about_value(About.CAMPAIGN, row.id),
        accessibility_label=f"Raise a disagreement on {row.name}",
    )


def _campaign(row: CampaignRow) -> Mrkdwn:
    name = mrkdwn("*{name}*", name=short(row.name))
    if row.owner is not None:
        owner = mrkdwn("of {owner}", owner=short(row.owner)) if row.owner else trusted("*without an owner*")
        name = join([name, owner], ", ")
    rejected = mrkdwn("{count}\u00a0rejected", count=row.rejected)
    if row.top_reason:
        rejected = mrkdwn("{rejected}, most often: {reason}", rejected=rejected, reason=short(row.top_reason))
    counts = [
        mrkdwn("{count}\u00a0handed\u00a0over", count=row.handed_over),
        mrkdwn("{count}\u00a0accepted", count=row.accepted),
        mrkdwn("{count}\u00a0waiting", count=row.waiting),
        rejected,
    ]
    return join([name, join(counts, DOT)])


def _rejects(rejects: RejectList) -> list[Block]:
    if not rejects.rows:
        return []
    built = [title("Rejected lately", rejects, len(rejects.rows))]
    for row in rejects.rows:
        more = lead_overflow(ActionId.HOME_MORE, row.handoff_id, row.crm_url, More.TERMS)
        built.append(section(_reject(row), accessory=more))
    return built + turn_list(HomeLists.REJECTS, rejects)


def _reject(row: RejectRow) -> Mrkdwn:
    reason = mrkdwn("*{reason}*", reason=short(row.reason))
    if row.follow_up:
        reason = mrkdwn("{reason}: {more}", reason=reason, more=short(row.follow_up))
    lines = [
        mrkdwn("{mark} · {who}", mark=PRIORITY[row.priority], who=who(row.name, row.title, row.company)),
        mrkdwn("{reason}, says {by}, {at}", reason=reason, by=short(row.rejected_by), at=when(row.rejected_at)),
    ]
    if row.comment:
        lines.append(mrkdwn("“{comment}”", comment=escape(row.comment, COMMENT)))
    lines.append(mrkdwn("{campaign} · {where}", campaign=short(row.campaign), where=short(row.where)))
    return join(lines)
