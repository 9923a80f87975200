"""The sandbox's page in a real browser, with a real Bolt app behind it."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import showcase_blocks
from tests.browser.conftest import OpenPage, Sandbox
from tests.browser.showcase_bot import ShowcaseBot

pytestmark = pytest.mark.browser

BLOCKS = (
    "header", "section", "divider", "context", "rich_text", "actions", "markdown", "data_visualization", "table",
    "data_table", "card", "carousel", "container", "image", "video",
)  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """Anna's conversation with the app, with one message of every kind in it."""

    anna: str
    jonas: str
    dm: str
    general: str
    messages: tuple[str, ...]


@pytest.fixture(scope="session")
def stage(sandbox: Sandbox, bot: ShowcaseBot) -> Stage:
    anna, jonas = sandbox.person("Anna Keller"), sandbox.person("Jonas Brandt")
    general = sandbox.place(anna, "general")
    sandbox.post("places", {"place": general, "add": sandbox.get("app")["app"]["bot_user_id"]})
    dm = bot.open_dm(anna)
    return Stage(anna, jonas, dm, general, tuple(bot.post_everything(dm, anna, general)))


def message(page: Page, ts: str) -> Locator:
    return page.locator(f'#main .message[data-ts="{ts}"]')


def run_command(page: Page, text: str) -> None:
    page.locator("#main .composer-text").fill(text)
    page.locator("#main .composer-text").press("Enter")


def test_every_block_and_element_is_drawn(open_page: OpenPage, stage: Stage) -> None:
    page = open_page(stage.anna, stage.dm)
    for kind in BLOCKS:
        expect(page.locator(f'#main [data-block="{kind}"]').first).to_be_attached()
    expect(page.locator("#main .unknown")).to_have_count(0)
    card = message(page, stage.messages[0])
    expect(card.locator(".mention").first).to_have_text("@Anna Keller")
    expect(card.get_by_role("link", name="the CRM")).to_have_attribute("href", "https://example.com/crm/42")
    expect(card.locator("strong").first).to_have_text("VP Operations")
    expect(card.locator(".app-badge")).to_have_text("APP")
    charts = page.locator("#main svg.chart-svg")
    expect(charts).to_have_count(4)
    expect(charts.first).to_contain_text("Pie chart: Why leads were rejected. No budget 14")


def test_hostile_text_is_shown_as_text(open_page: OpenPage, stage: Stage) -> None:
    page = open_page(stage.anna, stage.dm)
    card = message(page, stage.messages[0])
    expect(card.get_by_text(showcase_blocks.HOSTILE)).to_have_count(2)
    assert page.locator('#main a[href^="javascript:"]').count() == 0
    assert page.locator("#main script").count() == 0
    assert card.locator('img[src="x"]').count() == 0


def test_a_click_reaches_the_bot_and_the_message_changes_live(
    open_page: OpenPage, sandbox: Sandbox, bot: ShowcaseBot, stage: Stage
) -> None:
    ts = str(
        bot.client.chat_postMessage(
            channel=stage.general, text="A lead", blocks=showcase_blocks.text_message(stage.anna, stage.general)
        )["ts"]
    )
    anna, jonas = open_page(stage.anna, stage.general), open_page(stage.jonas, stage.general)
    message(anna, ts).get_by_role("button", name="Accept").click()
    for page in (anna, jonas):
        expect(message(page, ts)).to_contain_text("Accepted by @Anna Keller")
        expect(message(page, ts).get_by_role("button", name="Accept")).to_have_count(0)


def test_a_confirmation_is_asked_before_the_click_goes_out(open_page: OpenPage, bot: ShowcaseBot, stage: Stage) -> None:
    page = open_page(stage.anna, stage.dm)
    before = bot.clicks["reject"]
    card = message(page, stage.messages[0])
    card.get_by_role("button", name="Reject").click()
    question = page.get_by_role("dialog", name="Reject this lead?")
    question.get_by_role("button", name="Keep").click()
    expect(question).to_have_count(0)
    assert bot.clicks["reject"] == before
    card.get_by_role("button", name="Reject").click()
    with page.expect_response(re.compile("/_sandbox/act")):
        question.get_by_role("button", name="Reject").click()
    assert bot.clicks["reject"] == before + 1


