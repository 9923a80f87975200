"""What the controls and forms of a campaign alert carry that it is made, approved and changed with. Whatever comes back
is untrusted, as in ids.py; alert_talk_ids.py has those of whoever reads it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import NotFound
from bot.views.ids import ID_MAX, handoff_value, read_handoff_value

_UNREADABLE = "I cannot read this form any more. Please open the campaign alert again from my Home tab."
_TZ_MAX = 64


class AlertAction(StrEnum):
    NEW = "campaign_alert.new"
    """Opens an empty form."""
    EDIT = "campaign_alert.edit"
    """Opens the form; this and the next three carry the alert's id."""
    PREVIEW = "campaign_alert.preview"
    SEND_BACK = "campaign_alert.send_back"
    WITHDRAW = "campaign_alert.withdraw"
    END = "campaign_alert.end"
    APPROVE = "campaign_alert.approve"
    """Carries `alert_value` of what was seen."""
    TRY = "campaign_alert.try"
    """In the form: the message that would be, of what is typed just now."""


class AlertCallback(StrEnum):
    SUBMIT = "campaign_alert.submit"
    PREVIEW_VIEW = "campaign_alert.preview.view"
    PROPOSE_SUBMIT = "campaign_alert.propose.submit"
    SEND_BACK_SUBMIT = "campaign_alert.send_back.submit"
    WITHDRAW_SUBMIT = "campaign_alert.withdraw.submit"


class AlertBlock(StrEnum):
    CAMPAIGN = "campaign"
    NAME = "name"
    KEY = "key"
    OWNER = "owner"
    START_DATE = "start_date"
    START_TIME = "start_time"
    END_DATE = "end_date"
    END_TIME = "end_time"
    BUYER_SEES = "buyer_sees"
    AUDIENCE = "audience"
    SEGMENT = "segment"
    OFFER = "offer"
    NEW_OFFER = "new_offer"
    LEAD_LOOKS_LIKE = "lead_looks_like"
    ASSETS = "assets"
    VOLUME = "volume"
    COST = "cost"
    CURRENCY = "currency"
    CHANNELS = "channels"
    QUESTIONS = "questions"
    """The first part of `questions.0`, `questions.1`, as many as are needed."""
    WHY = "why"


TEXTS = tuple(one for one in AlertBlock if one not in (AlertBlock.CHANNELS, AlertBlock.QUESTIONS, AlertBlock.WHY))
"""The inputs with one answer each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRef:
    """What a form is about. `alert_id` "": a new alert. `tz`: the zone its times are shown in. `questions`: the mark of
    those it began with; None: it shows none."""

    alert_id: str = ""
    version: int = 0
    tz: str = "UTC"
    over_preview: bool = False
    """It stands over a preview of the alert, which is to follow."""
    questions: str | None = None


def alert_value(alert_id: str, version: int) -> str:
    """The value of a button about what somebody saw."""
    return handoff_value(alert_id, version)


def read_alert_value(text: str) -> tuple[str, int]:
    """The id and the version. Raises NotFound for anything that is none."""
    ref = read_handoff_value(text)
    return ref.handoff_id, ref.version


def alert_metadata(ref: AlertRef) -> str:
    said = {"alert": ref.alert_id, "version": ref.version, "tz": ref.tz, "over": ref.over_preview}
    return json.dumps(said if ref.questions is None else {**said, "questions": ref.questions})


def read_alert_metadata(text: str) -> AlertRef:
    """Raises NotFound for what is no metadata of ours."""
    try:
        found = json.loads(text)
    except ValueError:
        raise NotFound(_UNREADABLE) from None
    if not isinstance(found, dict):
        raise NotFound(_UNREADABLE)
    alert_id, version, tz = found.get("alert"), found.get("version"), found.get("tz")
    if not isinstance(alert_id, str) or len(alert_id) > ID_MAX or not isinstance(tz, str) or len(tz) > _TZ_MAX:
        raise NotFound(_UNREADABLE)
    if not isinstance(version, int) or isinstance(version, bool):
        raise NotFound(_UNREADABLE)
    questions = found.get("questions")
    if questions is not None and not isinstance(questions, str):
        raise NotFound(_UNREADABLE)
    over = found.get("over") is True
    return AlertRef(alert_id=alert_id, version=version, tz=tz, over_preview=over, questions=questions)
