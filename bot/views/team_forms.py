"""The forms about teams: all of them, one, the shares of its members, and its end."""

from __future__ import annotations

from bot.domain.person import Side
from bot.domain.roster_check import KEY_MAX, WEIGHT_MAX
from bot.services.team_setup import SharesForm, TeamForm, TeamLine, TeamList
from bot.views.blocks import (
    VIEW_BLOCKS,
    Block,
    View,
    button,
    context,
    input_block,
    modal,
    option,
    overflow,
    plain_text_input,
    section,
    static_select,
)
from bot.views.form_parts import multi_input
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.links import channel_mention
from bot.views.pickers import channel_select, multi_users_select, number_input
from bot.views.roster_forms import SIDES
from bot.views.set_up_ids import TeamMore, team_value
from bot.views.set_up_ref import PAGE, ref_metadata, turn, within
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

LIST = "teams"
NAME = 60
MEMBERS_SHOWN = 12
SHARES_SHOWN = VIEW_BLOCKS - 10
"""Inputs of one form; a team with more members sets the others' shares at the person."""


def teams_view(teams: TeamList, page: int = 0) -> View:
    """The teams by name, PAGE a page, with the way to each and to a new one."""
    page = within(page, teams.teams)
    what = trusted(
        "A team shares its leads *in turn*, each member by their share; or its leads stand in a *pool* channel, and"
        " the first to accept has it. A *mirror* channel sees copies."
    )
    blocks = [section(what, accessory=button("Add a team…", ActionId.TEAM_ADD, "add", style="primary"))]
    blocks += [section(_lines(team), accessory=_more(team)) for team in teams.teams[page * PAGE : (page + 1) * PAGE]]
    blocks += turn(LIST, page, teams.teams)
    if not teams.teams:
        blocks.append(context(trusted("There is no team yet.")))
    return modal(CallbackId.TEAMS_VIEW, "Teams", blocks, close="Close", private_metadata=ref_metadata(page=page))


def _lines(team: TeamLine) -> Mrkdwn:
    first = mrkdwn(
        "*{name}* · {side} · key {key}", name=escape(team.name, NAME), side=SIDES[team.side], key=escape(team.key, 64)
    )
    members = join([_member(name, weight) for name, weight in team.shares[:MEMBERS_SHOWN]], ", ")
    hidden = len(team.shares) - MEMBERS_SHOWN
    if hidden > 0:
        members = mrkdwn("{members} and {hidden} more", members=members, hidden=hidden)
    lines = [first, members if team.shares else trusted("⚠️ Nobody is in it yet.")]
    places = [
        mrkdwn("{what} {channel}", what=what, channel=_channel(channel))
        for what, channel in (("Pool", team.pool_channel), ("Mirror", team.mirror_channel))
        if channel is not None
    ]
    if places:
        lines.append(join(places, " · "))
    if not team.rules:
        lines.append(trusted("_No rule sends leads to it._"))
    return join(lines)


def _member(name: str, weight: int) -> Mrkdwn:
    return escape(name, NAME) if weight == 1 else mrkdwn("{name} ×{weight}", name=escape(name, NAME), weight=weight)


def _channel(channel: str) -> Mrkdwn:
    try:
        return channel_mention(channel)
    except ValueError:
        return escape(channel, 60)


def _more(team: TeamLine) -> dict[str, object]:
    choices = [
        ("Edit…", TeamMore.EDIT),
        ("Shares…", TeamMore.SHARES),
        ("Hours…", TeamMore.HOURS),
        ("Delete…", TeamMore.DELETE),
    ]
    if not team.shares:
        choices.pop(1)
    return overflow(ActionId.TEAM_MORE, [option(label, team_value(what, team.key)) for label, what in choices])


def team_form(form: TeamForm, page: int = 0) -> View:
    """A team: its name, who is in it, and where its leads stand."""
    name = plain_text_input(ActionId.ANSWER, initial=form.name, placeholder="Europe", max_length=200)
    blocks = [input_block(BlockId.NAME, "Name", name)]
    if form.key is None:
        key = plain_text_input(ActionId.ANSWER, placeholder="europe", max_length=KEY_MAX)
        hint = "Rules and the configuration file name the team by it. Empty: made of the name."
        blocks.append(input_block(BlockId.KEY, "Key", key, hint=hint, optional=True))
    blocks += [
        _side(form.side),
        input_block(
            BlockId.MEMBERS,
            "Members",
            multi_users_select(ActionId.ANSWER, placeholder="Choose people of the roster", initial=form.members),
            optional=True,
        ),
    ]
    if form.hidden:
        names = join([escape(one.label, NAME) for one in form.hidden[:MEMBERS_SHOWN]], ", ")
        more = len(form.hidden) - MEMBERS_SHOWN
        names = mrkdwn("{names} and {more} more", names=names, more=more) if more > 0 else names
        blocks.append(context(mrkdwn("Also in it, and without an account in Slack: {names}.", names=names)))
        blocks += multi_input(BlockId.TAKE_OUT, "Take out of it", form.hidden, placeholder="Nobody")
    blocks += [
        _channel_input(
            BlockId.POOL_CHANNEL, "Pool channel", form.pool_channel, "A lead here goes to the first to accept."
        ),
        _channel_input(BlockId.MIRROR_CHANNEL, "Mirror channel", form.mirror_channel, "Sees a copy of each card."),
        context(trusted("I must be in both channels: type `/invite` and my name there.")),
    ]
    title = "Add a team" if form.key is None else "Team"
    metadata = ref_metadata(thing=form.key or "", seen=form.seen, page=page)
    return modal(CallbackId.TEAM_SUBMIT, title, blocks, submit="Save", private_metadata=metadata)


def shares_form(form: SharesForm, page: int = 0) -> View:
    """How many leads each member gets in turn."""
    blocks = [section(mrkdwn("*{name}*: 2 gets twice as many leads in turn as 1; 0 gets none.", name=form.name))]
    for person_id, name, weight in form.shares[:SHARES_SHOWN]:
        share = number_input(ActionId.ANSWER, least=0, most=WEIGHT_MAX, initial=weight)
        blocks.append(input_block(person_id, name, share))
    hidden = len(form.shares) - SHARES_SHOWN
    if hidden > 0:
        blocks.append(context(mrkdwn("{count} more: set theirs under People.", count=hidden)))
    metadata = ref_metadata(thing=form.key, seen=form.seen, page=page)
    return modal(CallbackId.SHARES_SUBMIT, "Shares", blocks, submit="Save", private_metadata=metadata)


def delete_team_form(form: TeamForm, page: int = 0) -> View:
    """What follows when the team is deleted."""
    what = mrkdwn(
        "*Delete {name}?*\nIts members get no leads through it any more. Leads they own or are offered stay with them;"
        " what stands in its pool channel waits until a manager reassigns it.",
        name=escape(form.name, NAME),
    )
    metadata = ref_metadata(thing=form.key or "", seen=form.seen, page=page)
    return modal(
        CallbackId.TEAM_DELETE_SUBMIT, "Delete team", [section(what)], submit="Delete", private_metadata=metadata
    )


def _side(side: Side) -> Block:
    options = [option(label, value.value) for value, label in SIDES.items()]
    return input_block(BlockId.SIDE, "Side", static_select(ActionId.ANSWER, options, initial=side.value))


def _channel_input(block_id: BlockId, label: str, initial: str | None, hint: str) -> Block:
    menu = channel_select(ActionId.ANSWER, placeholder="No channel", initial=initial)
    return input_block(block_id, label, menu, hint=hint, optional=True)
