import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.configuration import (
    CampaignEntry,
    Configuration,
    PersonEntry,
    RuleEntry,
    SourceEntry,
    TeamEntry,
    difference,
)  # fmt: skip
from bot.domain.matching import Operator
from bot.domain.person import Role, Side
from bot.domain.routing import Target
from bot.errors import ConfigError
from handlers.config_export import write_config_file
from handlers.config_file import read_config_file

SMALL = """
[lockstep]
admin = "noor@example.com"
fallback_channel = "#fallback"

[[people]]
email = "Noor@Example.com"
name = "Noor"
roles = ["admin"]
side = "other"

[[people]]
email = "jonas@example.com"
name = "Jonas"
tz = "Europe/Berlin"
cap = 5

[[teams]]
key = "europe"
name = "Europe"
members = ["jonas@example.com"]

[[routing]]
name = "Everything"
operator = "any"
team = "europe"
"""


def channel_id(name: str) -> str | None:
    return {"#fallback": "C1", "C1": "C1", "C2": "C2"}.get(name)


def read(text: str) -> Configuration:
    return read_config_file(text, channel_id)


def test_a_file_says_who_is_there_and_where_leads_go() -> None:
    configuration = read(SMALL)
    assert configuration.admin == "noor@example.com"
    assert configuration.fallback_channel == "C1"
    assert configuration.people[1].cap == 5
    assert configuration.rules == (
        RuleEntry(name="Everything", field="", operator=Operator.ANY, value="", target=Target.TEAM, to="europe"),
    )


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('tz = "Europe/Berlin"', 'tz = "Berlin"', "people jonas@example.com: tz: Berlin is no time zone"),
        ("cap = 5", 'cap = "five"', "people jonas@example.com: cap: must be a whole number"),
        ("cap = 5", "caps = 5", "caps is unknown"),
        ('"#fallback"', '"#fallbakc"', "lockstep: fallback_channel: there is no channel #fallbakc"),
        ('members = ["jonas@example.com"]', 'members = ["j@example.com"]', "j@example.com is not among [[people]]"),
        ('team = "europe"', 'team = "asia"', "asia is not the key of one of [[teams]]"),
        ('team = "europe"', 'pool = "europe"', "team europe has no pool_channel"),
        ('team = "europe"', 'team = "europe"\nrep = "jonas@example.com"', "name exactly one of rep, team or pool"),
        ('operator = "any"', 'operator = "like"', "like is not one of"),
        ('operator = "any"', 'operator = "is"', "field: is missing"),
        ('roles = ["admin"]', 'roles = ["boss"]', "boss is no role"),
        ('email = "jonas@example.com"', 'email = "jonas"', "jonas is no e-mail address"),
        ('email = "jonas@example.com"', 'email = "noor@example.com"', "email noor@example.com is there twice"),
        ('admin = "noor@example.com"', 'admin = "who@example.com"', "admin: who@example.com is not among"),
        ("[lockstep]", "[lockstep", "not valid TOML"),
    ],
)
def test_a_mistake_is_named_with_its_place(old: str, new: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=r".") as caught:
        read(SMALL.replace(old, new, 1))
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    "secret",
    ["", "A" * 44, "whsec_" + "not-base64!" * 4, "whsec_" + "A" * 28, "whsec_" + "A" * 41, "whsec_ " + "A" * 44],
)
def test_a_secret_that_could_sign_nothing_is_refused(secret: str) -> None:
    with pytest.raises(ConfigError, match="sources crm: secrets: a secret is whsec_ and at least 24 bytes in Base64"):
        read(f'[[sources]]\nkey = "crm"\nsecrets = ["{secret}"]\n')


def test_a_secret_of_24_bytes_in_base64_is_taken() -> None:
    secret = "whsec_" + "A" * 32
    assert read(f'[[sources]]\nkey = "crm"\nsecrets = ["{secret}"]\n').sources[0].secrets == (secret,)


def test_all_mistakes_are_named_at_once() -> None:
    text = SMALL.replace("cap = 5", "cap = -1").replace('"Europe/Berlin"', '"Mars"')
    with pytest.raises(ConfigError) as caught:
        read(text)
    assert len(str(caught.value).splitlines()) == 2


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=20).map(
    lambda text: text.strip() or "x"
)
EMAILS = st.integers(0, 30).map(lambda number: f"person{number}@example.com")


@st.composite
def configurations(draw: st.DrawFn) -> Configuration:
    emails = draw(st.lists(EMAILS, min_size=1, max_size=6, unique=True))
    people = tuple(
        PersonEntry(
            email=email,
            name=draw(WORDS),
            title=draw(st.just("") | WORDS),
            side=draw(st.sampled_from(Side)),
            roles=draw(st.frozensets(st.sampled_from(Role))),
            manager=draw(st.none() | st.sampled_from(emails)),
            tz=draw(st.sampled_from([None, "UTC", "Europe/Berlin", "America/Denver"])),
            cap=draw(st.none() | st.integers(0, 99)),
            days_off=draw(st.sampled_from([(), ("2026-12-24", "2026-12-25")])),
        )
        for email in emails
    )
    members = draw(st.lists(st.tuples(st.sampled_from(emails), st.integers(0, 5)), unique_by=lambda pair: pair[0]))
    team = TeamEntry(key="t1", name=draw(WORDS), pool_channel="C2", members=tuple(members))
    rules = tuple(
        RuleEntry(
            name=draw(WORDS),
            field="country",
            operator=draw(st.sampled_from(Operator)),
            value=draw(st.just("") | WORDS),
            target=target,
            to=emails[0] if target is Target.REP else "t1",
        )
        for target in draw(st.lists(st.sampled_from(Target), max_size=4))
    )
    return Configuration(
        admin=draw(st.none() | st.sampled_from(emails)),
        fallback_channel=draw(st.none() | st.just("C1")),
        crm_hosts=draw(st.sampled_from([(), ("crm.example.com",)])),
        people=people,
        teams=(team,),
        rules=rules,
        campaigns=(CampaignEntry(key="c1", name=draw(WORDS), owner=draw(st.none() | st.sampled_from(emails))),),
        sources=(SourceEntry(key="crm", name=draw(WORDS)),),
    )


@given(configurations())
def test_what_is_exported_reads_back_as_the_same(configuration: Configuration) -> None:
    assert read(write_config_file(configuration)) == configuration


@given(configurations())
def test_the_same_configuration_makes_no_difference(configuration: Configuration) -> None:
    assert difference(configuration, configuration) == []


def test_a_secret_is_in_no_export_no_difference_and_no_repr() -> None:
    secret = "whsec_" + "A" * 44
    source = SourceEntry(key="crm", name="CRM", secrets=(secret,))
    configuration = Configuration(sources=(source,))
    told = "\n".join([write_config_file(configuration), *difference(Configuration(), configuration), repr(source)])
    assert secret not in told


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    with contextlib.suppress(ConfigError):
        assert isinstance(read(text), Configuration)