def test_the_second_click_of_a_double_click_on_a_confirmation_presses_nothing_under_it(
    open_page: OpenPage, bot: ShowcaseBot, stage: Stage
) -> None:
    page = open_page(stage.anna, stage.dm)
    page.evaluate(
        """() => {
            const under = document.body.appendChild(document.createElement("button"));
            under.style.cssText = "position: fixed; inset: 0; z-index: 99; opacity: 0; pointer-events: none";
            under.addEventListener("click", () => { under.dataset.pressed = "yes"; });
            under.id = "under";
        }"""
    )
    message(page, stage.messages[0]).get_by_role("button", name="Reject").click()
    page.evaluate("() => { document.getElementById('under').style.pointerEvents = 'auto'; }")
    before = bot.clicks["reject"]
    question = page.get_by_role("dialog", name="Reject this lead?")
    with page.expect_response(re.compile("/_sandbox/act")):
        question.get_by_role("button", name="Reject").dblclick()
    assert bot.clicks["reject"] == before + 1
    under = page.locator("#under")
    expect(under).not_to_have_attribute("data-pressed", "yes")
    page.wait_for_timeout(600)
    under.click()
    expect(under).to_have_attribute("data-pressed", "yes")


def test_a_missed_ack_is_shown_as_a_warning(open_page: OpenPage, stage: Stage) -> None:
    page = open_page(stage.anna, stage.dm)
    button = message(page, stage.messages[0]).get_by_role("button", name="Never answers")
    button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    expect(message(page, stage.messages[0]).locator(".control-warning")).to_contain_text("did not answer in time")
    warning = page.locator(".screen-error")
    expect(warning).to_contain_text("did not respond in time")
    warning.get_by_role("button", name="Dismiss").click()
    expect(warning).to_have_count(0)


def test_selects_offer_options_and_tell_the_bot(open_page: OpenPage, stage: Stage) -> None:
    page = open_page(stage.anna, stage.dm)
    controls = message(page, stage.messages[2])
    controls.locator('[data-action-id="colour"]').click()
    page.get_by_role("option", name="Green").click()
    expect(controls.locator('[data-action-id="colour"]')).to_have_text("Green")
    private = page.locator("#main .ephemeral")
    expect(private).to_contain_text("You chose green")
    expect(private).to_contain_text("Only visible to you")
    controls.locator('[data-action-id="region"]').click()
    page.get_by_role("combobox").fill("ib")
    page.get_by_role("option", name="Iberia").click()
    expect(controls.locator('[data-action-id="region"]')).to_have_text("Iberia")


def test_a_form_shows_errors_keeps_what_was_typed_and_submits(
    open_page: OpenPage, bot: ShowcaseBot, stage: Stage
) -> None:
    page = open_page(stage.anna, stage.dm)
    run_command(page, "/showcase form")
    form = page.get_by_role("dialog", name="Log a field note")
    save = form.get_by_role("button", name="Save")
    save.click()
    expect(form.locator('[data-input-block="title"] .input-error')).to_have_text("Please complete this required field.")
    form.get_by_role("textbox", name="Title").fill("bad")
    form.get_by_role("textbox", name="What you heard").fill("They compare us with a spreadsheet")
    # The app answers the choice with a new view: one more input, everything typed stays.
    form.get_by_role("radio", name="Other").check()
    more = form.get_by_role("textbox", name="Say more")
    more.fill("A budget freeze")
    expect(form.get_by_role("textbox", name="What you heard")).to_have_value("They compare us with a spreadsheet")
    expect(form.locator('[data-input-block="title"] .input-error')).to_be_empty()
    save.click()
    expect(form.locator('[data-input-block="title"] .input-error')).to_have_text(
        "That title is taken. Choose another one."
    )
    # What was wrong and is wrong again is said again.
    form.get_by_role("textbox", name="Title").fill("worse")
    expect(form.locator('[data-input-block="title"] .input-error')).to_be_empty()
    form.get_by_role("textbox", name="Title").fill("bad")
    save.click()
    expect(form.locator('[data-input-block="title"] .input-error')).to_have_text(
        "That title is taken. Choose another one."
    )
    form.get_by_role("textbox", name="Title").fill("Compared with a spreadsheet")
    save.click()
    expect(form).to_have_count(0)
    values = bot.submitted[-1]
    assert values["title"]["title"]["value"] == "Compared with a spreadsheet"
    assert values["heard"]["heard"]["value"] == "They compare us with a spreadsheet"
    assert values["reason"]["reason"]["selected_option"]["value"] == "other"
    assert values["other_text"]["other_text"]["value"] == "A budget freeze"


