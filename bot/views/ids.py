"""The names by which Slack hands our own controls back to us, and the values they carry.

Whatever comes back is untrusted: a value is an opaque id and a version; rights and state are checked again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import NotFound
from bot.services.home_rows import HomeLists, HomePages
from bot.views.block_ids import BlockId as BlockId  # noqa: PLC0414 - whoever names a form names its inputs
from bot.views.callback_ids import CallbackId as CallbackId  # noqa: PLC0414 - forms are named where buttons are
from bot.views.callback_ids import ShortcutId as ShortcutId  # noqa: PLC0414

ID_MAX = 64
"""Our own ids are UUIDs of 36 characters; anything far longer is not one of ours."""
VERSION_MAX = 2**31 - 1
PAGE_MAX = 10_000

_UNREADABLE = "I cannot read this button any more. Please open the lead again from my Home tab."


class ActionId(StrEnum):
    HANDOFF_ACCEPT = "handoff.accept"
    HANDOFF_REJECT = "handoff.reject"
    HANDOFF_UNDO = "handoff.undo"
    HANDOFF_MORE = "handoff.more"
    """The overflow of a card; its options carry `more_value`."""
    LEAD_ASSIGN = "lead.assign"
    """On managers' Home, at a lead that nobody could be offered; carries the lead's id."""
    OPEN_CRM = "open.crm"
    """A link to the lead's record; Slack opens it and tells us all the same."""
    REJECT_REASON = "reject.reason"
    """The reason of a reject; choosing one updates the form."""
    HOME_AWAY = "home.away"
    HOME_BACK = "home.back"
    HOME_PAGE_BACK = "home.page.back"
    HOME_PAGE_ON = "home.page.on"
    """Turn a page of a list on Home. Two, because ids are unique in a block; see `HOME_PAGE`."""
    HOME_MORE = "home.more"
    """The overflow of a row on Home; the same values as HANDOFF_MORE."""
    HOME_MENU = "home.menu"
    """The dots beside the buttons; an option's value is the id of the button it takes the place of."""
    HOME_CHECK = "home.check"
    """An admin has the configuration gone through."""
    HOME_HELP = "home.help"
    """How it works here, in a window."""
    HOME_SETTINGS = "home.settings"
    """Opens Settings, on Home and in a brief."""
    HOME_HOURS = "home.hours"
    """Opens the form of one's own working hours."""
    PERSON_HOURS = "person.hours"
    """The same of somebody on the roster, for admins; carries the person's id."""
    REMINDER_SNOOZE = "reminder.snooze"
    """On a reminder; carries the countdown's id."""
    BRIEF_ALL = "brief.all"
    """Everything in a brief, in a window; carries `brief_page_value`, as the next two."""
    BRIEF_PAGE_BACK = "brief.page.back"
    BRIEF_PAGE_ON = "brief.page.on"
    BRIEF_NOW = "brief.now"
    """In Settings: what waits for the brief is said now."""
    LEAD_NEW = "lead.new"
    """Opens the form to hand a lead over."""
    SET_UP_FIRST_ADMIN = "set_up.first_admin"
    """Whoever looks after the workspace becomes the first admin."""
    SET_UP_OPEN = "set_up.open"
    """All steps of set-up in a window."""
    SET_UP_PEOPLE = "set_up.people"
    PEOPLE_ADD = "people.add"
    PERSON_EDIT = "person.edit"
    """The menu of everybody on the roster; the chosen option carries the person's id."""
    PERSON_REMOVE = "person.remove"
    SET_UP_TEAMS = "set_up.teams"
    TEAM_ADD = "team.add"
    TEAM_MORE = "team.more"
    """The overflow of a team; its options carry `team_value`."""
    SET_UP_CHANNELS = "set_up.channels"
    SET_UP_ROUTING = "set_up.routing"
    SET_UP_SOURCES = "set_up.sources"
    SET_UP_REASONS = "set_up.reasons"
    SET_UP_CAMPAIGNS = "set_up.campaigns"
    CAMPAIGN_ADD = "campaign.add"
    CAMPAIGN_EDIT = "campaign.edit"
    """At a campaign of the list; carries its id."""
    SET_UP_FIRST_LEAD = "set_up.first_lead"
    SET_UP_WHO_WOULD_GET = "set_up.who_would_get"
    RULE_ADD = "rule.add"
    RULE_MORE = "rule.more"
    SOURCE_ADD = "source.add"
    SOURCE_MORE = "source.more"
    SOURCE_EXAMPLE = "source.example"
    REASON_ADD = "reason.add"
    REASON_MORE = "reason.more"
    """The overflows of rules, sources and reasons carry `choice_value` (bot/views/set_up_ref.py)."""
    SET_UP_PAGE_BACK = "set_up.page.back"
    SET_UP_PAGE_ON = "set_up.page.on"
    PEOPLE_REASSIGN = "people.reassign"
    """On managers' Home, at one of their people: all of that person's leads; carries the person's id."""
    REASSIGN_ALL_CHOOSE = "reassign_all.choose"
    """In that form, which leads and to whom; choosing updates the line that says how many."""
    OUTCOME_LOG = "outcome.log"
    """Opens the form to log what became of a lead; carries `handoff_value`, as the next two."""
    OUTCOME_HISTORY = "outcome.history"
    OUTCOME_NO_ANSWER = "outcome.no_answer"
    """Under *Reached them?*, as the next three: each logs at once, or opens the form with it chosen."""
    OUTCOME_REACHED = "outcome.reached"
    OUTCOME_GIVE_BACK = "outcome.give_back"
    OUTCOME_DISQUALIFY = "outcome.disqualify"
    OUTCOME_CORRECT = "outcome.correct"
    """At an entry of what was logged; carries `entry_value` (bot/views/outcome_ref.py)."""
    OUTCOME_WHAT = "outcome.what"
    OUTCOME_WHEN = "outcome.when"
    OUTCOME_REASON = "outcome.reason"
    """In the form; choosing updates it."""
    PRACTICE_START = "practice.start"
    """A practice card for whoever presses it."""
    REJECT_FIX = "reject.fix"
    """Marketing's answers to a reject, under its notice and on Home; each carries the rejected handoff's id."""
    REJECT_AGREE = "reject.accept"
    REJECT_DISPUTE = "reject.dispute"
    REJECT_SEVERAL = "reject.several"
    """Opens the form to answer several at once."""
    REJECT_SEVERAL_WHICH = "reject.several.which"
    """In that form, which ones are listed; choosing updates it."""
    DISPUTE_OPINION = "dispute.opinion"
    """A manager's opinion of a dispute; this and the next three carry the id of what was raised together."""
    DISPUTE_TO_ARBITER = "dispute.to_arbiter"
    DISPUTE_RULE = "dispute.rule"
    DISPUTE_TAKE_BACK = "dispute.take_back"
    DISAGREEMENT_RAISE = "disagreement.raise"
    """Opens the form to raise a disagreement; carries what it is about (`about_value`), or `any`."""
    AGREEMENT_OPEN = "agreement.open"
    """Opens the agreement."""
    AGREEMENT_TERM = "agreement.term"
    """Opens one version of it at one section: carries `term_value` (bot/views/agreement_ref.py), as the next six."""
    AGREEMENT_SECTION = "agreement.section"
    """The menu of sections in the agreement's window."""
    AGREEMENT_BACK = "agreement.back"
    AGREEMENT_ON = "agreement.on"
    AGREEMENT_EDIT = "agreement.edit"
    """Opens the form to propose a change to one section."""
    AGREEMENT_CHANGES = "agreement.changes"
    """Everything a proposed version would change, in a window."""
    AGREEMENT_DRAFT = "agreement.draft"
    """What one has changed and not proposed yet."""
    AGREEMENT_PROPOSE = "agreement.propose"
    AGREEMENT_DISCARD = "agreement.discard"
    """The draft is thrown away."""
    AGREEMENT_SIGN = "agreement.sign"
    AGREEMENT_REPLY = "agreement.reply"
    AGREEMENT_MORE = "agreement.more"
    """The overflow of a version: withdraw, suspend, resume, end, take back."""
    AGREEMENT_REVIEWED = "agreement.reviewed"
    """It was looked at again, and stays."""
    ANSWER = "answer"
    """Every other input of a form: its block id says which answer it is."""


