"""The rich_text block: sections, lists, quotes and preformatted text, and what stands in them."""

from __future__ import annotations

from sandbox.blockkit.rules import (
    Rule,
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

_style = shape(
    {
        **dict.fromkeys(("bold", "code", "italic", "strike", "underline", "highlight"), boolean),
        **dict.fromkeys(("client_highlight", "unlink"), boolean),
    }
)
_some = string(minimum=1)


def _inline(required: tuple[str, ...], **fields: Rule) -> Rule:
    return shape({"type": any_type, "style": _style, **fields}, required)


_INLINE: dict[str, Rule] = {
    "text": _inline(("text",), text=_some),
    "link": _inline(("url",), url=_some, text=string(), unsafe=boolean),
    "emoji": _inline(("name",), name=_some, unicode=string(), url=string(), skin_tone=integer(1, 6)),
    "user": _inline(("user_id",), user_id=_some),
    "usergroup": _inline(("usergroup_id",), usergroup_id=_some),
    "channel": _inline(("channel_id",), channel_id=_some),
    "team": _inline(("team_id",), team_id=_some),
    "broadcast": _inline(("range",), range=one_of("here", "channel", "everyone")),
    "color": _inline(("value",), value=string(pattern=r"#[0-9A-Fa-f]{3,8}", what="colour")),
    "date": _inline(("timestamp", "format"), timestamp=number(), format=_some, url=string(), fallback=string()),
}
_inlines = array(typed(_INLINE))
_border: dict[str, Rule] = {"border": integer(0, 1)}

_section = shape({"type": any_type, "elements": _inlines}, ("elements",))
_quote = shape({"type": any_type, "elements": _inlines, **_border}, ("elements",))
_preformatted = shape(
    {
        "type": any_type,
        "elements": array(typed({"text": _INLINE["text"], "link": _INLINE["link"]})),
        "language": string(),
        **_border,
    },
    ("elements",),
)
_list = shape(
    {
        "type": any_type,
        "elements": array(typed({"rich_text_section": _section}), 1),
        "style": one_of("bullet", "ordered"),
        "indent": integer(0, 8),
        "offset": integer(0),
        **_border,
    },
    ("elements", "style"),
)

elements = array(
    typed(
        {
            "rich_text_section": _section,
            "rich_text_list": _list,
            "rich_text_quote": _quote,
            "rich_text_preformatted": _preformatted,
        }
    ),
    1,
)

# As a value inside another block (an initial_value, a title): a block_id is allowed and means nothing there.
rich_text = typed(
    {"rich_text": shape({"type": any_type, "block_id": string(255), "elements": elements}, ("elements",))}
)


def characters(value: object) -> int:
    """How many characters of text a rich_text value, a table cell or a list of them shows."""
    total, pending = 0, [value]
    while pending:
        one = pending.pop()
        if isinstance(one, list):
            pending += one
        elif isinstance(one, dict):
            own = one.get("text")
            total += len(own) if isinstance(own, str) else 0
            pending.append(one.get("elements"))
    return total
