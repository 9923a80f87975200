"""No text of a lead can ping, link, format or imitate anything of ours (P7)."""

import html
import re
import unicodedata
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views import blocks, links
from bot.views.untrusted import Mrkdwn, clean, clip, escape, join, mrkdwn, quote, trusted

NASTY = [
    "<!channel>", "<!here|here>", "<!everyone>", "<@U0LEAD>", "<#C0LEAD|general>", "<!subteam^S0LEAD>",
    "<https://evil.example|https://bank.example>", "https://evil.example/x", "http://evil.example", "www.evil.example",
    "evil.example", "evil\u3002example", "boss@evil.example", "@channel", "@here", "#general", "slack://open",
    "mailto:a@evil.example", "<!date^1^{date}|x>", "*bold*", "_it_", "~gone~", "`code`", "```", ":white_check_mark:",
    ":wave::skin-tone-2:", "> quote", ">>> all", "• Accepted by Ines", "\n:tada: *Accepted by you*\n",
    "&lt;!channel&gt;",
    "&amp;", "&", "<", ">", "|", "\u202egnp.exe", "\u200b", "\u2060", "\u200d", "\ufeff", "\u2066x\u2069", "\xad",
    "\U000e0041\U000e0042", "\ue000", "\ud800", "\x00", "\x1b[31m", "\u2028", "\u3164", "\u034f", "a" + "\u0301" * 40,
    "👩‍👩‍👧‍👦", "🇩🇪", "é", "x" * 10_000, "&" * 500, "Zoë & Söhne", "100.5", "10:30:15", " ",
]  # fmt: skip

nasty_texts = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=20)), max_size=8).map("".join)
limits = st.integers(min_value=1, max_value=400)

JOINER = "\u2060"
# What clients turn into a link, a mention or an emoji on their own. Whoever reads "evil.<joiner>example" reads a host;
# no program does.
SELF_LINKING = re.compile(r"://|\w\.[^\W\d_]|[@#]\w|:[\w+'\-]+:")


@given(nasty_texts, limits, st.booleans())
def test_escaped_text_holds_no_control_sequence_of_slack(text: str, limit: int, multiline: bool) -> None:
    escaped = escape(text, limit, multiline=multiline)
    assert "<" not in escaped
    assert ">" not in escaped
    assert re.sub(r"&(amp|lt|gt);", "", escaped).count("&") == 0, "an entity was split"


@given(nasty_texts, limits, st.booleans())
def test_escaped_text_is_never_over_the_limit(text: str, limit: int, multiline: bool) -> None:
    assert 1 <= len(escape(text, limit, multiline=multiline)) <= limit


@given(nasty_texts, limits, st.booleans())
def test_escaped_text_neither_formats_nor_links(text: str, limit: int, multiline: bool) -> None:
    escaped = escape(text, limit, multiline=multiline)
    assert not set("*_~`") & set(escaped)
    assert not SELF_LINKING.search(html.unescape(escaped))
    for line in escaped.split("\n"):
        assert not html.unescape(line).startswith((">", "•"))


@given(nasty_texts, limits, st.booleans())
def test_cleaned_text_holds_nothing_invisible(text: str, limit: int, multiline: bool) -> None:
    cleaned = clean(text, limit, multiline=multiline)
    assert len(cleaned) <= limit
    for one in cleaned:
        assert one == "\n" or unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    assert "\n" not in cleaned or multiline
    assert "  " not in cleaned
    assert cleaned == cleaned.strip()
    cleaned.encode()  # can be sent: no lone surrogates


