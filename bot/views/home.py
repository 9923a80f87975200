"""The Home tab: what needs a decision first, then what is mine, my team's leads, and my day in numbers."""

from __future__ import annotations

from bot.services.home import Home
from bot.services.home_rows import PAGE, AcceptedList, HomeList, HomeRow, Paged, UnroutedList, UnroutedRow
from bot.views import blocks
from bot.views.blocks import Block, Element, View, actions, button, context, header, section
from bot.views.durations import human_duration
from bot.views.handoff_controls import accept_and_reject, lead_overflow, undo
from bot.views.ids import ActionId, HomeLists, More, page_value, pages_metadata
from bot.views.lead_lines import PRIORITY, contact, who
from bot.views.links import when
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

NAME = 80
SENTENCE = 300


def render_home(home: Home) -> View:
    """The Home of one person, filled by role; empty lists say what will stand there.

    At most PAGE leads of each list and far fewer than Slack's 100 blocks; the view carries which pages it shows.
    """
    if not home.on_roster:
        return blocks.home(_stranger(home))
    built = [_greeting(home)]
    if home.is_rep or home.team is None or home.needs_you.total or home.mine.total:
        built += _needs_you(home)
        built += _mine(home)
    if home.unrouted is not None:
        built += _unrouted(home.unrouted)
    if home.team is not None:
        built += _team(home.team)
    if home.accepted is not None:
        built += _accepted(home.accepted)
    if home.is_rep:
        built += _today(home)
    return blocks.home(built, private_metadata=pages_metadata(home))


def _stranger(home: Home) -> list[Block]:
    ask = (
        escape(home.whom_to_ask, SENTENCE)
        if home.whom_to_ask
        else trusted("Please ask your Lockstep admin to add you.")
    )
    return [
        section(mrkdwn("*Hello {name}.*", name=escape(home.first_name, NAME))),
        section(
            mrkdwn(
                "I am Lockstep: I bring leads from marketing to sales, one card at a time, and bring the answer back.\n"
                "You are not on my roster yet, so nothing comes to you here. If you work with leads: {ask}",
                ask=ask,
            )
        ),
    ]


def _greeting(home: Home) -> Block:
    """Who this is, whether they are there, and the switch for it."""
    name = escape(home.first_name, NAME)
    if home.is_away:
        until = (
            mrkdwn("until {at}", at=when(home.away_until)) if home.away_until else trusted("until you say you are back")
        )
        text = mrkdwn("*{name}, you are away {until}.*\nNo leads are offered to you meanwhile.", name=name, until=until)
        return section(text, accessory=button("I am back", ActionId.HOME_BACK, "back", style="primary"))
    waiting = home.needs_you.total
    if waiting:
        verb = "lead waits" if waiting == 1 else "leads wait"
        text = mrkdwn("*{name}, {count} {verb} for you.*", name=name, count=waiting, verb=verb)
    else:
        text = mrkdwn("*{name}, nothing waits for you.*", name=name)
    return section(text, accessory=button("Go away…", ActionId.HOME_AWAY, "away"))


def _needs_you(home: Home) -> list[Block]:
    if not home.needs_you.rows:
        if home.is_away:
            nothing = trusted("While you are away, leads go to your colleagues.")
        elif home.is_rep:
            nothing = trusted("New leads stand here, and in your messages, until you accept or reject them.")
        else:
            nothing = trusted(
                "You take no leads yourself, so there is nothing to decide. When a lead of one of your campaigns is"
                " rejected, I write to you with the reason."
            )
        return [header("Needs you"), section(nothing)]
    built = [_title("Needs you", home.needs_you, len(home.needs_you.rows))]
    for row in home.needs_you.rows:
        place = mrkdwn("In {pool}: the first to accept gets it", pool=_short(row.pool_name)) if row.pool_name else None
        built.append(section(_lines(row, _since("Offered", row), place)))
        decide = accept_and_reject(row.handoff_id, row.version, row.name)
        built.append(actions(*decide, _more(row)))
    return built + _turn_list(HomeLists.NEEDS, home.needs_you)


def _mine(home: Home) -> list[Block]:
    if not home.mine.rows:
        if not home.is_rep:
            return []
        nothing = trusted("What you accept stands here, with number and address to tap, until you release it.")
        return [header("My leads"), section(nothing)]
    built = [_title("My leads", home.mine, len(home.mine.rows))]
    for row in home.mine.rows:
        reach = contact(row.phone_e164, None, row.email)
        text = _lines(row, _since("Accepted", row), reach)
        built.append(section(text, accessory=_more(row, More.RELEASE)))
        if row.can_undo:
            built.append(actions(undo(row.handoff_id, row.version)))
    return built + _turn_list(HomeLists.MINE, home.mine)


