"""The arguments of a Web API call, however they came: query, form, JSON, or a mix."""

import json
from typing import Any
from urllib.parse import parse_qsl

from sandbox.errors import SlackError

Json = dict[str, Any]


class Arguments:
    """Arguments by name, read leniently where Slack is lenient: numbers and booleans as text, JSON as text."""

    def __init__(self, values: Json) -> None:
        self.values = values

    def given(self, name: str) -> bool:
        return self.values.get(name) not in (None, "")

    def text(self, name: str) -> str:
        """The argument as text, "" when it is missing; raises invalid_arguments for a list or an object."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, (dict, list)):
            raise invalid_arguments(f"[ERROR] must be a string [json-pointer:/{name}]")
        return str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.values.get(name)
        if value is None:
            return default
        return value is True or str(value).lower() in ("1", "true")

    def number(self, name: str, default: int) -> int:
        """A whole number; raises invalid_arguments for anything else."""
        value = self.values.get(name)
        if value in (None, ""):
            return default
        try:
            return int(str(value))
        except ValueError:
            raise invalid_arguments(f"[ERROR] must be an integer [json-pointer:/{name}]") from None

    def json(self, name: str, otherwise: str) -> Any:
        """A structured argument, parsed if it came as text; None when missing; raises `otherwise` if it is no JSON."""
        value = self.values.get(name)
        if isinstance(value, str):
            if value == "":
                return None
            try:
                # Kept parsed, so that the record shows it as what it is.
                value = self.values[name] = json.loads(value)
            except ValueError:
                raise SlackError(otherwise) from None
        return value


def invalid_arguments(*messages: str) -> SlackError:
    """The refusal of arguments that do not fit the method's schema."""
    return SlackError("invalid_arguments", response_metadata={"messages": list(messages)})


def parse(query: bytes, content_type: str, body: bytes) -> Json:
    """The arguments of a request; the body's win over the query's.

    Raises SlackError as Slack does for bodies it cannot read.
    """
    values: Json = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True)) if query else {}
    if not body:
        return values
    kind = content_type.split(";", maxsplit=1)[0].strip().lower()
    if kind == "application/json":
        try:
            given = json.loads(body)
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(given, dict):
            raise SlackError("json_not_object")
        values |= given
    elif kind in ("application/x-www-form-urlencoded", ""):
        try:
            values |= dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True))
        except UnicodeDecodeError:
            raise SlackError("invalid_form_data") from None
    else:
        raise SlackError("invalid_post_type")
    return values
