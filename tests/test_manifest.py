"""The Slack app's manifest: valid, least privilege, and a reason beside every scope."""

import json
import os
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.domain.scopes import NEEDED, OPTIONAL
from sandbox.methods import METHODS

PATH = Path(__file__).parent.parent / "manifest.yml"

# Scopes an event needs: any one of them (Slack's event pages). An event that is missing here is new: look it up.
EVENT_SCOPES: dict[str, set[str]] = {
    "app_home_opened": set(),
    "app_uninstalled": set(),
    "tokens_revoked": set(),
    "user_change": {"users:read"},
    "team_join": {"users:read"},
}

# What Lockstep calls, and the kinds of conversation it calls it about. A scope that none of these needs is too much.
CALLS = {
    "auth.test": (None,),
    "chat.postMessage": (None,),
    "chat.update": (None,),
    "chat.postEphemeral": (None,),
    "conversations.open": ("im",),
    "conversations.history": ("channel", "group", "im"),
    "conversations.info": ("channel", "group"),
    "users.info": (None,),
    "users.lookupByEmail": (None,),
    "usergroups.list": (None,),
    "usergroups.users.list": (None,),
    "views.open": (None,),
    "views.update": (None,),
    "views.publish": (None,),
}
# The slash command is an entry point, not a call.
ENTRY_SCOPES = {"commands"}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return yaml.safe_load(PATH.read_text(encoding="utf-8"))


def scopes(manifest: dict[str, Any]) -> list[str]:
    return manifest["oauth_config"]["scopes"]["bot"]


def test_lockstep_check_asks_for_the_same_scopes(manifest: dict[str, Any]) -> None:
    assert list(NEEDED) == scopes(manifest)
    assert set(NEEDED) >= OPTIONAL


def test_texts_keep_slacks_limits(manifest: dict[str, Any]) -> None:
    shown = manifest["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000
    assert re.fullmatch(r"#[0-9a-f]{3}([0-9a-f]{3})?", shown["background_color"])
    assert len(manifest["features"]["bot_user"]["display_name"]) <= 80


def test_commands_and_shortcuts_keep_slacks_limits(manifest: dict[str, Any]) -> None:
    features = manifest["features"]
    assert len(features["slash_commands"]) <= 50
    for command in features["slash_commands"]:
        assert re.fullmatch(r"/[a-z0-9_\-]{1,31}", command["command"])
        assert len(command["description"]) <= 2000
        assert len(command.get("usage_hint", "")) <= 1000
        assert command["should_escape"] is True, "people must arrive as ids, not as names anybody may have"
    shortcuts = features.get("shortcuts", [])
    assert len(shortcuts) <= 10
    for shortcut in shortcuts:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["callback_id"]) <= 255
        assert len(shortcut["description"]) <= 150


def test_every_scope_has_its_reason_in_the_line_above(manifest: dict[str, Any]) -> None:
    lines = PATH.read_text(encoding="utf-8").splitlines()
    for scope in scopes(manifest):
        [at] = [number for number, line in enumerate(lines) if line.strip() == f"- {scope}"]
        assert re.match(r"\s+# \w.{15,}", lines[at - 1]), f"{scope} has no reason"


def test_every_event_has_the_scope_it_needs(manifest: dict[str, Any]) -> None:
    granted = set(scopes(manifest))
    for event in manifest["settings"]["event_subscriptions"]["bot_events"]:
        needed = EVENT_SCOPES[event]
        assert not needed or needed & granted, f"{event} needs one of {sorted(needed)}"


def test_every_call_is_granted(manifest: dict[str, Any]) -> None:
    granted = frozenset(scopes(manifest))
    for name, kinds in CALLS.items():
        for kind in kinds:
            assert METHODS[name].allows(granted, kind), f"{name} ({kind}) needs {METHODS[name].needed(kind)}"


def test_no_scope_is_granted_that_nothing_needs(manifest: dict[str, Any]) -> None:
    for scope in set(scopes(manifest)) - ENTRY_SCOPES:
        less = frozenset(scopes(manifest)) - {scope}
        refused = [name for name, kinds in CALLS.items() for kind in kinds if not METHODS[name].allows(less, kind)]
        assert refused, f"nothing fails without {scope}"


def test_home_and_messages_are_set_up_for_a_bot_one_clicks(manifest: dict[str, Any]) -> None:
    home = manifest["features"]["app_home"]
    assert home["home_tab_enabled"] is True
    assert home["messages_tab_enabled"] is True
    assert home["messages_tab_read_only_enabled"] is True
    assert manifest["settings"]["interactivity"]["is_enabled"] is True


def test_the_app_is_for_one_workspace_over_socket_mode(manifest: dict[str, Any]) -> None:
    settings = manifest["settings"]
    assert settings["socket_mode_enabled"] is True
    assert settings["org_deploy_enabled"] is False
    assert settings["token_rotation_enabled"] is False


def test_slacks_own_schema_takes_it(manifest: dict[str, Any]) -> None:
    schema = os.environ.get("MANIFEST_SCHEMA")
    if not schema:
        pytest.skip("MANIFEST_SCHEMA does not name Slack's JSON schema (manifest-schema, version 2)")
    jsonschema.validate(manifest, json.loads(Path(schema).read_text(encoding="utf-8")))
