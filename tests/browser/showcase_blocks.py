"""One of every block and element, in messages that stay under Slack's limits."""

from typing import Any

Block = dict[str, Any]

HOSTILE = "<script>alert('x')</script> <img src=x onerror=alert(1)> [click](javascript:alert(1))"
PICTURE = (
    "https://example.com/picture.png"  # No test loads it: the page shows the alternative text of what it cannot load.
)


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str, description: str | None = None) -> Block:
    made = {"text": plain(text), "value": value}
    return made if description is None else {**made, "description": plain(description)}


def button(text: str, action_id: str, **more: Any) -> Block:
    return {"type": "button", "text": plain(text), "action_id": action_id, "value": action_id, **more}


def image(alt: str) -> Block:
    return {"type": "image", "image_url": PICTURE, "alt_text": alt}


COLOURS = [option("Red", "red", "Like a warning"), option("Green", "green"), option("Blue", "blue")]

RICH_TEXT: Block = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Rich text: "},
                {"type": "text", "text": "bold", "style": {"bold": True}},
                {"type": "text", "text": ", "},
                {"type": "text", "text": "code", "style": {"code": True}},
                {"type": "text", "text": ", "},
                {"type": "link", "url": "https://example.com/deck", "text": "a link"},
                {"type": "text", "text": " and "},
                {"type": "emoji", "name": "tada", "unicode": "1f389"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "First point"}]},
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "Second point"}]},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "ordered",
            "indent": 1,
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "Nested"}]}],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "A quote"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "SELECT * FROM leads;"}]},
    ],
}


def text_message(person: str, channel: str) -> list[Block]:
    return [
        {"type": "header", "text": plain("New lead: Dana Whitfield :fire:")},
        {
            "type": "section",
            "text": mrkdwn(
                "*VP Operations* at _Halden Freight_, ~cold~ *hot* `score 87`\n"
                f"Asked by <@{person}> in <#{channel}> <!here>, see <https://example.com/crm/42|the CRM> &amp; "
                "<mailto:dana@example.com|dana@example.com>\n"
                "Came in <!date^1795300000^{date_short_pretty} at {time}|some day>\n"
                "• budget confirmed\n• wants a demo\n> We need this before spring.\n```\nfields = {a: 1}\n```"
            ),
            "accessory": {
                "type": "overflow",
                "action_id": "more",
                "options": [option("Details", "details"), option("Open in CRM", "crm")],
            },
        },
        {
            "type": "section",
            "fields": [
                mrkdwn("*Company*\nHalden Freight"),
                mrkdwn("*Country*\nNorway :flag-no:"),
                mrkdwn("*Origin*\nWebinar"),
                mrkdwn("*Campaign*\nSpring logistics"),
            ],
        },
        {"type": "section", "text": plain(HOSTILE)},
        {"type": "section", "text": mrkdwn(HOSTILE.replace("<", "&lt;").replace(">", "&gt;"))},
        {"type": "divider"},
        {"type": "context", "elements": [image("A small picture"), mrkdwn("Routed by *rule 3* · 2 minutes ago")]},
        RICH_TEXT,
        {
            "type": "actions",
            "block_id": "decide",
            "elements": [
                button("Accept", "accept", style="primary"),
                button(
                    "Reject",
                    "reject",
                    style="danger",
                    confirm={
                        "title": plain("Reject this lead?"),
                        "text": mrkdwn("It goes *back* to marketing."),
                        "confirm": plain("Reject"),
                        "deny": plain("Keep"),
                        "style": "danger",
                    },
                ),
                button("Open CRM", "crm", url="https://example.com/crm/42"),
                button("Never answers", "never"),
            ],
        },
    ]


MARKDOWN: list[Block] = [
    {
        "type": "markdown",
        "text": (
            "## What we learned\n\nThe **spring** campaign brought *better* leads:\n\n1. fewer, but `hot`\n"
            "2. from [two regions](https://example.com)\n   - Nordics\n   - Iberia\n\n> Ask for the budget first.\n\n"
            "| Region | Leads |\n|---|---|\n| Nordics | 12 |\n| Iberia | 9 |\n"
        ),
    }
]