@given(nasty_texts, limits, st.booleans())
def test_cleaning_twice_changes_nothing_more(text: str, limit: int, multiline: bool) -> None:
    once = clean(text, limit, multiline=multiline)
    assert clean(once, limit, multiline=multiline) == once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize(
    "text", ["Zoë Müller", "Łukasz O'Neil-Smith", "日本語のテキスト", "Nguyễn Thị Ánh", "x = 3.5 %", "¿Qué?"]
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert clean(text, 200) == text
    assert escape(text, 200) == text


def test_ampersands_and_angles_read_as_written() -> None:
    assert escape("Smith & Sons <UK>", 200) == "Smith &amp; Sons &lt;UK&gt;"


def test_an_entity_at_the_cut_is_dropped_whole() -> None:
    assert escape("abc&def", 5) == "abc…"
    assert escape("abc&", 8) == "abc&amp;"


def test_a_letter_keeps_its_accents_at_the_cut() -> None:
    letter = "x\u0301\u0302"  # no precomposed form
    assert clean(letter * 3, 5) == letter + "…"
    assert clean("🇩🇪🇫🇷", 3) == "🇩🇪…"


def test_line_ends_stay_only_where_asked_for() -> None:
    text = "one\r\ntwo\u2028three\n\n\n\nfour"
    assert clean(text, 200) == "one two three four"
    assert clean(text, 200, multiline=True) == "one\ntwo\nthree\n\nfour"


def test_an_empty_text_becomes_a_dash_in_mrkdwn() -> None:
    assert escape("\u200b \n", 10) == "–"
    assert mrkdwn("*{name}*", name="") == "*–*"


@given(nasty_texts)
def test_every_value_of_a_template_is_escaped(name: str) -> None:
    text = mrkdwn("*{name}* at {company}", name=name, company="Acme")
    assert isinstance(text, Mrkdwn)
    assert re.fullmatch(r"\*[^*<>_~`]+\* at Acme", text)


def test_mrkdwn_of_ours_is_not_escaped_again() -> None:
    assert mrkdwn("{who}: {n}", who=links.mention("U0INES"), n=3) == "<@U0INES>: 3"


def test_quoted_words_are_a_quote_on_every_line() -> None:
    assert quote("fine\n*Accepted by you*", 200) == "&gt; fine\n&gt; ∗Accepted by you∗"


@given(nasty_texts, nasty_texts, st.integers(min_value=2, max_value=80))
def test_clipped_mrkdwn_has_no_broken_entity_or_link(first: str, second: str, limit: int) -> None:
    long = join([mrkdwn("*{a}*", a=first), links.link("https://crm.example/1", second, ["crm.example"])])
    clipped = clip(long, limit)
    assert len(clipped) <= limit
    assert clipped.count("<") == clipped.count(">")
    assert "&" not in re.sub(r"&(amp|lt|gt);", "", clipped)


def test_mrkdwn_of_slack_is_told_not_to_look_for_links() -> None:
    assert blocks.section(trusted("*Hello*"))["text"] == {"type": "mrkdwn", "text": "*Hello*", "verbatim": True}


def test_only_ids_of_people_become_mentions() -> None:
    for wrong in ("!channel", "U0|x", "C0GENERAL", "u0ines", "", "U0INES>"):
        with pytest.raises(ValueError, match="not the Slack id"):
            links.mention(wrong)


ALLOWED = ["crm.example", "App.Example"]


@pytest.mark.parametrize(
    "url", ["https://crm.example/lead/1?a=1&b=2", "https://app.example:443/", "https://CRM.example/x"]
)
def test_urls_on_configured_hosts_become_links(url: str) -> None:
    assert links.link(url, "Open", ALLOWED) == f"<{url.replace('&', '&amp;')}|Open>"


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example/", "https://crm.example.evil/", "https://evil/crm.example", "https://crm.example@evil/",
        "https://user:pw@crm.example/", "https://crm.example:8443/", "https://crm.example\\@evil/",
        "javascript:alert(1)",
        "https://crm.example/a|b", "https://crm.example/>", "https://crm.example/ x", "https://crm.example\n", "",
        "https://crm.example/\u202e", "//crm.example/", "https:crm.example", "https://[::1", "https://crm.example:x/",
        " https://crm.example/", "https://crm.example./",
    ],
)  # fmt: skip
def test_every_other_url_is_shown_as_its_label_only(url: str) -> None:
    assert not links.is_linkable(url, ALLOWED)
    assert links.link(url, "Open", ALLOWED) == "Open"


@given(nasty_texts)
def test_a_label_cannot_end_its_link(label: str) -> None:
    made = links.link("https://crm.example/1", label, ALLOWED)
    assert re.fullmatch(r"<https://crm\.example/1\|[^<>|]+>", made)


def test_numbers_and_addresses_are_tappable_only_when_they_are_ones() -> None:
    assert links.tel("+4930123456", "030 123456") == "<tel:+4930123456|030 123456>"
    assert links.mailto("ines.duarte+x@mail.example.com") == (
        "<mailto:ines.duarte+x@mail.example.com|ines.duarte+x@mail.example.com>"
    )


@given(nasty_texts)
def test_a_false_number_or_address_is_plain_escaped_text(text: str) -> None:
    for made in (links.tel(f"+49{text}x"), links.mailto(f"{text}?bcc=a@evil.example")):
        assert "<" not in made


@given(nasty_texts)
def test_an_address_leads_to_itself_or_nowhere(text: str) -> None:
    made = links.mailto(text)
    assert "<" not in made or re.fullmatch(r"<mailto:([\w.+-]+@[\w.-]+)\|\1>", made)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://shop.example/pay", "`shop.example`"),
        ("https://bank.example@evil.example/", "`evil.example`"),
        ("https://evil.example\\@bank.example/", "`evil.example`"),
        ("https://bücher.example", "`xn--bcher-kva.example`"),
        ("https://аpple.example", "`xn--pple-43d.example`"),
        ("EVIL.example/x", "`evil.example`"),
        ("https://" + "a" * 60 + "." + "b" * 60 + ".evil.example", "`…" + ("b" * 60 + ".evil.example")[-60:] + "`"),
        ("not an address", "address that cannot be shown"),
        ("https://[::1", "address that cannot be shown"),
        ("https://`x`.example", "address that cannot be shown"),
    ],
)
def test_a_host_is_shown_as_what_a_browser_would_open(url: str, shown: str) -> None:
    assert links.host_label(url) == shown


@given(nasty_texts)
def test_no_host_label_is_clickable(text: str) -> None:
    for url in (text, f"https://{text}", f"https://x/{text}"):
        made = links.host_label(url)
        assert re.fullmatch(r"`[a-z0-9._…\-]+`|address that cannot be shown", made)


def test_an_instant_is_shown_in_the_readers_zone_and_has_a_fallback() -> None:
    instant = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    assert links.when(instant, ZoneInfo("Europe/Lisbon")) == (
        f"<!date^{int(instant.timestamp())}^{{date_short_pretty}} at {{time}}|Mon 23 Nov 09:30 WET>"
    )
    with pytest.raises(ValueError, match="time zone"):
        links.when(instant.replace(tzinfo=None))
