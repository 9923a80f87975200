"""What Slack takes passes; one more than Slack takes is refused, and the pointer says where."""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.blockkit import Problem, Surface, validate_blocks, validate_message, validate_view
from tests.sandbox.blockkit_samples import (
    BLOCKS,
    CELL,
    CHART,
    ELEMENTS,
    IMAGE,
    SURFACES,
    block,
    element,
    modal,
    mrkdwn,
    option,
    plain,
)

Json = dict[str, Any]


def in_actions(kind: str, **changes: Any) -> Json:
    return block("actions", elements=[element(kind, **changes)])


def in_input(kind: str, **changes: Any) -> Json:
    return block("input", element=element(kind, **changes))


def points(count: int) -> list[Json]:
    return [{"label": str(one), "value": one} for one in range(count)]


def axis_chart(series: int = 1, count: int = 1, **changes: Any) -> Json:
    names = [{"name": f"s{one}", "data": points(count)} for one in range(series)]
    axis = {"categories": [str(one) for one in range(count)]}
    return block("data_visualization", chart={**CHART, "series": names, "axis_config": axis, **changes})


def pie(count: int) -> Json:
    segments = [{"label": str(one), "value": 1} for one in range(count)]
    return block("data_visualization", chart={"type": "pie", "segments": segments})


def accessory(**fields: Any) -> Json:
    return block("section", accessory=element("button", **fields))


