"""What was typed into the form of a campaign alert, read, with everything that is wrong named at its field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from bot.domain import campaign_alert_input as reading
from bot.domain import money
from bot.domain.campaign_alert import AlertState, CampaignAlert
from bot.domain.campaign_alert_input import Expected
from bot.domain.config import BY_HAND_PREFIX, Campaign
from bot.domain.local_time import instant_of, local_date, local_time, parse_date, zone
from bot.domain.person import Person
from bot.domain.rights import announces
from bot.errors import FormError
from bot.services.set_up_changes import seen
from storage.transaction import Transaction

STARTS_AT, ENDS_AT = time(9), time(18)
"""Where no time of day is chosen."""
OLDEST_START = timedelta(days=90)
"""A start that lies further back is a slip: sales is told what buyers are about to see, and leads count from it on. One
that lies less far back makes the alert late, which it says."""
ANSWERED_MEANWHILE = (
    "A question was answered, and its answer added here, while you had this open. Nothing you typed is lost: open the"
    " alert once more beside it, and carry over what you changed."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveAlert:
    """The form sent off: `answers` by field as typed, "" for none. `alert_id` "": a new one; `request`: an id of the
    form, by which sending it twice makes one alert. `questions_seen`: `mark_of` the questions it began with; None:
    those that are stored now."""

    by: str
    alert_id: str
    version: int
    tz: str
    answers: Mapping[str, str]
    questions: tuple[str, ...]
    channels: tuple[str, ...]
    request: str = ""
    questions_seen: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """An alert as it was typed. A campaign that is new has no id yet, and the alert none of a campaign."""

    alert: CampaignAlert
    questions: tuple[Expected, ...]
    campaign: Campaign


@dataclass(slots=True)
class _Read:
    """What was typed, read: the alert, its questions and its campaign, and the mistakes by field."""

    mistakes: dict[str, str] = field(default_factory=dict)

    def say(self, name: str, sentence: str) -> None:
        self.mistakes.setdefault(name, sentence)


def read_alert(tx: Transaction, command: SaveAlert, before: CampaignAlert | None, by: Person) -> Typed:
    """What the form makes of `before`, or a new alert. Raises FormError with every mistake."""
    read, said = _Read(), {name: text.strip() for name, text in command.answers.items()}
    campaign = _campaign(tx, read, said)
    owner = _owner(tx, read, said.get("owner", ""), before, by)
    tz = before.tz if before is not None else command.tz if zone(command.tz).key == command.tz else by.tz
    starts_at = _instant(read, said, "start", STARTS_AT, tz, before.starts_at if before is not None else None)
    ends_at = _instant(read, said, "end", ENDS_AT, tz, before.ends_at if before is not None else None)
    if starts_at is None and "start_date" not in read.mistakes:
        read.say("start_date", "Choose the day on which buyers see it first.")
    is_new = before is None or starts_at != before.starts_at
    if starts_at is not None and is_new and tx.now - starts_at > OLDEST_START:
        ago = f"This is more than {OLDEST_START.days} days ago"
        read.say("start_date", f"{ago}: choose a later day, or today for a campaign that has run for long already.")
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        read.say("end_date", "It ends before it starts: choose a later end, or none.")
    offer, is_new = _offer(tx, read, said, before)
    questions = _questions(tx, read, command, before)
    assets = before.assets if before is not None else ()
    if before is None or said.get("assets", "") != reading.write_assets(before.assets):
        try:
            assets = reading.read_assets(said.get("assets", ""))
        except ValueError as error:
            read.say("assets", str(error))
    cost, currency = _cost(read, said)
    volume = _volume(read, said.get("volume", ""))
    if read.mistakes or starts_at is None:
        raise FormError(read.mistakes)
    base = before or CampaignAlert(
        id=tx.new_id(), campaign_id="", owner_id=owner.id, state=AlertState.DRAFT, version=1, buyer_sees="",
        audience="", segment="", starts_at=starts_at, ends_at=None, tz=tz, offer="", offer_is_new=False,
        lead_looks_like="", expected_volume=None, cost=None, currency=None, channels=(), assets=(), made_by=by.id,
        created_at=tx.now, updated_at=tx.now,
    )  # fmt: skip
    alert = replace(
        base,
        campaign_id=campaign.id,
        owner_id=owner.id,
        buyer_sees=said.get("buyer_sees", ""),
        audience=said.get("audience", ""),
        segment=said.get("segment", ""),
        starts_at=starts_at,
        ends_at=ends_at,
        tz=tz,
        offer=offer,
        offer_is_new=is_new,
        lead_looks_like=said.get("lead_looks_like", ""),
        expected_volume=volume,
        cost=cost,
        currency=currency,
        channels=tuple(dict.fromkeys(command.channels)),
        assets=assets,
    )
    return Typed(alert=alert, questions=questions, campaign=campaign)


def _campaign(tx: Transaction, read: _Read, said: Mapping[str, str]) -> Campaign:
    """The one that was chosen; or a new one, of the name and key that were typed, without an id yet."""
    name, key = said.get("name", ""), said.get("key", "")
    nothing = Campaign(id="", key="", name="", owner_id=None, created_at=tx.now)
    if said.get("campaign"):
        found = tx.campaigns.get(said["campaign"])
        if found is None:
            read.say("campaign", "This campaign is not there any more: choose another one.")
        elif name or key:
            read.say("name", "Choose a campaign of the list or name a new one, not both.")
        return found or nothing
    if not name:
        read.say("campaign", "Choose a campaign, or name a new one below.")
        return nothing
    key = key or reading.key_from(name)
    if not key:
        read.say("key", "Leads name their campaign by a key: give it one, for example spring-webinar.")
    elif key.startswith(BY_HAND_PREFIX):
        read.say("key", f"Keys with {BY_HAND_PREFIX} are of what somebody hands over in Slack.")
    else:
        known = tx.campaigns.by_key(key)
        if known is not None and known.owner_id is None and known.name == known.key:
            return replace(known, name=name)  # a lead named it before anybody else did
        if known is not None:
            read.say("key", f"There is a campaign {key} already: choose it in the list, or give this one another key.")
    return replace(nothing, key=key, name=name)


def _owner(tx: Transaction, read: _Read, slack_id: str, before: CampaignAlert | None, by: Person) -> Person:
    if not slack_id:
        old = tx.people.get(before.owner_id) if before is not None else None
        if old is not None and old.slack_id is None:
            return old  # whom the menu cannot show
        read.say("owner", "Choose who answers for it: sales asks them.")
        return by
    person = tx.people.by_slack_id(slack_id)
    if person is None or not person.on_roster:
        read.say("owner", "They are not on the roster. Choose somebody of marketing.")
    elif not announces(person) and (before is None or before.owner_id != person.id):
        read.say("owner", f"{person.name} is no marketer: choose somebody of marketing.")
    return person or by


def _instant(
    read: _Read, said: Mapping[str, str], which: str, default: time, tz: str, before: datetime | None
) -> datetime | None:
    """The instant of a day and a time; exactly the one `before` where the form still says that."""
    day_name, time_name = f"{which}_date", f"{which}_time"
    text, at_text = said.get(day_name, ""), said.get(time_name, "") or f"{default:%H:%M}"
    if not text:
        return None
    if before is not None and (text, at_text) == (
        local_date(before, tz).isoformat(),
        f"{local_time(before, tz):%H:%M}",
    ):
        return before
    day = parse_date(text)
    if day is None or not 2000 <= day.year <= 2100:
        read.say(day_name, "Choose a day between 2000 and 2100.")
        return None
    try:
        at = time.fromisoformat(at_text)
    except ValueError:
        read.say(time_name, "Choose a time of day.")
        return None
    return instant_of(day, at.replace(tzinfo=None), tz)


def _offer(
    tx: Transaction, read: _Read, said: Mapping[str, str], before: CampaignAlert | None
) -> tuple[str, bool]:  # fmt: skip
    """The offer, and whether it is new: not among those agreed on."""
    chosen, typed = said.get("offer", ""), " ".join(said.get("new_offer", "").split())
    agreed = tx.agreements.in_force().document.offers
    if chosen and typed:
        read.say("new_offer", "Choose an agreed offer or write a new one, not both.")
    if typed:
        return typed, typed not in agreed
    if not chosen:
        return "", False
    known = (*agreed, before.offer) if before is not None else agreed
    found = next((one for one in known if mark(one) == chosen), None)
    if found is None:
        read.say("offer", "This offer is not among those agreed on any more: choose another one.")
    return found or "", False


def _questions(
    tx: Transaction, read: _Read, command: SaveAlert, before: CampaignAlert | None
) -> tuple[Expected, ...]:  # fmt: skip
    """What was typed, and what no input could show. Where nothing was changed, exactly what is stored: also what came
    in by an answer while the form was open."""
    stored = [] if before is None else tx.alert_questions.expected(before.id)
    now = [Expected(text=one.text, answer=one.answer or "") for one in stored]
    texts, left = reading.write_questions(now)
    typed, is_now = mark_of(command.questions), mark_of(texts)
    began_with = is_now if command.questions_seen is None or before is None else command.questions_seen
    if typed in (began_with, is_now):
        return tuple(now)
    if began_with != is_now:
        read.say("questions.0", ANSWERED_MEANWHILE)
    found: list[Expected] = []
    for number, text in enumerate(command.questions):
        try:
            found += reading.read_questions(text)
        except ValueError as error:
            read.say(f"questions.{number}", str(error))
    return (*found, *left)


def _cost(read: _Read, said: Mapping[str, str]) -> tuple[str | None, str | None]:
    text, currency = said.get("cost", ""), said.get("currency", "")
    if not text:
        return None, None
    amount = money.read_amount(text)
    if amount is None or not money.is_amount(amount):
        read.say("cost", "I cannot read this amount: write for example 12000 or 12,000.50.")
        return None, None
    if currency not in money.CURRENCIES:
        read.say("currency", "Choose the currency of the cost.")
        return None, None
    return str(amount), currency


def _volume(read: _Read, text: str) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) < 9 and int(text) <= reading.LARGEST_VOLUME:
        return int(text)
    read.say("volume", f"Write a whole number of leads, at most {reading.LARGEST_VOLUME:,}.")
    return None


def mark_of(questions: Sequence[str]) -> str:
    """By which a form says which questions it began with: the texts of its inputs."""
    return seen([" ".join(text.split()) for text in questions if text.strip()])


def mark(offer: str) -> str:
    """By which the form names an offer."""
    return seen(offer)