HOME_PAGE = (ActionId.HOME_PAGE_BACK, ActionId.HOME_PAGE_ON)
"""Both are handled alike: the value says which list and page."""
MORE = (ActionId.HANDOFF_MORE, ActionId.HOME_MORE)
"""Both are handled alike: the chosen option's value says what and about which handoff."""


class More(StrEnum):
    """What the overflow of a lead offers."""

    DETAILS = "details"
    CRM = "crm"
    """A link; Slack opens it and tells us all the same."""
    OUTCOME = "outcome"
    """Log outcome, for a manager's people."""
    RELEASE = "release"
    REASSIGN = "reassign"
    WITHDRAW = "withdraw"
    SNOOZE = "snooze"
    """No reminders for a while."""
    TERMS = "terms"
    """What was agreed for this lead: the agreement it was offered under, at what it waits for."""
    LADDER = "ladder"
    """The same, at what happens as a window runs out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffRef:
    """A handoff as a button or a form names it; `version` is the one its reader saw."""

    handoff_id: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRef:
    """What a form carries in its private metadata. `reason` is the one whose follow-up is shown."""

    handoff_id: str
    version: int
    reason: str | None = None


def handoff_value(handoff_id: str, version: int) -> str:
    """The value of a button about a handoff: `ID.VERSION`."""
    return f"{handoff_id}.{version}"


def read_handoff_value(text: str) -> HandoffRef:
    """The handoff a button's value names. Raises NotFound for anything `handoff_value` never made."""
    handoff_id, dot, version = text.rpartition(".")
    if not dot or not _is_id(handoff_id) or not _is_number(version) or int(version) > VERSION_MAX:
        raise NotFound(_UNREADABLE)
    return HandoffRef(handoff_id=handoff_id, version=int(version))