def _team(team: HomeList) -> list[Block]:
    if not team.rows:
        return [header("Waiting in the team"), section(trusted("Every lead has been decided on. Nobody waits."))]
    built = [_title("Waiting in the team", team, len(team.rows))]
    for row in team.rows:
        if row.pool_name:
            place = mrkdwn("In {pool}", pool=_short(row.pool_name))
        else:
            place = mrkdwn("With {name}", name=_short(row.offered_to or row.owner))
        text = _lines(row, join([place, _since("since", row)], ", "))
        built.append(section(text, accessory=_more(row, More.REASSIGN, More.WITHDRAW)))
    return built + _turn_list(HomeLists.TEAM, team)


def _unrouted(unrouted: UnroutedList) -> list[Block]:
    """Nothing while there is none: it is an exception, and no list to look after."""
    if not unrouted.rows:
        return []
    again = trusted("Nobody is free for these. I try again every hour and when somebody is back; or you assign them.")
    built = [_title("Nowhere to go", unrouted, len(unrouted.rows)), context(again)]
    for row in unrouted.rows:
        assign = button("Assign", ActionId.LEAD_ASSIGN, row.lead_id, accessibility_label=f"Assign {row.name} to a rep")
        built.append(section(_lines(row, _since("Came", row)), accessory=assign))
    return built + _turn_list(HomeLists.UNROUTED, unrouted)


def _accepted(accepted: AcceptedList) -> list[Block]:
    if not accepted.rows:
        return []
    built = [header("Accepted in the team")]
    if accepted.left_behind:
        verb = "is" if accepted.left_behind == 1 else "are"
        built.append(
            context(mrkdwn("{count} {verb} with somebody who is not there.", count=accepted.left_behind, verb=verb))
        )
    for row in accepted.rows:
        owner = mrkdwn("With {name}", name=_short(row.owner))
        if row.absence:
            owner = mrkdwn("{owner}, *{absence}*", owner=owner, absence=_short(row.absence))
        text = _lines(row, join([owner, _since("accepted", row)], ", "))
        built.append(section(text, accessory=_more(row, More.REASSIGN)))
    return built + _turn(HomeLists.ACCEPTED, accepted.page, more=accepted.more)


def _today(home: Home) -> list[Block]:
    """Four numbers are read faster than a chart of them."""
    median = home.today.median_seconds_to_accept
    numbers = [
        mrkdwn("Offered to you\n*{count}*", count=home.today.offered),
        mrkdwn("Accepted\n*{count}*", count=home.today.accepted),
        mrkdwn("Rejected\n*{count}*", count=home.today.rejected),
        mrkdwn("Median time to accept\n*{span}*", span="–" if median is None else human_duration(median)),
    ]
    zone = mrkdwn("Since midnight, {tz}", tz=escape(home.tz, NAME))
    return [header("Today"), section(fields=numbers), context(zone)]


def _title(name: str, listed: Paged, shown: int) -> Block:
    """The name of a list and how much of it is shown."""
    if listed.pages <= 1:
        return header(f"{name} · {listed.total}")
    first = listed.page * PAGE + 1
    return header(f"{name} · {first} to {first + shown - 1} of {listed.total}")


def _turn_list(which: HomeLists, listed: Paged) -> list[Block]:
    return _turn(which, listed.page, more=listed.page < listed.pages - 1)


def _turn(which: HomeLists, page: int, *, more: bool) -> list[Block]:
    buttons: list[Element] = []
    if page > 0:
        buttons.append(button("Previous", ActionId.HOME_PAGE_BACK, page_value(which, page - 1)))
    if more:
        buttons.append(button("Next", ActionId.HOME_PAGE_ON, page_value(which, page + 1)))
    return [actions(*buttons)] if buttons else []


def _lines(row: HomeRow | UnroutedRow, *lines: Mrkdwn | None) -> Mrkdwn:
    first = mrkdwn("{mark} · {who}", mark=PRIORITY[row.priority], who=who(row.name, row.title, row.company))
    return join([first, *(line for line in lines if line is not None)])


def _since(word: str, row: HomeRow | UnroutedRow) -> Mrkdwn:
    return mrkdwn("{word} {at}", word=word, at=when(row.since))


def _more(row: HomeRow, *further: More) -> Element:
    return lead_overflow(ActionId.HOME_MORE, row.handoff_id, row.crm_url, *further)


def _short(text: str | None) -> Mrkdwn:
    return escape(text or "", NAME)