CONTROLS: list[Block] = [
    {
        "type": "section",
        "block_id": "colour",
        "text": mrkdwn("*Pick a colour*"),
        "accessory": {
            "type": "static_select",
            "action_id": "colour",
            "placeholder": plain("Colour"),
            "options": COLOURS,
        },
    },
    {
        "type": "section",
        "block_id": "region",
        "text": mrkdwn("*Find a region* (asks the app)"),
        "accessory": {
            "type": "external_select",
            "action_id": "region",
            "min_query_length": 1,
            "placeholder": plain("Region"),
        },
    },
    {
        "type": "section",
        "text": mrkdwn("*Tasks*"),
        "accessory": {
            "type": "checkboxes",
            "action_id": "tasks",
            "options": [option("Call", "call", "within the hour"), option("Write", "write")],
            "initial_options": [option("Write", "write")],
        },
    },
    {
        "type": "actions",
        "block_id": "pickers",
        "elements": [
            {"type": "users_select", "action_id": "who", "placeholder": plain("Who")},
            {"type": "conversations_select", "action_id": "where", "placeholder": plain("Where")},
            {"type": "channels_select", "action_id": "channel", "placeholder": plain("Channel")},
            {
                "type": "multi_static_select",
                "action_id": "several",
                "placeholder": plain("Several"),
                "option_groups": [
                    {"label": plain("Warm"), "options": COLOURS[:1]},
                    {"label": plain("Cool"), "options": COLOURS[1:]},
                ],
            },
            {"type": "datepicker", "action_id": "day", "initial_date": "2026-12-01"},
            {"type": "timepicker", "action_id": "time", "initial_time": "09:30"},
            {
                "type": "radio_buttons",
                "action_id": "priority",
                "options": [option("Hot", "hot"), option("Warm", "warm")],
            },
        ],
    },
]

WEEKS = ["Week 1", "Week 2", "Week 3", "Week 4", "Week 5"]


def series(name: str, values: list[float]) -> Block:
    return {"name": name, "data": [{"label": week, "value": value} for week, value in zip(WEEKS, values, strict=True)]}


def chart(kind: str, title: str, **more: Any) -> Block:
    return {"type": "data_visualization", "title": title, "chart": {"type": kind, **more}}


AXES = {"categories": WEEKS, "x_label": "Week", "y_label": "Leads"}
ROUND_CHARTS: list[Block] = [
    chart(
        "pie",
        "Why leads were rejected",
        segments=[
            {"label": "No budget", "value": 14},
            {"label": "Wrong person", "value": 9},
            {"label": "Student", "value": 5},
            {"label": "Competitor", "value": 3},
        ],
    ),
    chart(
        "line",
        "Leads a week",
        series=[series("Accepted", [12, 15, 9, 21, 24]), series("Rejected", [5, 4, 6, 3, 4])],
        axis_config=AXES,
    ),
]
SQUARE_CHARTS: list[Block] = [
    chart(
        "bar",
        "Answers by team",
        series=[series("Europe", [8, 11, 6, 14, 15]), series("Americas", [4, 6, 7, 9, 12])],
        axis_config=AXES,
    ),
    chart("area", "Open leads", series=[series("Open", [30, 26, 28, 19, 12])], axis_config={"categories": WEEKS}),
]


def raw(text: str) -> Block:
    return {"type": "raw_text", "text": text}


def number(value: float) -> Block:
    return {"type": "raw_number", "value": value, "text": f"{value:g}"}


REPS = [
    ("Jonas", 12, 9),
    ("Inês", 14, 12),
    ("Tomasz", 8, 5),
    ("Priya", 17, 11),
    ("Diego", 9, 9),
    ("Marcus", 3, 1),
    ("Anna", 2, 2),
]
TABLES: list[Block] = [
    {
        "type": "table",
        "column_settings": [{"align": "left"}, {"align": "right"}, {"align": "center", "is_wrapped": True}],
        "rows": [
            [raw("Rep"), raw("Offered"), raw("Note")],
            [raw("Jonas"), raw("12"), {"type": "rich_text", "elements": RICH_TEXT["elements"][:1]}],
            [raw("Inês"), raw("14"), raw("On holiday from Monday")],
        ],
    },
    {
        "type": "data_table",
        "caption": "Leads by rep",
        "page_size": 5,
        "rows": [
            [raw("Rep"), raw("Offered"), raw("Accepted")],
            *[[raw(name), number(offered), number(accepted)] for name, offered, accepted in REPS],
        ],
    },
]

