"""Digests' set-up in a window: the list of schedules, and the form for one of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from bot.domain.digest import KIND_NAMES, NAME_MAX, DigestKind, DigestState, Schedule
from bot.domain.local_time import local_date, local_time, spoken
from bot.services.digest_set_up import DigestForm, DigestRow, DigestsList, Offer
from bot.services.digests import in_channel
from bot.views.blocks import (
    Block,
    View,
    actions,
    button,
    confirm,
    context,
    divider,
    input_block,
    modal,
    option,
    plain_text_input,
    section,
    static_select,
)
from bot.views.digest_ids import DigestAction, DigestBlock, DigestOption
from bot.views.ids import ActionId, CallbackId
from bot.views.links import channel_mention
from bot.views.pickers import channel_select, checkboxes, multi_static_select, timepicker, users_select
from bot.views.set_up_ref import PAGE, ref_metadata, turn, within
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

LIST = "digests"
ZONE = 60
READER = 80
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WORKDAYS = (0, 1, 2, 3, 4)
WHOSE = {DigestKind.FIELD_NOTES: "to the channel of marketing,", DigestKind.CAMPAIGNS: "to the first sales channel,"}
"""Where the usual one goes: of a private channel Slack tells its name only to who is in it."""
KIND_HINT = "Field notes: what sales heard. Campaigns: what buyers see. It stays so: for another kind, add another one."


def digests_view(found: DigestsList, page: int = 0, *, note: str | None = None) -> View:
    """The schedules, PAGE a page. `note`: what just happened."""
    rows = found.rows
    page = within(page, rows)
    blocks: list[Block] = []
    if note is not None:
        blocks.append(section(mrkdwn("{note}", note=escape(note, 300))))
    if not rows:
        blocks.append(
            section(
                trusted(
                    "*No digest yet.* A digest collects what happened since the last one and comes on its weekdays, at"
                    " its local time, to a channel or a person."
                )
            )
        )
    for row in rows[page * PAGE : (page + 1) * PAGE]:
        blocks += _row(row)
    blocks += turn(LIST, page, rows)
    blocks.append(divider())
    blocks += [_offer(offer) for offer in found.offers]
    blocks.append(actions(button("Add a digest…", DigestAction.ADD, "digest", style="primary")))
    return modal(CallbackId.DIGESTS_VIEW, "Digests", blocks, close="Close", private_metadata=ref_metadata(page=page))


def digest_form(form: DigestForm, page: int = 0) -> View:
    """One schedule: what it tells of, where, when."""
    name = plain_text_input(
        ActionId.ANSWER, initial=form.name or None, placeholder="Weekly field notes", max_length=NAME_MAX
    )
    blocks: list[Block] = [input_block(DigestBlock.NAME, "Name", name)]
    if form.kind is None:
        kinds = [option(KIND_NAMES[kind], kind.value) for kind in DigestKind]
        menu = static_select(ActionId.ANSWER, kinds, placeholder="Choose what it tells of")
        blocks.append(input_block(DigestBlock.KIND, "Tells of", menu, hint=KIND_HINT))
    else:
        blocks.append(context(mrkdwn("It tells of: *{kind}*", kind=KIND_NAMES[form.kind])))
    channel = channel_select(ActionId.ANSWER, initial=form.channel, placeholder="Choose a channel")
    person = users_select(ActionId.ANSWER, initial=form.person, placeholder="Nobody")
    blocks += [
        input_block(
            DigestBlock.CHANNEL, "Channel", channel, optional=True, hint="One that Lockstep is in. Or a person below."
        ),
        input_block(
            DigestBlock.PERSON, "Or a person", person, optional=True, hint="It comes in their messages with Lockstep."
        ),
        input_block(
            DigestBlock.WEEKDAYS,
            "Weekdays",
            multi_static_select(
                ActionId.ANSWER,
                [option(day, str(number)) for number, day in enumerate(DAYS)],
                placeholder="Choose one or more",
                initial=[str(day) for day in form.weekdays],
            ),
        ),
        input_block(
            DigestBlock.AT, "Time", timepicker(ActionId.ANSWER, placeholder="Choose a time", initial=f"{form.at:%H:%M}")
        ),
        input_block(
            DigestBlock.TZ,
            "Time zone",
            plain_text_input(ActionId.ANSWER, initial=form.tz, placeholder="Europe/Lisbon", max_length=ZONE),
            hint="Such as Europe/Lisbon. It follows summer time there.",
        ),
        _options(form),
    ]
    return modal(
        CallbackId.DIGEST_SUBMIT,
        "Change digest" if form.id else "Add a digest",
        blocks,
        submit="Save" if form.id else "Add",
        private_metadata=ref_metadata(thing=form.id, seen=form.seen, page=page),
    )


def spoken_weekdays(days: Collection[int]) -> str:
    """`Mondays`, `Mondays and Thursdays`, `Monday to Friday`, `every day`."""
    if len(days) == len(DAYS):
        return "every day"
    if tuple(sorted(days)) == WORKDAYS:
        return "Monday to Friday"
    named = [f"{DAYS[day]}s" for day in sorted(days)]
    return named[0] if len(named) == 1 else ", ".join(named[:-1]) + " and " + named[-1]


def _options(form: DigestForm) -> Block:
    boxes = [
        option("Say nothing when there is nothing to say", DigestOption.SILENT),
        option("End with a light closing line", DigestOption.CLOSING),
    ]
    chosen = {DigestOption.SILENT: form.silent_when_empty, DigestOption.CLOSING: form.closing_line}
    element = checkboxes(ActionId.ANSWER, boxes, initial=[one for one, is_chosen in chosen.items() if is_chosen])
    return input_block(DigestBlock.OPTIONS, "Otherwise", element, optional=True)


def _row(row: DigestRow) -> list[Block]:
    one = row.schedule
    says = mrkdwn(
        "{mark} {name} · {place}\n{when}",
        mark=trusted("🟢") if one.is_on else trusted("⚪"),
        name=_named(one),
        place=_place(row),
        when=_when(row),
    )
    switch = (
        button("Switch off", DigestAction.SWITCH_OFF, one.id)
        if one.is_on
        else button("Switch on", DigestAction.SWITCH_ON, one.id)
    )
    send = confirm(
        "Send it now?",
        mrkdwn("{name} goes {to} now, beside its schedule.", name=escape(one.name, NAME_MAX), to=_goes_to(row)),
        "Send now",
        "Cancel",
    )
    gone = confirm(
        "Remove this digest?",
        mrkdwn("{name} is not sent any more. What it sent stays.", name=escape(one.name, NAME_MAX)),
        "Remove",
        "Cancel",
        style="danger",
    )
    return [
        section(says),
        actions(
            button("Change…", DigestAction.EDIT, one.id),
            button("Preview", DigestAction.PREVIEW, one.id),
            button("Send now", DigestAction.SEND_NOW, one.id, confirm=send),
            switch,
            button("Remove", DigestAction.REMOVE, one.id, confirm=gone),
        ),
    ]


def _named(one: Schedule) -> Mrkdwn:
    """Its name, and what it tells of where the name does not say just that."""
    if one.name.strip().casefold() == KIND_NAMES[one.kind].casefold():
        return mrkdwn("*{name}*", name=escape(one.name, NAME_MAX))
    return mrkdwn("*{name}* · {kind}", name=escape(one.name, NAME_MAX), kind=KIND_NAMES[one.kind])


def _goes_to(row: DigestRow) -> Mrkdwn:
    if in_channel(row.schedule.place):
        return mrkdwn("to {channel}", channel=channel_mention(row.schedule.place))
    return mrkdwn("to {name}", name=escape(row.reader or "somebody who is not known", READER))


def _place(row: DigestRow) -> Mrkdwn:
    if in_channel(row.schedule.place):
        return channel_mention(row.schedule.place)
    who = _goes_to(row)
    if row.reader_left:
        return mrkdwn("{who}, ⚠️ who is not on the roster or has no active account", who=who)
    return who


def _when(row: DigestRow) -> Mrkdwn:
    one = row.schedule
    lines = [
        mrkdwn("{days}, {at}, {tz}", days=spoken_weekdays(one.weekdays), at=f"{one.at:%H:%M}", tz=escape(one.tz, ZONE))
    ]
    if one.next_at is not None:
        day = local_date(one.next_at, one.tz)
        at = f"{DAYS[day.weekday()]}, {spoken(day)}, {local_time(one.next_at, one.tz):%H:%M}"
        lines.append(mrkdwn("next: {at}", at=at))
    else:
        lines.append(trusted("off"))
    if (last := _last(row)) is not None:
        lines.append(mrkdwn("last: {last}", last=last))
    return join(lines, " · ")


def _last(row: DigestRow) -> str | None:
    last = row.last
    if last is None:
        return None
    day = last.period or local_date(last.made_at, row.schedule.tz)
    if last.sent_by is not None:
        return f"{spoken(day)}, sent by hand"
    if last.state is DigestState.SENT:
        late = f", {_spoken(timedelta(seconds=last.late_s))} late" if last.late_s else ""
        return f"{spoken(day)}{late}"
    return f"{spoken(day)}, " + ("nothing to say" if last.state is DigestState.SILENT else "skipped")


def _spoken(behind: timedelta) -> str:
    minutes = int(behind.total_seconds()) // 60
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d"


def _offer(offer: Offer) -> Block:
    said = mrkdwn(
        "*{kind}*, Mondays 09:00, {whose} {place}, {tz}",
        kind=KIND_NAMES[offer.kind],
        whose=WHOSE[offer.kind],
        place=channel_mention(offer.place),
        tz=escape(offer.tz, ZONE),
    )
    return section(said, accessory=button("Add this one", DigestAction.OFFERED, offer.kind.value))
