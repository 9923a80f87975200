"""What one person is told in answer to a click or a command."""

from __future__ import annotations

from bot.errors import AlreadyDecided, NotAllowed
from bot.views.home_switch import buttons
from bot.views.ids import ActionId
from bot.views.menu import render_help, render_menu, render_unknown_word
from bot.views.replies import give_back, message_view, refusal_view, render_refusal, render_reply
from tests.views.oracle import action_ids, assert_slack_takes, options_of, words
from tests.views.samples import NOW, make_home, make_list, make_row, needs_list

LATE = AlreadyDecided("Inês Carvalho accepted this lead 3 s ago.", status="accepted", by="Inês Carvalho", at=NOW)


def test_a_late_clicker_reads_who_was_first_and_when() -> None:
    at = f"That was <!date^{int(NOW.timestamp())}^"
    for shown in (render_refusal(LATE), refusal_view(LATE)):
        assert "Inês Carvalho accepted this lead 3 s ago." in words(shown)
        assert at in words(shown)
        assert_slack_takes(shown)


def test_a_refusal_is_its_sentence() -> None:
    refusal = render_refusal(NotAllowed("Only sales managers can reassign or withdraw a lead."))
    assert refusal.text == "Only sales managers can reassign or withdraw a lead."
    assert words(refusal) == f"{refusal.text}\n{refusal.text}"


def test_a_name_in_an_answer_pings_nobody() -> None:
    for shown in (render_reply("<!channel> took it."), message_view("<!channel> took it.")):
        assert "<!channel>" not in words(shown)
        assert "&lt;!channel&gt; took it." in words(shown)


def test_an_empty_answer_is_still_one_slack_takes() -> None:
    assert_slack_takes(render_reply(""))
    assert_slack_takes(message_view(""))


def test_the_menu_says_what_waits_and_where() -> None:
    home = make_home(needs_you=needs_list(make_row(1), make_row(2)), team=make_list(make_row(3)))
    menu = render_menu(home)
    shown = words(menu)
    assert menu.text == "2 leads wait for you."
    assert "You have 1 accepted." in shown
    assert "1 waiting in sales." in shown
    assert "*Home*" in shown
    assert action_ids(menu) == [element["action_id"] for element in buttons(home)]
    assert ActionId.LEAD_NEW in action_ids(menu)
    assert {"I am away…", "Help"} <= set(options_of(menu, ActionId.HOME_MENU))
    assert_slack_takes(menu)


def test_the_menu_brings_those_who_are_away_back() -> None:
    menu = render_menu(make_home(is_away=True, away_until=NOW))
    assert ActionId.HOME_BACK in action_ids(menu)
    assert "I am away…" not in options_of(menu, ActionId.HOME_MENU)
    assert "You are away until" in words(menu)


def test_the_menu_tells_a_stranger_whom_to_ask() -> None:
    assert "ask your Lockstep admin" in render_menu(make_home(on_roster=False)).text
    assert "Guests" in render_menu(make_home(on_roster=False, is_guest=True)).text
    asked = render_menu(make_home(on_roster=False, whom_to_ask="Please ask Sofia Lind to add you."))
    assert "Sofia Lind" in asked.text
    assert action_ids(asked) == []


def test_help_explains_the_two_buttons_and_managers_get_theirs() -> None:
    shown = words(render_help(make_home()))
    assert "*Accept*" in shown
    assert "*Reject*" in shown
    assert "*Reassign*" not in shown
    assert "*Reassign*" in words(render_help(make_home(team=make_list())))


def test_an_unknown_word_is_repeated_with_what_can_be_typed() -> None:
    shown = words(render_unknown_word("leeds"))
    assert "“leeds”" in shown
    assert "/lockstep help" in shown


def test_under_a_long_text_given_back_the_reason_stands_once_more() -> None:
    refusal = render_refusal(NotAllowed("Only sales can do this."))
    short = give_back(refusal, "Too dear, they say.")
    assert words(short).count("Only sales can do this.") == 2  # the text of the message, and its block
    assert words(short).endswith("Too dear, they say.")
    long = give_back(refusal, "Too dear, they say. " * 2000)
    assert words(long).count("Only sales can do this.") == 3
    assert words(long).endswith("Only sales can do this.")
    assert_slack_takes(long)