def more_value(more: More, handoff_id: str) -> str:
    """The value of an overflow option: `details:ID`."""
    return f"{more}:{handoff_id}"


def read_more_value(text: str) -> tuple[More, str]:
    """What an overflow option asks for, and of which handoff. Raises NotFound for anything else."""
    word, colon, handoff_id = text.partition(":")
    if not colon or word not in list(More) or not _is_id(handoff_id):
        raise NotFound(_UNREADABLE)
    return More(word), handoff_id


def form_metadata(handoff_id: str, version: int, *, reason: str | None = None) -> str:
    """The private metadata of a form about a handoff, JSON."""
    return json.dumps({"handoff_id": handoff_id, "version": version, "reason": reason}, separators=(",", ":"))


def read_form_metadata(text: str) -> FormRef:
    """What a form is about. Raises NotFound for anything `form_metadata` never made."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise NotFound(_UNREADABLE) from None
    if not isinstance(found, dict):
        raise NotFound(_UNREADABLE)
    handoff_id, version, reason = found.get("handoff_id"), found.get("version"), found.get("reason")
    if not isinstance(handoff_id, str) or not _is_id(handoff_id):
        raise NotFound(_UNREADABLE)
    if not isinstance(version, int) or isinstance(version, bool) or not 0 <= version <= VERSION_MAX:
        raise NotFound(_UNREADABLE)
    if reason is not None and not isinstance(reason, str):
        raise NotFound(_UNREADABLE)
    return FormRef(handoff_id=handoff_id, version=version, reason=reason)


def read_lead_value(text: str) -> str:
    """The id of the lead a button is about. Raises NotFound for anything that is none."""
    if not _is_id(text):
        raise NotFound(_UNREADABLE)
    return text


def page_value(which: HomeLists, page: int) -> str:
    """The value of a button that turns a page: `needs:2`, counted from 0."""
    return f"{which}:{page}"


def pages_metadata(pages: HomePages) -> str:
    """The private metadata of a Home view: where each list stands, so that turning one keeps the others."""
    return " ".join(page_value(which, page) for which, page in pages.items())


def read_pages(metadata: str, turned: str = "") -> HomePages:
    """The pages of a Home view after the button with the value `turned` was pressed.

    Unreadable parts count as page 0: nobody is refused a look at their own Home.
    """
    pages: dict[HomeLists, int] = {}
    for part in [*metadata.split(" "), turned]:
        which, _, page = part.partition(":")
        if which in list(HomeLists) and _is_number(page):
            pages[HomeLists(which)] = min(int(page), PAGE_MAX)
    return pages


def brief_page_value(brief_id: str, page: int) -> str:
    """The value of a button that shows a page, counted from 0, of everything in a brief: `ID.PAGE`."""
    return f"{brief_id}.{page}"


def read_brief_page_value(text: str) -> tuple[str, int]:
    """The brief and the page a button names. Raises NotFound for anything `brief_page_value` never made."""
    brief_id, dot, page = text.rpartition(".")
    if not dot or not _is_id(brief_id) or not _is_number(page):
        raise NotFound(_UNREADABLE)
    return brief_id, min(int(page), PAGE_MAX)


def _is_id(text: str) -> bool:
    return 0 < len(text) <= ID_MAX and text.isascii() and text.replace("-", "").replace("_", "").isalnum()


def _is_number(text: str) -> bool:
    return 0 < len(text) <= 10 and text.isascii() and text.isdigit()
