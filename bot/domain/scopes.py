"""The scopes the app needs in Slack, the same as in manifest.yml (tests/test_manifest.py), and what each is for."""

from __future__ import annotations

NEEDED: dict[str, str] = {
    "chat:write": "posts cards and notices",
    "commands": "answers /lockstep and the shortcuts",
    "im:write": "opens direct messages with reps",
    "im:history": "finds out whether a post arrived in a direct message",
    "channels:history": "finds out whether a post arrived in a public channel",
    "groups:history": "finds out whether a post arrived in a private channel",
    "channels:read": "knows the public channels",
    "groups:read": "knows the private channels it is in",
    "users:read": "knows who is a guest or deactivated",
    "users:read.email": "finds people of the roster by their address",
    "usergroups:read": "adds a whole user group to the roster",
}

OPTIONAL = frozenset({"usergroups:read"})
"""Without these something is less comfortable, and nothing stops."""