CARD: Block = {
    "type": "card",
    "icon": image("Icon"),
    "title": mrkdwn("*Halden Freight*"),
    "subtitle": mrkdwn("Logistics · 800 people"),
    "body": mrkdwn("Looks for a tool before _spring_."),
    "actions": [button("Open", "open_card", style="primary"), button("Later", "later_card")],
}
LAYOUT: list[Block] = [
    CARD,
    {
        "type": "carousel",
        "elements": [
            {
                "type": "card",
                "title": mrkdwn(f"*Play {index}*"),
                "body": mrkdwn("Three sentences that opened doors."),
                "actions": [button("Use it", f"use_{index}")],
            }
            for index in (1, 2, 3, 4)
        ],
    },
    {
        "type": "container",
        "title": plain("Everything about this lead"),
        "subtitle": mrkdwn("Folded until you need it"),
        "is_collapsible": True,
        "child_blocks": [
            {"type": "section", "text": mrkdwn("*Inside* the container")},
            {"type": "actions", "elements": [button("Inside", "inside")]},
        ],
    },
    {
        "type": "image",
        "title": plain("The booth at the fair"),
        "image_url": PICTURE,
        "alt_text": "A booth with two people",
    },
    {
        "type": "video",
        "title": plain("A demo in two minutes"),
        "video_url": "https://example.com/video",
        "thumbnail_url": PICTURE,
        "alt_text": "A person shows a screen",
        "author_name": "Enablement",
    },
]


def labelled(label: str, element: Block, **more: Any) -> Block:
    return {"type": "input", "block_id": element["action_id"], "label": plain(label), "element": element, **more}


FORM: Block = {
    "type": "modal",
    "callback_id": "big_form",
    "title": plain("Log a field note"),
    "submit": plain("Save"),
    "close": plain("Cancel"),
    "blocks": [
        {"type": "alert", "level": "warning", "text": mrkdwn("Sales *and* marketing will read this.")},
        labelled(
            "Title", {"type": "plain_text_input", "action_id": "title", "max_length": 80}, hint=plain("A few words")
        ),
        labelled(
            "What you heard", {"type": "plain_text_input", "action_id": "heard", "multiline": True}, optional=True
        ),
        labelled("E-mail", {"type": "email_text_input", "action_id": "email"}, optional=True),
        labelled("Page", {"type": "url_text_input", "action_id": "page"}, optional=True),
        labelled(
            "Deal size",
            {"type": "number_input", "action_id": "size", "is_decimal_allowed": False, "min_value": "1"},
            optional=True,
        ),
        labelled(
            "Reason",
            {
                "type": "radio_buttons",
                "action_id": "reason",
                "options": [
                    option("Price", "price"),
                    option("Timing", "timing", "Not now, but later"),
                    option("Other", "other"),
                ],
            },
            dispatch_action=True,
        ),
        labelled("Tags", {"type": "multi_static_select", "action_id": "tags", "options": COLOURS}, optional=True),
        labelled("Rep", {"type": "users_select", "action_id": "rep"}, optional=True),
        labelled("When", {"type": "datepicker", "action_id": "when"}, optional=True),
        labelled("Meeting", {"type": "datetimepicker", "action_id": "meeting"}, optional=True),
        labelled("Text", {"type": "rich_text_input", "action_id": "rich"}, optional=True),
        labelled(
            "Share with",
            {
                "type": "checkboxes",
                "action_id": "share",
                "options": [option("Marketing", "marketing"), option("Leaders", "leaders")],
            },
            optional=True,
        ),
    ],
}


def home(clicks: int) -> Block:
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "text": plain("Needs you")},
            {
                "type": "section",
                "text": mrkdwn(f"*Dana Whitfield* · Halden Freight\nWaiting for 4 minutes · clicked {clicks} times"),
                "accessory": button("Open", "home_open"),
            },
            {"type": "divider"},
            {"type": "header", "text": plain("This week")},
            {"type": "section", "fields": [mrkdwn("*Offered*\n14"), mrkdwn("*Accepted*\n12")]},
            ROUND_CHARTS[0],
            TABLES[0],
        ],
    }
