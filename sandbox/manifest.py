"""What the app may do and hear: its manifest, as far as the sandbox acts on it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sandbox.errors import CannotDo


@dataclass(frozen=True)
class Manifest:
    """Scopes, events and entry points of the app. `scopes` is None when no manifest is known: all are granted."""

    name: str = "Lockstep"
    description: str = ""
    bot_name: str = "Lockstep"
    scopes: frozenset[str] | None = None
    events: frozenset[str] | None = None
    commands: tuple[dict[str, Any], ...] = ()
    shortcuts: tuple[dict[str, Any], ...] = ()
    home_enabled: bool = True
    messages_enabled: bool = True
    """Whether the app's Messages tab is there, and so its direct messages."""
    messages_read_only: bool = False
    """Whether people only read there."""
    background_color: str = "#1f3a5f"

    def has_scope(self, *any_of: str) -> bool:
        return self.scopes is None or not any_of or any(scope in self.scopes for scope in any_of)

    def hears(self, event: str) -> bool:
        return self.events is None or event in self.events

    def command(self, name: str) -> dict[str, Any] | None:
        return next((command for command in self.commands if command["command"] == name), None)

    def shortcut(self, callback_id: str) -> dict[str, Any] | None:
        return next((shortcut for shortcut in self.shortcuts if shortcut["callback_id"] == callback_id), None)


def load(path: Path) -> Manifest:
    """Read a manifest (YAML or JSON); raises CannotDo with a sentence when it is not one."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CannotDo(f"Cannot read the manifest {path}: {error.strerror}.") from error
    except yaml.YAMLError as error:
        raise CannotDo(f"The manifest {path} is not YAML: {error}.") from error
    if not isinstance(data, dict) or "display_information" not in data:
        raise CannotDo(f"The manifest {path} has no display_information.")
    information, features = data["display_information"], data.get("features", {})
    settings, home = data.get("settings", {}), features.get("app_home", {})
    scopes = data.get("oauth_config", {}).get("scopes", {})
    return Manifest(
        name=information.get("name", "App"),
        description=information.get("description", ""),
        bot_name=features.get("bot_user", {}).get("display_name", information.get("name", "App")),
        scopes=frozenset([*(scopes.get("bot") or ()), *(scopes.get("bot_optional") or ())]),
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events") or ()),
        commands=tuple(features.get("slash_commands") or ()),
        shortcuts=tuple(features.get("shortcuts") or ()),
        home_enabled=bool(home.get("home_tab_enabled", False)),
        messages_enabled=bool(home.get("messages_tab_enabled", True)),
        messages_read_only=bool(home.get("messages_tab_read_only_enabled", False)),
        background_color=information.get("background_color", "#1f3a5f"),
    )
