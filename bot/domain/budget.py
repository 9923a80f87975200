"""The message budget (P10): each kind of thing people are told, when it is said, and what its reader may choose.

Live is what waits for a person and what somebody must mend. Everything else waits for the reader's brief. Somebody
who adds a kind adds a row here; a test holds each message to a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.person import Person, Role, Side
from bot.domain.post import Subject
from bot.domain.rights import leads_sales


class How(StrEnum):
    LIVE = "live"
    """At once, in a message of its own."""
    BRIEF = "brief"
    """In the reader's next brief."""
    MUTED = "muted"
    """Not at all."""


class Kind(StrEnum):
    """In the order in which a brief says them."""

    LEAD = "lead"
    """Cards, the summary that stands for them in a channel that is full, and the welcome with the first of them."""
    TROUBLE = "trouble"
    """The admin hears what keeps leads or messages from arriving until somebody mends it; and whoever is marked away by
    somebody else, that no leads come to them."""
    REJECT = "reject"
    """Marketing hears of a reject whose reason counts against it."""
    HOTTER = "hotter"
    """Whoever has a lead hears that it came back hotter than before: an escalation."""
    CAME_BACK = "came_back"
    """The owner hears that their lead came back."""
    MERGED = "merged"
    """The owner hears that another lead was merged with theirs."""
    OTHER_REJECT = "other_reject"
    """Marketing hears of a reject that does not count against it, or of an offer withdrawn by a manager."""
    UPKEEP = "upkeep"
    """The admin hears what to put in order when there is time."""
    ESCALATION = "escalation"
    """A window runs out, or is about to: reminders, what is at risk, what expired."""
    AGREEMENT = "agreement"
    """A version of the agreement waits for a signature, comes into force, is to be reviewed."""
    DISPUTE = "dispute"
    """A dispute or disagreement waits for one, or is decided."""
    MILESTONE = "milestone"
    """A campaign's first SQL and first win."""
    LEAKAGE = "leakage"
    """Accepted leads that nobody touched."""
    NOTE = "note"
    """Marketing hears of field notes: on its campaigns, and those that wait too long for an answer."""
    NOTE_ANSWERED = "note_answered"
    """Whoever wrote a field note hears what marketing did about it."""
    NOTE_QUOTED = "note_quoted"
    """Whoever wrote a private message hears that it was saved as a field note."""
    CAMPAIGN = "campaign"
    """A campaign alert waits for one: to be approved, to be mended, or to be told in time."""
    CAMPAIGN_NEWS = "campaign_news"
    """A campaign alert one has not said *Got it* to, and what became of one's own."""
    QUESTION = "question"
    """Questions about one's campaign alerts, and answers to one's own questions."""
    DIGEST = "digest"
    """Digests on their schedules."""


class Readers(StrEnum):
    """To whom a kind can be told; decides what Settings ask about."""

    EVERYBODY = "everybody"
    ADMIN = "admin"
    MARKETING = "marketing"
    LEADS = "leads"
    """Whoever takes leads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`default` holds until the reader chooses another of `choices`; a kind with one choice is not asked about.
    `label` names it in Settings and over its lines in a brief."""

    label: str
    readers: Readers
    default: How
    choices: tuple[How, ...]

    @property
    def is_fixed(self) -> bool:
        return len(self.choices) == 1


_LIVE_BY_DEFAULT = (How.LIVE, How.BRIEF, How.MUTED)
_IN_BRIEF = (How.BRIEF, How.MUTED)

