"""A campaign alert stored as it was typed: a new draft, or a change that everybody who was told of it sees."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.campaign_alert import AlertState, CampaignAlert, Question
from bot.domain.campaign_alert_input import Expected
from bot.domain.config import Campaign
from bot.domain.person import Person
from bot.errors import WHOLE_FORM, FormError, NotFound
from bot.services import alert_news, alert_rights, alert_times, campaign_alerts
from bot.services.alert_news import About
from bot.services.campaign_alert_reading import SaveAlert, read_alert
from bot.services.handoffs import refuse
from bot.services.people import clicker
from storage.transaction import Transaction

CHANGED_MEANWHILE = (
    "Somebody changed this campaign alert while you had it open. Nothing you typed is lost: keep this window, open the"
    " alert once more beside it, and carry over what you changed."
)

_SHOWN = (
    "campaign_id", "owner_id", "buyer_sees", "audience", "segment", "starts_at", "ends_at", "offer",
    "lead_looks_like", "expected_volume", "cost", "currency", "assets",
)  # fmt: skip


def save_alert(tx: Transaction, command: SaveAlert) -> CampaignAlert:
    """What was typed is stored: a new draft, or a change. Where sales has been told, the messages change, too.

    Raises FormError by field, with everything that is wrong at once, also where somebody changed it meanwhile;
    NotFound, NotAllowed, PersonUnknown.
    """
    who = clicker(tx, command.by)
    if not command.alert_id:
        refuse(alert_rights.why_not_announce(tx, who))
        if command.request and not tx.seen.first_time("alert_form", command.request):
            made = tx.campaign_alerts.get(str((tx.seen.answer_of("alert_form", command.request) or {}).get("alert")))
            if made is not None:
                return made
        before = None
    else:
        before = tx.campaign_alerts.lock(command.alert_id)
        if before is None:
            raise NotFound(campaign_alerts.GONE)
        refuse(alert_rights.why_not_edit(tx, who, before))
        if before.state is AlertState.WITHDRAWN:
            raise FormError({WHOLE_FORM: "It was withdrawn meanwhile, so it cannot be changed any more."})
        if before.version != command.version:
            raise FormError({WHOLE_FORM: CHANGED_MEANWHILE})
    typed = read_alert(tx, command, before, who.person)
    after, campaign = typed.alert, typed.campaign
    if before is not None and before.state is not AlertState.DRAFT and (lacks := campaign_alerts.missing(after)):
        raise FormError({field: f"{name}: sales cannot be told without it." for field, name in lacks.items()})
    if campaign.id == "":
        campaign = _new_campaign(tx, campaign, after.owner_id)
    elif campaign.owner_id is None:
        tx.campaigns.save(replace(campaign, owner_id=after.owner_id))
    after = replace(after, campaign_id=campaign.id)
    return _store(tx, before, after, typed.questions, who.person, command)


def _store(
    tx: Transaction, before: CampaignAlert | None, after: CampaignAlert, questions: tuple[Expected, ...],
    by: Person, command: SaveAlert,
) -> CampaignAlert:  # fmt: skip
    if before is None:
        tx.campaign_alerts.add(after)
        _save_questions(tx, after.id, questions)
        if command.request:
            tx.seen.remember("alert_form", command.request, {"alert": after.id})
        tx.events.add("alert.made", actor=by.id, origin="slack", data={"alert": after.id})
        campaign_alerts.changed(tx, after)
        return after
    changed = _save_questions(tx, before.id, questions)
    what = _changed(before, after) + (("questions",) if changed else ())
    if not what and before.channels == after.channels:
        return before
    if before.told_at is not None:
        state = after.state_at(tx.now)
        after = replace(
            after,
            state=state,
            ended_at=(before.ended_at or tx.now) if state is AlertState.ENDED else None,
            # Who only adds a channel tells those in it something new, and nobody else.
            changed_at=tx.now if what else before.changed_at,
            changed=what or before.changed,
            eve_at=before.eve_at if before.starts_at == after.starts_at else None,
            late_s=before.late_s
            if before.starts_at == after.starts_at
            else alert_times.late_s(tx, after, before.told_at),
        )
    after = replace(after, version=before.version + 1, updated_at=tx.now)
    tx.campaign_alerts.save(after)
    tx.events.add("alert.changed", actor=by.id, origin="slack", data={"alert": after.id, "what": list(what)})
    campaign_alerts.changed(tx, after)
    if after.state is AlertState.PROPOSED:
        alert_news.ask_approval(tx, after, alert_rights.approvers(tx, after))  # its channels may be of another team
    if before.owner_id != after.owner_id:
        campaign_alerts.sync_homes(tx, before)
        owner = tx.people.get(after.owner_id)
        if owner is not None and owner.id != by.id:
            alert_news.tell(tx, after, owner, About.GIVEN)
    return after


def _changed(before: CampaignAlert, after: CampaignAlert) -> tuple[str, ...]:
    """Words of CHANGED."""
    words = {"campaign_id": "campaign", "currency": "cost"}
    found = [words.get(name, name) for name in _SHOWN if getattr(before, name) != getattr(after, name)]
    return tuple(dict.fromkeys(found))


def _save_questions(tx: Transaction, alert_id: str, questions: tuple[Expected, ...]) -> bool:
    """The expected questions are these; whether that changed anything. One of the same text keeps its place and its
    answer's author; new ones come last."""
    now = tx.alert_questions.expected(alert_id)
    before = [Expected(text=one.text, answer=one.answer or "") for one in now]
    if before == list(questions):
        return False
    is_changed = False
    by_text: dict[str, list[Question]] = {}
    for one in now:
        by_text.setdefault(one.text, []).append(one)
    for wanted in questions:
        rows = by_text.get(wanted.text)
        answer = wanted.answer or None
        if rows:
            row = rows.pop(0)
            if row.answer != answer:
                is_changed = True
                at = tx.now if answer else None
                tx.alert_questions.save(replace(row, answer=answer, answered_at=at))
        else:
            is_changed = True
            place = tx.alert_questions.next_place(alert_id)
            tx.alert_questions.add(
                Question(
                    id=tx.new_id(), alert_id=alert_id, place=place, text=wanted.text, expected=True,
                    asked_at=tx.now, answer=answer, answered_at=tx.now if answer else None,
                )
            )  # fmt: skip
    for row in (row for rows in by_text.values() for row in rows):
        is_changed = True
        if row.asked_by is None:
            tx.alert_questions.remove(row.id)
        else:
            tx.alert_questions.save(replace(row, expected=False))  # somebody asked it: it stays in its thread
    return is_changed


def _new_campaign(tx: Transaction, wanted: Campaign, owner_id: str) -> Campaign:
    made = replace(tx.campaigns.ensure(wanted.key), name=wanted.name, owner_id=owner_id)
    tx.campaigns.save(made)
    tx.events.add("campaign.made", data={"campaign": made.key})
    return made