# (the block with its text or list at the limit, the same at one more, the pointer of the complaint)
LENGTHS = [
    (lambda t: block("section", text=mrkdwn(t)), 3000, "/0/text/text"),
    (lambda t: block("section", fields=[mrkdwn(t)]), 2000, "/0/fields/0/text"),
    (lambda t: block("section", block_id=t), 255, "/0/block_id"),
    (lambda t: block("context", elements=[mrkdwn(t)]), 3000, "/0/elements/0/text"),
    (lambda t: block("header", text=plain(t)), 150, "/0/text/text"),
    (lambda t: block("image", alt_text=t), 2000, "/0/alt_text"),
    (lambda t: block("image", title=plain(t)), 2000, "/0/title/text"),
    (lambda t: block("input", label=plain(t)), 2000, "/0/label/text"),
    (lambda t: block("input", hint=plain(t)), 2000, "/0/hint/text"),
    (lambda t: block("video", title=plain(t)), 199, "/0/title/text"),
    (lambda t: block("video", author_name=t), 49, "/0/author_name"),
    (lambda t: block("markdown", text=t), 12_000, "/0/text"),
    (lambda t: block("card", title=mrkdwn(t)), 150, "/0/title/text"),
    (lambda t: block("card", subtitle=mrkdwn(t)), 150, "/0/subtitle/text"),
    (lambda t: block("card", body=mrkdwn(t)), 200, "/0/body/text"),
    (lambda t: block("container", title=plain(t)), 150, "/0/title/text"),
    (lambda t: block("container", subtitle=plain(t)), 150, "/0/subtitle/text"),
    (lambda t: block("data_visualization", title=t), 50, "/0/title"),
    (lambda t: axis_chart(series=1, count=1, axis_config={"categories": ["0"], "x_label": t}), 50,
     "/0/chart/axis_config/x_label"),
    (lambda t: block("data_visualization", chart={"type": "pie", "segments": [{"label": t, "value": 1}]}), 20,
     "/0/chart/segments/0/label"),
    (lambda t: accessory(text=plain(t)), 75, "/0/accessory/text/text"),
    (lambda t: accessory(value=t), 2000, "/0/accessory/value"),
    (lambda t: accessory(action_id=t), 255, "/0/accessory/action_id"),
    (lambda t: accessory(accessibility_label=t), 75, "/0/accessory/accessibility_label"),
    (lambda t: accessory(agent_prompt=t), 4000, "/0/accessory/agent_prompt"),
    (lambda t: accessory(url="https:" + t[6:]), 3000, "/0/accessory/url"),
    (lambda t: in_actions("radio_buttons", options=[option(t)]), 75, "/0/elements/0/options/0/text/text"),
    (lambda t: in_actions("overflow", options=[option(value=t)]), 150, "/0/elements/0/options/0/value"),
    (lambda t: in_actions("overflow", options=[{**option(), "description": plain(t)}]), 75,
     "/0/elements/0/options/0/description/text"),
    (lambda t: in_actions("static_select", placeholder=plain(t)), 150, "/0/elements/0/placeholder/text"),
    (lambda t: in_actions("static_select", options=None, option_groups=[{"label": plain(t), "options": [option()]}]),
     75, "/0/elements/0/option_groups/0/label/text"),
    (lambda t: accessory(confirm={"title": plain(t), "text": mrkdwn(), "confirm": plain(), "deny": plain()}), 100,
     "/0/accessory/confirm/title/text"),
    (lambda t: accessory(confirm={"title": plain(), "text": mrkdwn(t), "confirm": plain(), "deny": plain()}), 300,
     "/0/accessory/confirm/text/text"),
    (lambda t: accessory(confirm={"title": plain(), "text": mrkdwn(), "confirm": plain(t), "deny": plain()}), 30,
     "/0/accessory/confirm/confirm/text"),
    (lambda t: accessory(confirm={"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain(t)}), 30,
     "/0/accessory/confirm/deny/text"),
    (lambda t: in_input("plain_text_input", initial_value=t), 3000, "/0/element/initial_value"),
]  # fmt: skip


@pytest.mark.parametrize(("made", "limit", "pointer"), LENGTHS)
def test_the_longest_text_passes_and_one_character_more_does_not(made: Any, limit: int, pointer: str) -> None:
    assert validate_blocks([made("x" * limit)]) == []
    problems = validate_blocks([made("x" * (limit + 1))])
    assert [(one.pointer, one.message) for one in problems] == [(pointer, f"must be less than {limit + 1} characters")]


COUNTS = [
    (lambda n: block("section", fields=[mrkdwn()] * n), 1, 10, "/0/fields"),
    (lambda n: block("actions", elements=[element("button")] * n), 1, 25, "/0/elements"),
    (lambda n: block("context", elements=[mrkdwn()] * n), 1, 10, "/0/elements"),
    (lambda n: block("context_actions", elements=[element("icon_button")] * n), 1, 5, "/0/elements"),
    (lambda n: block("table", rows=[[CELL]] * n), 1, 100, "/0/rows"),
    (lambda n: block("table", rows=[[CELL] * n]), 1, 20, "/0/rows/0"),
    (lambda n: block("table", column_settings=[None] * n), 0, 20, "/0/column_settings"),
    (lambda n: block("data_table", rows=[[CELL]] * n), 2, 201, "/0/rows"),
    (lambda n: block("card", actions=[element("button")] * n), 1, 3, "/0/actions"),
    (lambda n: block("carousel", elements=[block("card")] * n), 1, 10, "/0/elements"),
    (lambda n: block("container", child_blocks=[block("divider")] * n), 1, 10, "/0/child_blocks"),
    (pie, 1, 12, "/0/chart/segments"),
    (lambda n: axis_chart(series=n), 1, 12, "/0/chart/series"),
    (lambda n: in_actions("overflow", options=[option()] * n), 1, 5, "/0/elements/0/options"),
    (lambda n: in_actions("radio_buttons", options=[option()] * n), 1, 10, "/0/elements/0/options"),
    (lambda n: in_actions("checkboxes", options=[option()] * n), 1, 10, "/0/elements/0/options"),
    (lambda n: in_actions("static_select", options=[option()] * n), 1, 100, "/0/elements/0/options"),
    (
        lambda n: in_actions(
            "static_select", options=None, option_groups=[{"label": plain(), "options": [option()]}] * n
        ),
        1,
        100,
        "/0/elements/0/option_groups",
    ),
]


@pytest.mark.parametrize(("made", "fewest", "most", "pointer"), COUNTS)
def test_lists_hold_no_fewer_and_no_more_than_slack_takes(made: Any, fewest: int, most: int, pointer: str) -> None:
    assert validate_blocks([made(fewest)]) == []
    assert validate_blocks([made(most)]) == []
    assert [one.pointer for one in validate_blocks([made(most + 1)])] == [pointer]
    if fewest:
        assert pointer in [one.pointer for one in validate_blocks([made(fewest - 1)])]


@pytest.mark.parametrize("surface", get_args(Surface))
@pytest.mark.parametrize("kind", sorted(BLOCKS))
def test_each_block_stands_only_on_its_surfaces(kind: str, surface: Surface) -> None:
    problems = validate_blocks([block(kind)], surface)
    if kind in SURFACES[surface]:
        assert problems == []
    else:
        assert [(one.message, one.pointer) for one in problems] == [(f"unsupported type: {kind}", "/0/type")]
        assert problems[0].constraint == {"type": "enum", "expected": sorted(SURFACES[surface])}


INPUT_ONLY = {"plain_text_input", "email_text_input", "url_text_input", "number_input", "file_input"}
MESSAGE_ONLY = {"feedback_buttons", "icon_button"}
BUTTONS = {"button", "overflow", "workflow_button"}


@pytest.mark.parametrize("kind", sorted(ELEMENTS))
def test_each_element_stands_only_where_slack_takes_it(kind: str) -> None:
    one = element(kind)
    places = {
        "actions": (block("actions", elements=[one]), kind not in INPUT_ONLY | MESSAGE_ONLY),
        "input": (block("input", element=one), kind not in MESSAGE_ONLY | BUTTONS),
        "section": (
            block("section", accessory=one),
            kind not in INPUT_ONLY | MESSAGE_ONLY | {"datetimepicker", "rich_text_input"},
        ),
        "context_actions": (block("context_actions", elements=[one]), kind in MESSAGE_ONLY),
    }
    for place, (made, taken) in places.items():
        assert (validate_blocks([made]) == []) is taken, place


@pytest.mark.parametrize(
    ("made", "message", "pointer"),
    [
        (block("section", text=None), "must provide at least one of `text` or `fields`", "/0"),
        (block("header", text=None), "missing required field: text", "/0"),
        (block("header", text=mrkdwn()), "unsupported type: mrkdwn", "/0/text/type"),
        (block("header", text="hello"), "must provide an object", "/0/text"),
        (block("section", text=mrkdwn("")), "must be more than 0 characters", "/0/text/text"),
        (block("section", text={**mrkdwn(), "emoji": True}), "invalid additional property: emoji", "/0/text"),
        (block("section", colour="red"), "invalid additional property: colour", "/0"),
        (block("image", slack_file={"id": "F1"}), "must provide exactly one of `image_url` or `slack_file`", "/0"),
        (block("image", alt_text=None), "missing required field: alt_text", "/0"),
        (block("input", label=None), "missing required field: label", "/0"),
        (accessory(style="primry"), "must be a valid enum value", "/0/accessory/style"),
        (accessory(url="example"), "must be a valid URL", "/0/accessory/url"),
        (in_input("number_input", is_decimal_allowed=None), "missing required field: is_decimal_allowed", "/0/element"),
        (in_input("datepicker", initial_date="2026-02-30"), "must be a valid date (YYYY-MM-DD)",
         "/0/element/initial_date"),
        (in_input("timepicker", initial_time="24:00"), "must be a valid time (HH:mm)", "/0/element/initial_time"),
        (in_input("plain_text_input", max_length=3001), "must be less than or equal to 3000", "/0/element/max_length"),
        (in_input("plain_text_input", max_length=True), "must provide an integer", "/0/element/max_length"),
        (in_input("static_select", initial_option=option("other")), "must match one of the options",
         "/0/element/initial_option"),
        (in_input("static_select", option_groups=[{"label": plain(), "options": [option()]}]),
         "must provide exactly one of `options` or `option_groups`", "/0/element"),
        (in_input("file_input", max_files=11), "must be less than or equal to 10", "/0/element/max_files"),
        (block("data_table", rows=[[CELL], [CELL, CELL]]), "all rows must have the same number of columns (1)",
         "/0/rows/1"),
        (block("data_table", rows=[[{"type": "rich_text", "elements": []}], [CELL]]), "unsupported type: rich_text",
         "/0/rows/0/0/type"),
        (block("data_table", page_size=101), "must be less than or equal to 100", "/0/page_size"),
        (block("data_visualization", chart={"type": "pie", "segments": [{"label": "a", "value": 0}]}),
         "must be greater than 0", "/0/chart/segments/0/value"),
        (axis_chart(axis_config={"categories": ["a", "b"]}),
         "must have exactly one point for every category of axis_config", "/0/chart/series/0/data"),
        (axis_chart(count=21), "no more than 20 items allowed", "/0/chart/series/0/data"),
        (block("container", default_collapsed=True), "requires `is_collapsible` to be true", "/0/default_collapsed"),
        (block("container", child_blocks=[block("carousel")]), "unsupported type: carousel", "/0/child_blocks/0/type"),
        (block("task_card", status="pending"), "must be a valid enum value", "/0/status"),
        (block("card", title=None),
         "must provide at least one of `hero_image` or `title` or `actions` or `body`", "/0"),
        ({"type": "file", "external_id": "x", "source": "remote"}, "unsupported type: file", "/0/type"),
        ({"text": plain()}, "missing required field: type", "/0"),
        ("divider", "must provide an object", "/0"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_pointed_at(made: Any, message: str, pointer: str) -> None:
    assert (message, pointer) in [(one.message, one.pointer) for one in validate_blocks([made])]


def test_ids_are_unique_where_slack_asks_for_it() -> None:
    twice = [block("divider", block_id="a"), block("divider", block_id="a")]
    assert [one.pointer for one in validate_blocks(twice)] == ["/1/block_id"]
    same = [element("button", action_id="go"), element("button", action_id="go")]
    assert [one.pointer for one in validate_blocks([block("actions", elements=same)])] == ["/0/elements/1/action_id"]
    apart = [block("actions", elements=[one]) for one in same]
    assert validate_blocks(apart) == []


def test_a_message_holds_fifty_blocks_and_may_hold_none() -> None:
    assert validate_blocks([]) == []
    assert validate_blocks([block("divider")] * 50) == []
    assert [one.pointer for one in validate_blocks([block("divider")] * 51)] == [""]


def test_totals_are_counted_over_the_whole_message() -> None:
    half = block("markdown", text="x" * 6000)
    assert validate_blocks([half, half]) == []
    assert [one.pointer for one in validate_blocks([half, half, block("markdown", text="x")])] == ["/2/text"]
    big = block("table", rows=[[{"type": "raw_text", "text": "x" * 5000}]])
    assert validate_blocks([big, big]) == []
    assert [one.pointer for one in validate_blocks([big, big, block("table")])] == ["/2/rows"]
    chart = block("data_visualization")
    assert validate_blocks([chart, chart]) == []
    assert [one.pointer for one in validate_blocks([chart, chart, chart])] == ["/2"]
    assert validate_blocks([chart, chart, chart], "home") == []


def test_a_problem_reads_as_slack_writes_it() -> None:
    [problem] = validate_blocks([accessory(text=plain("x" * 76))])
    assert problem.classic("/blocks") == "must be less than 76 characters [json-pointer:/blocks/0/accessory/text/text]"
    assert problem.structured() == {
        "code": "failed_constraint",
        "message": "must be less than 76 characters",
        "pointer": "/0/accessory/text/text",
        "constraint": {"type": "max_length", "expected": 75},
    }


def test_pointers_are_escaped() -> None:
    assert Problem("x", "/0/a~1b").classic() == "x [json-pointer:/0/a~1b]"
    assert validate_view({**modal(), "state": {}})[0].message == "invalid additional property: state"


def test_an_attachment_is_checked_with_its_message() -> None:
    message = {"text": "hello", "attachments": [{"footer": "x" * 301, "blocks": [block("alert")]}]}
    assert sorted(one.pointer for one in validate_message(message)) == [
        "/attachments/0/blocks/0/type",
        "/attachments/0/footer",
    ]
    assert validate_message({"text": "hello", "blocks": [block("section")]}) == []


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "text", "elements", "rows", "chart", "options"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.sampled_from(sorted(BLOCKS)), st.sampled_from(["text", "elements", "rows", "chart", "element"]), anything)
def test_no_input_makes_the_validator_raise(kind: str, key: str, value: Any) -> None:
    for surface in get_args(Surface):
        validate_blocks([{"type": kind, **BLOCKS[kind], key: value}], surface)
        validate_blocks(value, surface)
    validate_view(value)
    validate_view(modal({"type": kind, key: value}))


@given(
    st.lists(st.sampled_from(sorted(SURFACES["message"] - {"data_visualization"})), max_size=50),
    st.integers(min_value=1, max_value=75),
)
def test_any_mix_of_valid_blocks_is_valid(kinds: list[str], length: int) -> None:
    blocks = [block(kind, block_id=f"b{index}") for index, kind in enumerate(kinds)]
    assert validate_blocks(blocks) == []
    assert validate_blocks([*blocks[:49], accessory(text=plain("ä" * length))]) == []


def test_an_image_is_an_accessory_and_a_piece_of_context() -> None:
    assert validate_blocks([block("section", accessory=IMAGE), block("context", elements=[IMAGE, plain()])]) == []
