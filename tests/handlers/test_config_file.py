import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.agreement import DEFAULT_TERMS
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
from bot.domain.working_hours import DEFAULT_WEEK, spoken_week, week_of
from bot.errors import ConfigError
from bot.integrations.holidays import PublicHolidays
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
    return read_config_file(text, channel_id, PublicHolidays().mistake)


def test_a_file_says_who_is_there_and_where_leads_go() -> None:
    configuration = read(SMALL)
    assert read(SMALL.replace("Europe/Berlin", "europe/berlin")) == configuration
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
        ('operator = "any"', 'field = "land"\noperator = "is"\nvalue = "DE"', "field: land is no field"),
        ('operator = "any"', 'field = "fields."\noperator = "is"\nvalue = "DE"', "field: fields. is no field"),
        ('operator = "any"', 'field = "country"\noperator = "is"', "routing “Everything”: value: is missing"),
        ('operator = "any"', 'field = "score"\noperator = "at_least"\nvalue = "high"', "value: high is no number"),
        ('operator = "any"', 'field = "priority"\noperator = "is"\nvalue = "boiling"', "boiling is no priority"),
        ('name = "Everything"', f'name = "{"x" * 101}"', "has 101 characters"),
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


REASON = """
[[reasons]]
code = "later"
label = "Later"
then = "recycle"
ask = "date"
question = "When?"
required = true
"""


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('label = "Later"', "", "reasons later: label: is missing"),
        ('label = "Later"', f'label = "{"x" * 76}"', "has 76 characters; at most 75 fit"),
        ('code = "later"', 'code = "Much later"', "reasons Much later: code: must be 1 to 60 of a to z"),
        ('then = "recycle"', 'then = "forget"', "forget is not one of recycle"),
        ('ask = "date"', 'ask = "text"', "reasons later: ask: must be date where recycle follows"),
        ("required = true", "", "reasons later: required: must be true where recycle follows"),
        ("required = true", 'required = "yes"', "required: must be true or false"),
        ('question = "When?"', "", "reasons later: question: is missing"),
        (REASON, REASON + REASON, "reasons: code later is there twice"),
        (REASON, REASON + REASON.replace('"later"', '"again"'), "reasons: label Later is there twice"),
        (REASON, "reasons = []", "reasons: there must be at least one reason"),
    ],
)
def test_a_reason_that_could_not_work_is_refused(old: str, new: str, sentence: str) -> None:
    assert read(REASON).reasons is not None
    with pytest.raises(ConfigError, match=r".") as caught:
        read(REASON.replace(old, new, 1))
    assert sentence in str(caught.value)


@pytest.mark.parametrize("key", ["slack", "a b", "ä", "x" * 65])
def test_a_key_that_cannot_be_a_sources_is_refused(key: str) -> None:
    with pytest.raises(ConfigError, match="key: "):
        read(f'[[sources]]\nkey = "{key}"\n')


def test_a_file_that_says_nothing_of_reasons_leaves_them_as_they_are() -> None:
    assert read(SMALL).reasons is None
    assert difference(Configuration(reasons=DEFAULT_TERMS.reasons), Configuration()) == []


def test_reasons_in_another_order_are_a_difference() -> None:
    turned = tuple(reversed(DEFAULT_TERMS.reasons))
    [line] = difference(Configuration(reasons=DEFAULT_TERMS.reasons), Configuration(reasons=turned))
    assert line.startswith("~ reasons, in order: other, misrouted")


def test_all_mistakes_are_named_at_once() -> None:
    text = SMALL.replace("cap = 5", "cap = -1").replace('"Europe/Berlin"', '"Mars"')
    with pytest.raises(ConfigError) as caught:
        read(text)
    assert len(str(caught.value).splitlines()) == 2


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=20).map(
    lambda text: text.strip() or "x"
)
EMAILS = st.integers(0, 30).map(lambda number: f"person{number}@example.com")


VALUES = {
    **dict.fromkeys((Operator.ANY, Operator.PRESENT, Operator.MISSING), st.just("") | WORDS),
    **dict.fromkeys((Operator.AT_LEAST, Operator.AT_MOST), st.integers().map(str)),
}
"""What a rule may compare with, where that is not any text."""