TABLE: Mapping[Kind, Rule] = {
    Kind.LEAD: Rule(label="Leads", readers=Readers.EVERYBODY, default=How.LIVE, choices=(How.LIVE,)),
    Kind.TROUBLE: Rule(label="Trouble", readers=Readers.ADMIN, default=How.LIVE, choices=(How.LIVE,)),
    Kind.REJECT: Rule(
        label="Rejects that count against marketing",
        readers=Readers.MARKETING,
        default=How.LIVE,
        choices=_LIVE_BY_DEFAULT,
    ),
    Kind.HOTTER: Rule(
        label="Leads that came back hotter", readers=Readers.LEADS, default=How.LIVE, choices=_LIVE_BY_DEFAULT
    ),
    Kind.CAME_BACK: Rule(label="Leads that came back", readers=Readers.LEADS, default=How.BRIEF, choices=_IN_BRIEF),
    Kind.MERGED: Rule(label="Leads that were merged", readers=Readers.LEADS, default=How.BRIEF, choices=_IN_BRIEF),
    Kind.OTHER_REJECT: Rule(
        label="Other rejects, and leads withdrawn", readers=Readers.MARKETING, default=How.BRIEF, choices=_IN_BRIEF
    ),
    Kind.UPKEEP: Rule(label="What to put in order", readers=Readers.ADMIN, default=How.BRIEF, choices=_IN_BRIEF),
    Kind.ESCALATION: Rule(
        label="Reminders and escalations", readers=Readers.EVERYBODY, default=How.LIVE, choices=(How.LIVE,)
    ),
    Kind.AGREEMENT: Rule(label="The agreement", readers=Readers.EVERYBODY, default=How.LIVE, choices=(How.LIVE,)),
    Kind.DISPUTE: Rule(label="Disputes", readers=Readers.EVERYBODY, default=How.LIVE, choices=(How.LIVE,)),
    Kind.MILESTONE: Rule(
        label="First SQL and first win of a campaign",
        readers=Readers.EVERYBODY,
        default=How.LIVE,
        choices=_LIVE_BY_DEFAULT,
    ),
    Kind.LEAKAGE: Rule(
        label="Accepted leads nobody touched", readers=Readers.LEADS, default=How.BRIEF, choices=_IN_BRIEF
    ),
    Kind.NOTE: Rule(label="Field notes to answer", readers=Readers.MARKETING, default=How.BRIEF, choices=_IN_BRIEF),
    Kind.NOTE_ANSWERED: Rule(
        label="Answers to your field notes",
        readers=Readers.EVERYBODY,
        default=How.BRIEF,
        choices=(How.LIVE, How.BRIEF, How.MUTED),
    ),
    Kind.NOTE_QUOTED: Rule(
        label="Your private messages saved as field notes",
        readers=Readers.EVERYBODY,
        default=How.LIVE,
        choices=(How.LIVE,),
    ),
    Kind.CAMPAIGN: Rule(
        label="Campaign alerts that wait for you",
        readers=Readers.EVERYBODY,
        default=How.LIVE,
        choices=_LIVE_BY_DEFAULT,
    ),
    Kind.CAMPAIGN_NEWS: Rule(
        label="Campaign alerts to read, and news of yours",
        readers=Readers.EVERYBODY,
        default=How.BRIEF,
        choices=_IN_BRIEF,
    ),
    Kind.QUESTION: Rule(
        label="Questions about campaigns, and their answers",
        readers=Readers.EVERYBODY,
        default=How.LIVE,
        choices=_LIVE_BY_DEFAULT,
    ),
    Kind.DIGEST: Rule(label="Digests", readers=Readers.EVERYBODY, default=How.LIVE, choices=(How.LIVE,)),
}

OF_SUBJECT: Mapping[Subject, tuple[Kind, ...]] = {
    Subject.HANDOFF: (Kind.LEAD,),
    Subject.SUMMARY: (Kind.LEAD,),
    Subject.WELCOME: (Kind.LEAD,),
    Subject.ALERT: (Kind.TROUBLE,),
    Subject.REJECT_NOTICE: (Kind.REJECT, Kind.OTHER_REJECT, Kind.ESCALATION),
    Subject.TOUCH_NOTICE: (Kind.HOTTER,),
    Subject.REMINDER: (Kind.ESCALATION,),
    Subject.AT_RISK: (Kind.ESCALATION,),
    Subject.AGREEMENT: (Kind.AGREEMENT,),
    Subject.DISPUTE: (Kind.DISPUTE,),
    Subject.MILESTONE: (Kind.MILESTONE,),
    Subject.NOTE_NOTICE: (Kind.NOTE_ANSWERED, Kind.NOTE_QUOTED),
    Subject.CAMPAIGN_ALERT: (Kind.CAMPAIGN,),
    Subject.CAMPAIGN_NOTICE: (Kind.CAMPAIGN, Kind.CAMPAIGN_NEWS),
    Subject.QUESTION: (Kind.QUESTION,),
    Subject.DIGEST: (Kind.DIGEST,),
    Subject.BRIEF: (
        Kind.REJECT,
        Kind.HOTTER,
        Kind.CAME_BACK,
        Kind.MERGED,
        Kind.OTHER_REJECT,
        Kind.UPKEEP,
        Kind.AGREEMENT,
        Kind.ESCALATION,
        Kind.MILESTONE,
        Kind.LEAKAGE,
        Kind.NOTE,
        Kind.NOTE_ANSWERED,
        Kind.CAMPAIGN,
        Kind.CAMPAIGN_NEWS,
        Kind.QUESTION,
    ),
}
"""What each message says. OTHER_REJECT is a message of its own only in the channel of marketing, where nobody reads it
as theirs."""

ABOUT_MINE = (Kind.HOTTER, Kind.CAME_BACK, Kind.MERGED)
"""Told to whoever has the lead: no news any more for somebody who has it no longer."""


def how(kind: Kind, chosen: Mapping[Kind, How]) -> How:
    """When `kind` is said to a reader who chose `chosen`."""
    rule = TABLE[kind]
    wanted = chosen.get(kind, rule.default)
    return wanted if wanted in rule.choices else rule.default


def muted(chosen: Mapping[Kind, How]) -> tuple[Kind, ...]:
    """What this reader is not told at all."""
    return tuple(kind for kind in Kind if how(kind, chosen) is How.MUTED)


def kinds_for(person: Person, *, is_admin: bool, owns_campaigns: bool) -> tuple[Kind, ...]:
    """The kinds this person can be told and may choose about, in the order of the table."""
    of_marketing = owns_campaigns or person.has(Role.MARKETER)
    of_marketing |= person.has(Role.MANAGER) and person.side in (Side.MARKETING, Side.LEADERSHIP)
    may_hear = {
        Readers.EVERYBODY: True,
        Readers.ADMIN: is_admin,
        Readers.MARKETING: of_marketing,
        Readers.LEADS: person.has(Role.REP) or leads_sales(person),
    }
    return tuple(kind for kind, rule in TABLE.items() if may_hear[rule.readers] and not rule.is_fixed)
