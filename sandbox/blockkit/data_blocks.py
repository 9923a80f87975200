"""Blocks that show figures: table, data_table and data_visualization.

slack-sdk 3.47.0 has no classes for the last two, so nothing but Slack checks them before they are sent.
"""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.blockkit.blocks import block
from sandbox.blockkit.problem import Path
from sandbox.blockkit.rich_text import characters, elements
from sandbox.blockkit.rules import (
    Rule,
    Walk,
    any_type,
    array,
    boolean,
    integer,
    number,
    one_of,
    shape,
    string,
    typed,
)

TABLE_CHARS = 10_000  # all cells of all tables of one message
DATA_TABLE_CHARS = 20_000
CHARTS_PER_MESSAGE = 2

_raw_text = shape({"type": any_type, "text": string(minimum=1)}, ("text",))
_raw_number = shape({"type": any_type, "value": number(), "text": string(minimum=1)}, ("value", "text"))
_rich = shape({"type": any_type, "block_id": string(255), "elements": elements}, ("elements",))
_plain_cells: dict[str, Rule] = {"raw_text": _raw_text, "raw_number": _raw_number}
_cell = typed({**_plain_cells, "rich_text": _rich})
_header_cell = typed(_plain_cells)


def _nullable(rule: Rule) -> Rule:
    def check(walk: Walk, value: object, path: Path) -> None:
        if value is not None:
            rule(walk, value, path)

    return check


def _count_table(walk: Walk, value: Mapping[str, object], path: Path) -> None:
    before = walk.table_chars
    walk.table_chars += _characters(value.get("rows"))
    if before <= TABLE_CHARS < walk.table_chars:
        message = f"the cells of all tables together must be less than {TABLE_CHARS + 1} characters"
        walk.fail((path, "rows"), message, "max_length", TABLE_CHARS)


def _characters(rows: object) -> int:
    if not isinstance(rows, list):
        return 0
    return sum(characters(row) for row in rows)


table = block(
    {
        "rows": array(array(_cell, 1, 20), 1, 100),
        "column_settings": array(
            _nullable(shape({"align": one_of("left", "center", "right"), "is_wrapped": boolean})), 0, 20
        ),
    },
    ("rows",),
    _count_table,
)

_body_row = array(_cell, 1, 20)
_header_row = array(_header_cell, 1, 20)
_row_count = array(any_type, 2, 201)


def _data_rows(walk: Walk, value: object, path: Path) -> None:
    """2 to 201 rows of equal width; the first is the header, in which rich_text may not stand."""
    _row_count(walk, value, path)
    if not isinstance(value, list):
        return
    width = len(value[0]) if value and isinstance(value[0], list) else None
    for index, row in enumerate(value):
        (_body_row if index else _header_row)(walk, row, (path, index))
        if isinstance(row, list) and width is not None and len(row) != width:
            message = f"all rows must have the same number of columns ({width})"
            walk.fail((path, index), message, "columns", width)


def _count_data_table(walk: Walk, value: Mapping[str, object], path: Path) -> None:
    rows = value.get("rows")
    before = walk.data_table_chars
    walk.data_table_chars += _characters(rows)
    if before <= DATA_TABLE_CHARS < walk.data_table_chars:
        message = f"the cells of all data tables together must be less than {DATA_TABLE_CHARS + 1} characters"
        walk.fail((path, "rows"), message, "max_length", DATA_TABLE_CHARS)
    column = value.get("row_header_column_index")
    if isinstance(column, int) and isinstance(rows, list) and rows and isinstance(rows[0], list):
        integer(0, len(rows[0]) - 1)(walk, column, (path, "row_header_column_index"))


data_table = block(
    {
        "rows": _data_rows,
        "caption": string(minimum=1),
        "page_size": integer(1, 100),
        "row_header_column_index": integer(0),
    },
    ("rows", "caption"),
    _count_data_table,
)

_label = string(20, 1)
_axis_label = string(50)
_point = shape({"label": _label, "value": number()}, ("label", "value"))
_series = shape({"name": _label, "data": array(_point, 1, 20)}, ("name", "data"))
_axis_config = shape(
    {"categories": array(_label, 1, 20), "x_label": _axis_label, "y_label": _axis_label}, ("categories",)
)


def _points_match_categories(walk: Walk, value: Mapping[str, object], path: Path) -> None:
    """Category labels and series names are unique; each series has exactly one point a category."""
    axis, series = value.get("axis_config"), value.get("series")
    categories = axis.get("categories") if isinstance(axis, Mapping) else None
    if not isinstance(categories, list) or not isinstance(series, list):
        return
    wanted = sorted(map(str, categories))
    if len(set(wanted)) != len(wanted):
        walk.fail(((path, "axis_config"), "categories"), "categories must be unique", "unique")
    names: set[str] = set()
    for index, one in enumerate(series):
        if not isinstance(one, Mapping):
            continue
        place: Path = ((path, "series"), index)
        name = str(one.get("name"))
        if name in names:
            walk.fail((place, "name"), "series names must be unique", "unique")
        names.add(name)
        data = one.get("data")
        if isinstance(data, list):
            labels = sorted(str(point.get("label")) for point in data if isinstance(point, Mapping))
            if labels != wanted:
                message = "must have exactly one point for every category of axis_config"
                walk.fail((place, "data"), message, "categories", categories)


_axis_chart = shape(
    {"type": any_type, "series": array(_series, 1, 12), "axis_config": _axis_config},
    ("series", "axis_config"),
    _points_match_categories,
)
_segment = shape({"label": _label, "value": number(above=0)}, ("label", "value"))
_pie = shape({"type": any_type, "segments": array(_segment, 1, 12)}, ("segments",))


def _count_charts(walk: Walk, value: Mapping[str, object], path: Path) -> None:
    walk.charts += 1
    if walk.surface == "message" and walk.charts > CHARTS_PER_MESSAGE:
        message = f"no more than {CHARTS_PER_MESSAGE} data_visualization blocks allowed"
        walk.fail(path, message, "max_items", CHARTS_PER_MESSAGE)


data_visualization = block(
    {
        "title": string(50, 1),
        "chart": typed({"pie": _pie, "bar": _axis_chart, "line": _axis_chart, "area": _axis_chart}),
    },
    ("title", "chart"),
    _count_charts,
)
