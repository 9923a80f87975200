"""Values about set-up, people, teams and channels; hostile ones in every text field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from bot.domain.person import Role, Side
from bot.domain.set_up import Figures, step_states
from bot.services.channel_setup import ChannelsForm
from bot.services.forms import Choice
from bot.services.roster import Added, AddForm, PeopleList, PersonLine
from bot.services.roster_person import PersonForm
from bot.services.set_up import SetUp
from bot.services.team_setup import SharesForm, TeamForm, TeamLine, TeamList
from bot.views.channels_form import channels_form
from bot.views.roster_forms import add_people_form, added_view, people_view, person_form
from bot.views.team_forms import delete_team_form, shares_form, team_form, teams_view
from tests.views.samples import HANDOFF, OWNER, REP, hostile

DONE = Figures(
    people=12, reps=8, teams=2, members=8, rules=3, has_fallback_channel=True, has_marketing_channel=True, sources=1,
    has_lead=True,
)  # fmt: skip


def make_set_up(**changes: Any) -> SetUp:
    """All is done but what `changes` take away."""
    return SetUp(steps=step_states(replace(DONE, **changes)))


def make_person_line(number: int = 1, **changes: Any) -> PersonLine:
    line = PersonLine(
        id=f"0199b6a0-0000-7000-a000-{number:012d}",
        name=f"Jonas Brandt {number}",
        side=Side.SALES,
        roles=(Role.REP,),
        trouble=None,
    )
    return replace(line, **changes)


def make_add_form(**changes: Any) -> AddForm:
    form = AddForm(
        teams=(Choice(value="europe", label="Europe"),),
        groups=(Choice(value="S0EUROPE", label="Sales Europe", description="@sales-europe, 5 people"),),
    )
    return replace(form, **changes)


def make_added(**changes: Any) -> Added:
    added = Added(
        added=("Jonas Brandt",),
        there_already=("Inês Carvalho",),
        refused=("Leo Marchetti is a guest in Slack.",),
        unanswered=3,
        total=12,
    )
    return replace(added, **changes)


def make_person_form(**changes: Any) -> PersonForm:
    form = PersonForm(
        id=HANDOFF,
        seen="0123456789abcdef",
        name="Jonas Brandt",
        email="jonas.brandt@example.com",
        side=Side.SALES,
        roles=(Role.REP, Role.MANAGER),
        manager=OWNER,
        deputy=REP,
        hidden=(),
        slack_tz="Europe/Berlin",
        tz=None,
        cap=20,
        weight=None,
        weights="2 in Europe, 1 in Fast lane",
        teams=(Choice(value="europe", label="Europe"), Choice(value="fast", label="Fast lane")),
        in_teams=("europe", "fast"),
        owned=3,
        offered=1,
    )
    return replace(form, **changes)


def make_team_line(number: int = 1, **changes: Any) -> TeamLine:
    line = TeamLine(
        key=f"europe-{number}",
        name="Europe",
        side=Side.SALES,
        shares=(("Jonas Brandt", 2), ("Inês Carvalho", 1)),
        pool_channel="C0POOL",
        mirror_channel="C0MIRROR",
        rules=1,
    )
    return replace(line, **changes)


def make_team_form(**changes: Any) -> TeamForm:
    form = TeamForm(
        key="europe",
        seen="0123456789abcdef",
        name="Europe",
        members=(REP, OWNER),
        hidden=(Choice(value="p9", label="Viktor Lindqvist"),),
        pool_channel="C0POOL",
        mirror_channel=None,
    )
    return replace(form, **changes)


def make_shares_form(count: int = 2) -> SharesForm:
    shares = tuple((f"{HANDOFF}{n}", f"Jonas Brandt {n}", n % 4) for n in range(count))
    return SharesForm(key="europe", seen="0123456789abcdef", name="Europe", shares=shares)


def make_channels_form(**changes: Any) -> ChannelsForm:
    form = ChannelsForm(
        seen="0123456789abcdef",
        fallback_channel="C0FALLBACK",
        marketing_channel=None,
        crm_hosts=("crm.example.com",),
        admin=OWNER,
    )
    return replace(form, **changes)


hostile_people = st.builds(
    lambda names, trouble: PeopleList(
        people=tuple(make_person_line(n, name=name, trouble=trouble) for n, name in enumerate(names))
    ),
    st.lists(hostile, max_size=5),
    st.none() | st.just("a guest in Slack"),
)
hostile_add_forms = hostile.map(
    lambda text: make_add_form(
        teams=(Choice(value="europe", label=text),), groups=(Choice(value="S1", label=text, description=text),)
    )
)
hostile_without_groups = hostile.map(lambda text: make_add_form(groups=None, no_groups=text))
hostile_added = hostile.map(lambda text: make_added(added=(text,) * 40, there_already=(text,), refused=(text,) * 40))
hostile_person_forms = hostile.map(
    lambda text: make_person_form(
        name=text, email=text, hidden=(Choice(value="manager", label=text),), slack_tz=text, tz=text, weights=text,
        teams=(Choice(value="europe", label=text),),
    )
)  # fmt: skip
hostile_teams = hostile.map(
    lambda text: TeamList(
        teams=(make_team_line(name=text, shares=((text, 2),) * 20), make_team_line(2, name=text, shares=(), rules=0))
    )
)
hostile_team_forms = hostile.map(
    lambda text: make_team_form(name=text, hidden=tuple(Choice(value=f"p{n}", label=text) for n in range(20)))
)
hostile_shares = hostile.map(lambda text: replace(make_shares_form(), name=text, shares=((HANDOFF, text, 1),)))
hostile_channels = hostile.map(lambda text: make_channels_form(crm_hosts=(text,), hidden_admin=text))

VIEWS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], Any]]] = {
    "people": (hostile_people, people_view),
    "add people": (hostile_add_forms, add_people_form),
    "add people without groups": (hostile_without_groups, add_people_form),
    "added": (hostile_added, added_view),
    "person": (hostile_person_forms, person_form),
    "teams": (hostile_teams, teams_view),
    "team": (hostile_team_forms, team_form),
    "delete team": (hostile_team_forms, delete_team_form),
    "shares": (hostile_shares, shares_form),
    "channels": (hostile_channels, channels_form),
}
"""For test_hostile_text.py."""