def test_escape_closes_the_form_and_the_focus_returns(open_page: OpenPage, stage: Stage) -> None:
    page = open_page(stage.anna, stage.dm)
    page.locator("#main .composer-plus").click()
    page.get_by_role("menuitem", name="Open the big form").click()
    form = page.get_by_role("dialog", name="Log a field note")
    expect(form.get_by_role("textbox", name="Title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)


def test_another_person_sees_only_their_own_places_and_messages(
    open_page: OpenPage, sandbox: Sandbox, stage: Stage
) -> None:
    sandbox.post(
        "act",
        {"user": stage.jonas, "place": stage.general, "action": "command", "command": "/showcase", "text": "hello"},
    )
    page = open_page(stage.anna, stage.general)
    expect(page.locator("#main")).not_to_contain_text("Hello, only you see this")
    page.locator("#person-switch").click()
    page.get_by_role("menuitemradio", name="Jonas Brandt").click()
    expect(page.locator("#person-switch")).to_contain_text("You are: Jonas Brandt")
    expect(page.locator("#main .ephemeral")).to_contain_text("Hello, only you see this")
    expect(page).to_have_url(re.compile(f"#/{stage.jonas}/{stage.general}$"))


def test_messages_threads_and_shortcuts_work_from_the_page(open_page: OpenPage, stage: Stage) -> None:
    page = open_page(stage.jonas, stage.general)
    run_command(page, "Good morning from the page & <everyone>")
    mine = page.locator("#main .message", has_text="Good morning from the page & <everyone>").last
    expect(mine).to_be_visible()
    mine.hover()
    mine.get_by_role("button", name="Reply in thread").click()
    thread = page.get_by_role("complementary", name="Thread")
    thread.get_by_role("textbox").fill("A reply")
    thread.get_by_role("textbox").press("Enter")
    expect(thread.locator(".message", has_text="A reply")).to_be_visible()
    expect(mine.locator(".replies")).to_contain_text("1 reply")
    mine.hover()
    mine.get_by_role("button", name="More message actions").click()
    page.get_by_role("menuitem", name="Remember this").click()
    expect(page.locator("#main .ephemeral", has_text="Remembered: Good morning")).to_be_visible()


def test_home_is_shown_and_changes_live(open_page: OpenPage, stage: Stage) -> None:
    page = open_page(stage.anna, "home")
    home = page.get_by_role("tabpanel", name="Home")
    expect(home.get_by_role("heading", name="Needs you")).to_be_visible()
    home.get_by_role("button", name="Open").click()
    expect(home).to_contain_text("clicked 1 times")


def test_the_clock_buttons_move_the_clock(open_page: OpenPage, sandbox: Sandbox, stage: Stage) -> None:
    page = open_page(stage.anna, stage.dm)
    before = sandbox.get("clock")["now"]
    with page.expect_response(
        lambda answer: answer.url.endswith("/_sandbox/clock") and answer.request.method == "POST"
    ):
        page.get_by_role("button", name="+15 min").click()
    assert sandbox.get("clock")["now"] > before
    page.get_by_role("button", name="Next working day 9:00").click()
    expect(page.locator("#clock-face")).to_contain_text("09:00:")
    expect(page.locator("#clock-face")).not_to_contain_text(re.compile("Sat|Sun"))


def test_the_inspector_lists_calls_and_deliveries(open_page: OpenPage, stage: Stage) -> None:
    page = open_page(stage.anna, stage.dm)
    page.get_by_role("button", name="Inspector").click()
    log = page.get_by_role("log")
    expect(log.locator(".log-row", has_text="chat.postMessage").first).to_be_visible()
    page.get_by_role("searchbox", name="Filter", exact=True).fill("auth.test")
    expect(log.locator(".log-row", has_text="chat.postMessage")).to_have_count(0)
    log.locator(".log-row", has_text="auth.test").first.click()
    expect(log.locator(".log-detail").first).to_contain_text("bot_id")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling(open_page: OpenPage, stage: Stage, *, dark: bool) -> None:
    page = open_page(stage.anna, stage.dm, width=390, height=844, dark=dark)
    assert page.evaluate("document.documentElement.dataset.theme") == ("dark" if dark else "light")
    expect(message(page, stage.messages[0])).to_be_attached()
    wide = (
        "() => [document.documentElement, document.querySelector('.messages')].map(n => n.scrollWidth - n.clientWidth)"
    )
    assert page.evaluate(wide) == [0, 0]
    page.get_by_role("button", name="Back to the list").click()
    expect(page.get_by_role("link", name=re.compile("general"))).to_be_visible()
    page.get_by_role("link", name=re.compile("general")).click()
    expect(page.get_by_role("heading", name="general", level=1)).to_be_visible()
    run_command(page, "/showcase form")
    form = page.get_by_role("dialog", name="Log a field note")
    expect(form).to_be_visible()
    box = form.bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == (390, 844)
    form.get_by_role("button", name="Close").click()
    expect(form).to_have_count(0)


def test_the_note_covers_nothing_of_a_narrow_page(open_page: OpenPage, stage: Stage) -> None:
    for width in (390, 780, 1100):
        page = open_page(stage.anna, stage.dm, width=width)
        page.get_by_role("button", name="Start here").click()
        note, place = page.locator("#drawer").bounding_box(), page.locator("#main").bounding_box()
        assert note is not None
        assert place is not None
        assert place["y"] + place["height"] <= note["y"] + 1
        assert place["height"] > 200


def test_a_limit_is_told_when_the_text_comes_near_it(open_page: OpenPage, stage: Stage) -> None:
    page = open_page(stage.anna, stage.dm)
    run_command(page, "/showcase form")
    form = page.get_by_role("dialog", name="Log a field note")
    title = form.get_by_role("textbox", name="Title")
    limit = form.locator('[data-input-block="title"] [data-limit]')
    expect(limit).to_be_hidden()
    title.fill("x" * 71)
    expect(limit).to_be_hidden()
    title.fill("x" * 75)
    expect(limit).to_have_text("At most 80 characters: 5 left")
    form.get_by_role("button", name="Close").click()
    expect(form).to_have_count(0)


def test_a_text_that_is_too_long_stays_whole_and_is_not_sent(open_page: OpenPage, stage: Stage) -> None:
    page = open_page(stage.anna, stage.dm)
    run_command(page, "/showcase form")
    form = page.get_by_role("dialog", name="Log a field note")
    title = form.get_by_role("textbox", name="Title")
    title.fill("x" * 480)
    expect(title).to_have_value("x" * 480)
    expect(form.locator('[data-input-block="title"] [data-limit]')).to_have_text("At most 80 characters: 400 too many")
    form.get_by_role("button", name="Save").click()
    expect(form.locator('[data-input-block="title"] .input-error')).to_have_text("Please enter at most 80 characters.")
    expect(title).to_have_value("x" * 480)
    form.get_by_role("button", name="Close").click()
    expect(form).to_have_count(0)


def test_what_is_counted_has_whole_ticks(open_page: OpenPage, stage: Stage) -> None:
    page = open_page(stage.anna, stage.dm)
    ticks = "async (most) => (await import('/page/js/charts.js')).ticks(0, most, { whole: true })"
    for most, found in (
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (12, [0, 5, 10, 15]),
        (100, [0, 20, 40, 60, 80, 100]),
    ):
        assert page.evaluate(ticks, most) == found


def test_the_words_of_a_chart_keep_their_size_whatever_the_width_of_the_page(open_page: OpenPage, stage: Stage) -> None:
    page = open_page(stage.anna, stage.dm)
    whole = """() => {
        const charts = [...document.querySelectorAll("#main svg.chart-svg:not(.chart-pie)")];
        const isWhole = (svg) => Math.abs(svg.clientWidth / svg.viewBox.baseVal.width - 1) < 0.03
            && svg.parentNode.scrollWidth === svg.parentNode.clientWidth;
        return charts.length === 3 && charts.every(isWhole);
    }"""
    for width in (1280, 390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(whole)


def test_invite_typed_in_a_channel_brings_the_app_in(open_page: OpenPage, sandbox: Sandbox, stage: Stage) -> None:
    app = sandbox.get("app")["app"]
    sandbox.post("places", {"place": stage.general, "remove": app["bot_user_id"]})
    page = open_page(stage.anna, stage.general)
    run_command(page, f"/invite @{app['name']}")
    expect(page.locator("#main .message-system").last).to_contain_text("was added to #general by @Anna Keller")
    general = next(one for one in sandbox.get("places", user=stage.anna) if one["id"] == stage.general)
    assert app["bot_user_id"] in general["member_ids"]


def test_a_message_is_reached_and_used_with_the_keyboard_alone(open_page: OpenPage, stage: Stage) -> None:
    page = open_page(stage.jonas, stage.general)
    for words in ("First of two", "Second of two"):
        run_command(page, words)
        expect(page.locator("#main .message", has_text=words)).to_be_visible()
    page.locator("#main .message[tabindex='0']").focus()
    page.keyboard.press("ArrowUp")
    first = page.locator("#main .message", has_text="First of two")
    expect(first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(first.get_by_role("button", name="More message actions")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    expect(page.get_by_role("menuitem", name="Remember this")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main .ephemeral", has_text="Remembered: First of two")).to_be_visible()


def test_a_message_shortcut_and_a_thread_work_on_a_phone(open_page: OpenPage, stage: Stage) -> None:
    page = open_page(stage.jonas, stage.general, width=390, height=844)
    run_command(page, "From a phone")
    mine = page.locator("#main .message", has_text="From a phone")
    mine.locator(".message-body").click()
    mine.get_by_role("button", name="Reply in thread").click()
    thread = page.get_by_role("complementary", name="Thread")
    thread.get_by_role("textbox").fill("And an answer")
    thread.get_by_role("button", name="Send").click()
    expect(thread.locator(".message", has_text="And an answer")).to_be_visible()
    thread.get_by_role("button", name="Close thread").click()
    expect(mine.locator(".replies")).to_contain_text("1 reply")
    mine.locator(".message-body").click()
    mine.get_by_role("button", name="More message actions").click()
    page.get_by_role("menuitem", name="Remember this").click()
    expect(page.locator("#main .ephemeral", has_text="Remembered: From a phone")).to_be_visible()


def test_two_people_write_to_each_other_and_one_uses_the_app_on_it(open_page: OpenPage, stage: Stage) -> None:
    jonas = open_page(stage.jonas, stage.general)
    jonas.get_by_role("button", name="New direct message").click()
    jonas.get_by_role("menuitem", name="Anna Keller").click()
    expect(jonas.get_by_role("heading", name="Anna Keller", level=1)).to_be_visible()
    run_command(jonas, "Their budget is frozen until spring")
    anna = open_page(stage.anna, stage.general)
    anna.get_by_role("link", name=re.compile("Jonas Brandt")).click()
    words = anna.locator("#main .message", has_text="Their budget is frozen")
    words.hover()
    words.get_by_role("button", name="More message actions").click()
    anna.get_by_role("menuitem", name="Remember this").click()
    expect(anna.locator("#main .ephemeral", has_text="Remembered: Their budget")).to_be_visible()
    expect(jonas.locator("#main .ephemeral")).to_have_count(0)


def test_a_private_channel_is_made_from_the_page(open_page: OpenPage, stage: Stage) -> None:
    page = open_page(stage.anna, stage.general)
    page.get_by_role("button", name="New channel").click()
    form = page.get_by_role("dialog", name="New channel")
    form.get_by_role("textbox", name="Name").fill("general")
    form.get_by_role("button", name="Create").click()
    expect(form.get_by_role("alert")).to_contain_text("is there already")
    form.get_by_role("textbox", name="Name").fill("deal-desk")
    form.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="deal-desk", level=1)).to_be_visible()
    expect(page.locator(".side-item.active .icon-lock")).to_be_visible()


def test_a_link_to_a_message_opens_it(open_page: OpenPage, sandbox: Sandbox, bot: ShowcaseBot, stage: Stage) -> None:
    def post(words: str, **more: str) -> str:
        return str(bot.client.chat_postMessage(channel=stage.general, text=words, **more)["ts"])

    first = post("What the link is about")
    reply = post("A reply far up", thread_ts=first)
    for ts in (first, reply):
        link = str(bot.client.chat_getPermalink(channel=stage.general, message_ts=ts)["permalink"])
        bot.client.chat_postMessage(channel=stage.dm, text=f"See <{link}|this message {ts}>")
        page = open_page(stage.anna, stage.dm)
        page.get_by_role("link", name=f"this message {ts}").click()
        where = page.locator("#thread" if ts == reply else "#main")
        expect(where.locator(f'.message[data-ts="{ts}"]')).to_be_in_viewport()
        expect(where.locator(f'.message[data-ts="{ts}"]')).to_have_class(re.compile("spot"))
        opened = open_page(stage.anna, stage.general)
        opened.goto(f"{sandbox.url}/archives/{stage.general}/p{ts.replace('.', '')}")
        expect(opened.locator(f'#main .message[data-ts="{first}"]')).to_be_in_viewport()
        expect(opened.locator("#thread")).to_be_visible(visible=ts == reply)
    gus = sandbox.person("Leo Marchetti")
    page = open_page(gus)
    page.goto(f"{sandbox.url}/archives/{stage.general}/p{first.replace('.', '')}")
    expect(page.locator("#notices")).to_contain_text("cannot see it")