TIMES = st.one_of(
    st.just({}),
    st.fixed_dictionaries(
        {
            "hours": st.sampled_from([DEFAULT_WEEK, week_of({"sun": [["09:00", "12:30"], ["13:30", "24:00"]]})]),
            "days_off": st.sampled_from([(), ("2026-12-24", "2026-12-27/2027-01-02")]),
            "country": st.sampled_from([None, "PT"]),
            "subdivision": st.none(),
        }
    ),
)
"""When somebody works: all of it is said, or nothing."""


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
            manager=draw(st.none() | st.sampled_from([other for other in emails if other != email] or [None])),
            tz=draw(st.sampled_from([None, "UTC", "Europe/Berlin", "America/Denver"])),
            cap=draw(st.none() | st.integers(0, 99)),
            **draw(TIMES),
        )
        for email in emails
    )
    members = draw(st.lists(st.tuples(st.sampled_from(emails), st.integers(0, 5)), unique_by=lambda pair: pair[0]))
    team = TeamEntry(
        key="t1", name=draw(WORDS), pool_channel="C2", members=tuple(members),
        tz=draw(st.sampled_from([None, "Asia/Kathmandu"])), **draw(TIMES),
    )  # fmt: skip
    rules = tuple(
        RuleEntry(
            name=draw(WORDS),
            field="country",
            operator=operator,
            value=draw(VALUES.get(operator, WORDS.filter(lambda text: text.strip(" ,") != ""))),
            target=target,
            to=emails[0] if target is Target.REP else "t1",
        )
        for target, operator in draw(
            st.lists(st.tuples(st.sampled_from(Target), st.sampled_from(Operator)), max_size=4)
        )
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
        sales_channels=draw(st.none() | st.sampled_from([(), ("C1",)])),
        alerts_need_approval=draw(st.none() | st.booleans()),
        notes_read_by=draw(
            st.none() | st.sets(st.sampled_from(Side)).map(lambda named: tuple(one for one in Side if one in named))
        ),
        reasons=draw(st.none() | st.lists(st.sampled_from(DEFAULT_TERMS.reasons), min_size=1, unique=True).map(tuple)),
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


# -- when people and teams work ---------------------------------------------------------------------------------------
TIMES_FILE = """
[[people]]
email = "ines@example.com"
name = "Ines"
hours = { mon = "9:00-12:30, 13:30-18", tue = ["08:00-12:00", "13:00-17:00"] }
days_off = ["2026-12-24", "2026-12-27/2027-01-02"]
country = "Germany"
subdivision = "by"

[[people]]
email = "jonas@example.com"
name = "Jonas"

[[teams]]
key = "europe"
name = "Europe"
tz = "Europe/Berlin"
country = "DE"
"""


def test_hours_days_off_and_holidays_are_read_as_people_write_them() -> None:
    found = read(TIMES_FILE)
    ines, jonas = found.people
    assert ines.hours is not None
    assert spoken_week(ines.hours) == "Mon 09:00-12:30, 13:30-18:00; Tue 08:00-12:00, 13:00-17:00"
    assert ines.days_off == ("2026-12-24", "2026-12-27/2027-01-02")
    assert (ines.country, ines.subdivision) == ("DE", "BY")
    assert not jonas.says_times
    assert (found.teams[0].tz, found.teams[0].country, found.teams[0].hours) == ("Europe/Berlin", "DE", None)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('hours = { mon = "18-9" }', "people ines@example.com: hours: “18:00-09:00” (mon) ends before it begins"),
        ('hours = { funday = "9-17" }', "funday is no weekday; there is mon, tue"),
        ('hours = "9-17"', "hours: must be a table, such as"),
        ('days_off = ["Christmas"]', "days_off: “Christmas” is no date"),
        ('country = "Narnia"', "country: “Narnia” is no country"),
        ('country = "DE"\nsubdivision = "ZZ"', "subdivision: “ZZ” is no subdivision of DE"),
        ('subdivision = "BY"', "country: A subdivision needs its country"),
    ],
)
@pytest.mark.parametrize("table", ["people", "teams"])
def test_a_mistake_in_them_names_the_place_and_the_fix(table: str, line: str, said: str) -> None:
    entry = 'email = "ines@example.com"\nname = "Ines"' if table == "people" else 'key = "europe"\nname = "Europe"'
    with pytest.raises(ConfigError) as error:
        read(f"[[{table}]]\n{entry}\n{line}\n")
    assert said.replace(
        "people ines@example.com", f"{table} ines@example.com" if table == "people" else "teams europe"
    ) in str(error.value)


def test_what_a_file_does_not_say_of_them_stays_and_is_no_difference() -> None:
    before = Configuration(
        people=(
            PersonEntry(email="a@example.com", name="A", hours=DEFAULT_WEEK, days_off=("2026-12-24",), country="PT"),
        ),
        teams=(TeamEntry(key="t", name="T", tz="UTC", country="PT"),),
    )
    after = Configuration(people=(PersonEntry(email="a@example.com", name="A"),), teams=(TeamEntry(key="t", name="T"),))
    assert difference(before, after) == []
    said = replace(after.people[0], hours=week_of({"mon": [["09:00", "10:00"]]}))
    assert difference(before, replace(after, people=(said,))) == [
        "~ person a@example.com: hours Mon to Fri 09:00-17:00 -> Mon 09:00-10:00, days_off 2026-12-24 -> nothing, "
        "country PT -> nothing"
    ]


def test_who_reads_field_notes_is_read_in_one_order_and_left_as_it_is_where_nothing_is_said() -> None:
    assert read('[notes]\nread_by = ["marketing", "sales", "sales"]').notes_read_by == (Side.SALES, Side.MARKETING)
    assert read("[notes]\nread_by = []").notes_read_by == ()
    assert read("").notes_read_by is None
    assert read("[notes]").notes_read_by is None


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ('[notes]\nread_by = ["press"]', "notes: read_by: press is not one of sales, marketing, leadership, other."),
        ('[notes]\nread_by = "sales"', "notes: read_by: must be a list in [ ]."),
        ("notes = 1", "notes: must be a table, [notes]."),
        ("[notes]\nwritten_by = []", "notes: written_by is unknown; there is read_by."),
        ("[notes]\nread_by = [[1]]", "notes: read_by: [1] is not one of sales, marketing, leadership, other."),
    ],
)
def test_a_mistake_about_who_reads_field_notes_is_named(text: str, mistake: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read(text)
    assert mistake in str(refused.value).splitlines()
