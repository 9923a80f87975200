"""What is said about a campaign alert: who says *Got it*, who asks and who answers (P6). Deny by default.

Each function answers None when allowed, else the sentence that refuses.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.campaign_alert import AlertState, CampaignAlert
from bot.domain.person import Person, Role, Side
from bot.domain.rights import leads_sales, manages_marketing
from bot.errors import FormError

LONGEST = 3000
"""Characters of a question or an answer: as many as Slack's fields take."""
BEFORE_START = timedelta(days=1)
AFTER_TOLD = timedelta(days=1)
"""Nobody is reminded sooner than a day after they were told."""


def is_sales(person: Person) -> bool:
    """Whoever sells, or leads those who do."""
    return person.on_roster and (person.side is Side.SALES or person.has(Role.REP) or leads_sales(person))


def is_asked(person: Person) -> bool:
    """Whether *Got it* is asked of them, and counts: the reps whom Slack knows. Managers may say so, too."""
    return person.has(Role.REP) and person.slack_id is not None and not person.flags.may_never_act


def may_get(person: Person, alert: CampaignAlert) -> str | None:
    """Say *Got it*: sales, of what it was told."""
    if not is_sales(person):
        return "Got it is for sales: it says who of them has read the alert."
    return _is_told(alert)


def may_ask(person: Person, alert: CampaignAlert) -> str | None:
    """Ask a question: sales, of what it was told."""
    if not is_sales(person):
        return "Questions here are for sales: whoever owns the campaign answers them."
    return _is_told(alert)


def may_answer(acting_as: Sequence[Person], alert: CampaignAlert) -> str | None:
    """Answer a question: the alert's owner, marketing's marketers and managers, and whoever stands in for one of
    them. `acting_as`: the person, and those for whom they stand in."""
    if any(one.on_roster and one.id == alert.owner_id for one in acting_as):
        return None
    if any(manages_marketing(one) or (one.side is Side.MARKETING and one.has(Role.MARKETER)) for one in acting_as):
        return None
    return "Only the campaign's owner and marketing can answer questions about it."


def may_see_names(acting_as: Sequence[Person], alert: CampaignAlert) -> str | None:
    """Read who has said *Got it* and who has not: the alert's owner, and managers of both sides."""
    if any(one.on_roster and one.id == alert.owner_id for one in acting_as):
        return None
    if any(manages_marketing(one) or leads_sales(one) for one in acting_as):
        return None
    return "Only the campaign's owner and managers see who has said Got it."


def remind_at(alert: CampaignAlert) -> datetime | None:
    """When whoever has not said *Got it* is to be reminded in their brief: a day before the start, never sooner than
    a day after they were told; None for what is not to come, or of which they were reminded before."""
    if alert.told_at is None or alert.reminded_at is not None:
        return None
    if alert.state not in (AlertState.SCHEDULED, AlertState.LIVE):
        return None
    return max(alert.told_at + AFTER_TOLD, alert.starts_at - BEFORE_START)


def words(text: str | None, block: str, hint: str) -> str:
    """What somebody wrote, without blanks around it. Raises FormError at `block` when there is nothing, or more than
    can be kept."""
    said = (text or "").strip()
    if not said:
        raise FormError({block: hint})
    if len(said) > LONGEST:
        raise FormError({block: f"Keep it under {LONGEST} characters; this has {len(said)}."})
    return said


def _is_told(alert: CampaignAlert) -> str | None:
    if alert.state is AlertState.WITHDRAWN:
        return "This campaign was withdrawn: it does not take place."
    return None if alert.told_at is not None else "Sales was not told of this campaign yet."
