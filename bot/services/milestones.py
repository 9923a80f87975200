"""A campaign's first SQL and first win: told once, to both sides, crediting the rep and the marketer. One that was a
mistake makes way for the first that is none."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.budget import Kind
from bot.domain.config import BY_HAND_PREFIX
from bot.domain.handoff import Handoff
from bot.domain.lead import Lead
from bot.domain.milestone import REACHED_BY, Milestone, What, reached
from bot.domain.person import Person
from bot.domain.post import Post, PostRole, Subject
from bot.services import briefs, posting, standing
from bot.services.cards import SHARED
from bot.services.naming import lead_name, masked_name
from bot.services.whereabouts import person_name
from storage.transaction import Transaction

WORDS = {What.SQL: "first SQL", What.WIN: "first win"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneShown:
    """A milestone where it is told. Names and campaign are untrusted. `amount` only of a win, and never in a channel;
    `corrected`: it turned out not to be one."""

    what: What
    campaign: str
    lead_name: str
    company: str | None
    rep: str | None
    marketer: str | None
    amount: str | None
    corrected: bool


def look(tx: Transaction, handoff: Handoff, lead: Lead) -> None:
    """What the campaign has reached with this lead is told, if it is the first; what turned out to be a mistake is
    corrected where it was told. Practice leads and what people hand over by hand are no campaign's."""
    if handoff.practice or handoff.campaign_id is None:
        return
    campaign = tx.campaigns.get(handoff.campaign_id)
    if campaign is None or campaign.key.startswith(BY_HAND_PREFIX):
        return
    _correct(tx, handoff, lead)
    for what in reached(lead.stage):
        milestone = Milestone(
            campaign_id=campaign.id, what=what, lead_id=lead.id, handoff_id=handoff.id, rep_id=handoff.rep_id,
            marketer_id=campaign.owner_id, reached_at=tx.now,
        )  # fmt: skip
        if tx.milestones.add(milestone):
            tx.events.add(
                "campaign.milestone", lead_id=lead.id, handoff_id=handoff.id,
                data={"what": what.value, "campaign": campaign.id},
            )  # fmt: skip
            _tell(tx, milestone, handoff)


def load_milestone(tx: Transaction, post: Post) -> MilestoneShown | None:
    """As it reads now; None when it is not there."""
    what = What(post.data["what"])
    found = shown(tx, post.subject_id, what, shared=post.place.startswith(SHARED))
    now = tx.milestones.get(post.subject_id, what)
    if found is None or now is None or post.data.get("handoff_id", now.handoff_id) == now.handoff_id:
        return found
    return replace(found, corrected=True)  # it was a mistake, and another handoff has reached it since


def shown(tx: Transaction, campaign_id: str, what: What, *, shared: bool) -> MilestoneShown | None:
    """The milestone as it reads now, in a channel without the lead's name."""
    found = tx.milestones.get(campaign_id, what)
    campaign = tx.campaigns.get(campaign_id)
    lead = tx.leads.get(found.lead_id) if found is not None else None
    if found is None or campaign is None or lead is None:
        return None
    handoff = tx.handoffs.get(found.handoff_id) if found.handoff_id else None
    where = standing.standing(tx, handoff, lead) if handoff is not None else None
    return MilestoneShown(
        what=what,
        campaign=campaign.name,
        lead_name=masked_name(lead) if shared else lead_name(lead),
        company=lead.company,
        rep=person_name(tx, found.rep_id) if found.rep_id else None,
        marketer=person_name(tx, found.marketer_id) if found.marketer_id else None,
        amount=where.amount if where is not None and what is What.WIN and not shared else None,
        corrected=found.corrected_at is not None,
    )


def in_words(found: MilestoneShown) -> str:
    """The same in a line: `first SQL of Spring webinar, brought by Sam, worked by Jonas`. Untrusted."""
    if found.corrected:
        return f"was logged by mistake as {WORDS[found.what]} of {found.campaign}"
    by = f", brought by {found.marketer}" if found.marketer else ""
    return f"{WORDS[found.what]} of {found.campaign}{by}, worked by {found.rep or 'sales'}"


def _correct(tx: Transaction, handoff: Handoff, lead: Lead) -> None:
    """What was told of this handoff is taken back where the lead has not reached it any more, or holds after all."""
    for milestone in tx.milestones.of_handoff(handoff.id):
        # A lead that was lost later was qualified all the same.
        holds = lead.stage in REACHED_BY[milestone.what] or _was_reached(tx, handoff, milestone.what)
        if holds is (milestone.corrected_at is None):
            continue
        tx.milestones.set_corrected(replace(milestone, corrected_at=None if holds else tx.now))
        for post in tx.posts.of_subject(Subject.MILESTONE, milestone.campaign_id):
            if post.data.get("what") == milestone.what.value:
                posting.sync(tx, post)


def _was_reached(tx: Transaction, handoff: Handoff, what: What) -> bool:
    stages = {standing.STAGE_OF_KIND.get(one.outcome.kind) for one in tx.outcomes.standing(handoff.id)}
    return bool(stages & REACHED_BY[what])


def _tell(tx: Transaction, milestone: Milestone, handoff: Handoff) -> None:
    rep = tx.people.get(milestone.rep_id) if milestone.rep_id else None
    marketer = tx.people.get(milestone.marketer_id) if milestone.marketer_id else None
    bosses = [tx.people.get(one.manager_id) for one in (rep, marketer) if one is not None and one.manager_id]
    told = {one.id: one for one in (rep, marketer, *bosses) if one is not None and posting.reads(one) is not None}
    for person in sorted(told.values(), key=lambda one: one.id):
        _tell_person(tx, person, milestone)
    team = tx.teams.get(handoff.team_id) if handoff.team_id else None
    channels = [tx.config.marketing_channel, team.mirror_channel if team is not None else None]
    for channel in dict.fromkeys(one for one in channels if one):
        _say(tx, channel, milestone)


def _tell_person(tx: Transaction, person: Person, milestone: Milestone) -> None:
    data = {"what": milestone.what.value, "campaign_id": milestone.campaign_id}
    subject_id = f"{milestone.campaign_id}:{milestone.what}"
    briefs.tell(
        tx, person, Kind.MILESTONE, subject_id, milestone.lead_id, data,
        lambda: _say(tx, person.slack_id or "", milestone),
    )  # fmt: skip


def _say(tx: Transaction, place: str, milestone: Milestone) -> None:
    data: dict[str, object] = {
        "what": milestone.what.value,
        "lead_id": milestone.lead_id,
        "handoff_id": milestone.handoff_id,
    }
    posting.say(tx, Subject.MILESTONE, milestone.campaign_id, place, PostRole.NOTICE, milestone.lead_id, data)
