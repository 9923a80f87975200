"""What the controls and forms about a campaign alert carry that people press, ask and answer with. Whatever comes back
is untrusted, as in ids.py."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.errors import NotFound
from bot.services.alert_details import Tab
from bot.services.alert_window import Which
from bot.views.ids import ID_MAX, PAGE_MAX

_UNREADABLE = "I cannot read this button any more. Home lists the campaign alerts."


class TalkAction(StrEnum):
    GOT_IT = "campaign.got_it"
    """On an alert; carries `ids.handoff_value` of the alert and the version its reader saw."""
    ASK = "campaign.ask"
    """Opens the form for a question; this and the next carry the alert's id."""
    FEEDBACK = "campaign.feedback"
    """Opens the form of a field note on this campaign's message."""
    ANSWER = "campaign.answer"
    """Opens the form for an answer; carries the question's id."""
    DETAILS = "campaign.details"
    """All of an alert, in a window; carries `details_value`, as the next five."""
    TAB_CAMPAIGN = "campaign.tab.campaign"
    TAB_QUESTIONS = "campaign.tab.questions"
    TAB_READERS = "campaign.tab.readers"
    DETAILS_BACK = "campaign.details.back"
    DETAILS_ON = "campaign.details.on"
    ALL = "campaign.all"
    """All campaign alerts, in a window; carries `list_value`, as the next four."""
    ALL_OPEN = "campaign.all.open"
    ALL_EVER = "campaign.all.ever"
    ALL_BACK = "campaign.all.back"
    ALL_ON = "campaign.all.on"


class TalkCallback(StrEnum):
    ASK_SUBMIT = "campaign.ask.submit"
    ANSWER_SUBMIT = "campaign.answer.submit"
    DETAILS_VIEW = "campaign.details.view"
    ALL_VIEW = "campaign.all.view"


class TalkBlock(StrEnum):
    QUESTION = "question"
    ANSWER = "answer"
    EXPECTED = "expected"


DETAILS = (
    TalkAction.DETAILS,
    TalkAction.TAB_CAMPAIGN,
    TalkAction.TAB_QUESTIONS,
    TalkAction.TAB_READERS,
    TalkAction.DETAILS_BACK,
    TalkAction.DETAILS_ON,
)
"""All are handled alike: the value says of which alert what is shown."""
LISTS = (TalkAction.ALL, TalkAction.ALL_OPEN, TalkAction.ALL_EVER, TalkAction.ALL_BACK, TalkAction.ALL_ON)
"""The same, of the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailsRef:
    """What is shown of an alert: a page, from 0, of one part of it; or the page this question stands on."""

    alert_id: str
    tab: Tab
    page: int
    question_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRef:
    """A question as its form names it; `seen`: the instant of the answer its reader saw, in seconds; 0: none."""

    question_id: str
    seen: int


def details_value(alert_id: str, tab: Tab = Tab.CAMPAIGN, page: int = 0, *, question_id: str | None = None) -> str:
    """`ID.questions.2`, counted from 0; `ID.questions.0.ID` for wherever that question stands."""
    return f"{alert_id}.{tab}.{page}" + (f".{question_id}" if question_id is not None else "")


def read_details_value(text: str) -> DetailsRef:
    """Raises NotFound for anything `details_value` never made."""
    alert_id, _, rest = text.partition(".")
    tab, _, rest = rest.partition(".")
    page, dot, question_id = rest.partition(".")
    if not _is_id(alert_id) or tab not in list(Tab) or not _is_number(page) or (dot and not _is_id(question_id)):
        raise NotFound(_UNREADABLE)
    return DetailsRef(
        alert_id=alert_id, tab=Tab(tab), page=min(int(page), PAGE_MAX), question_id=question_id or None
    )  # fmt: skip


def list_value(which: Which, page: int = 0) -> str:
    """`open.2`, counted from 0."""
    return f"{which}.{page}"


def read_list_value(text: str) -> tuple[Which, int]:
    """Raises NotFound for anything `list_value` never made."""
    which, dot, page = text.partition(".")
    if not dot or which not in list(Which) or not _is_number(page):
        raise NotFound(_UNREADABLE)
    return Which(which), min(int(page), PAGE_MAX)


def answer_metadata(question_id: str, seen: int) -> str:
    """`ID.1790000000`."""
    return f"{question_id}.{seen}"


def read_answer_metadata(text: str) -> AnswerRef:
    """Raises NotFound for anything `answer_metadata` never made."""
    question_id, dot, seen = text.rpartition(".")
    if not dot or not _is_id(question_id) or not _is_number(seen):
        raise NotFound(_UNREADABLE)
    return AnswerRef(question_id=question_id, seen=int(seen))


def read_id(text: str) -> str:
    """The id of an alert or a question. Raises NotFound for anything that is none."""
    if not _is_id(text):
        raise NotFound(_UNREADABLE)
    return text


def _is_id(text: str) -> bool:
    return 0 < len(text) <= ID_MAX and text.isascii() and text.replace("-", "").replace("_", "").isalnum()


def _is_number(text: str) -> bool:
    return 0 < len(text) <= 12 and text.isascii() and text.isdigit()
