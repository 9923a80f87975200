"""Slack's JSON for people, places, messages, views and what is delivered about them."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.blockkit import carried_state
from sandbox.company import Person
from sandbox.ids import random_id
from sandbox.world import Form, Message, Place, World

Json = dict[str, Any]
VERIFICATION_TOKEN = "sandbox-verification-token"


def user_json(world: World, person: Person, now: float, *, with_email: bool) -> Json:
    """A user object as users.info gives it; the e-mail only with the scope for it."""
    offset = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(person.tz))
    span = offset.utcoffset()
    first, _, last = person.name.partition(" ")
    profile: Json = {
        "title": person.title,
        "phone": "",
        "skype": "",
        "real_name": person.name,
        "real_name_normalized": person.name,
        "display_name": person.name if not person.is_bot else "",
        "display_name_normalized": person.name if not person.is_bot else "",
        "fields": None,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": f"g{person.id.lower()}",
        "first_name": first,
        "last_name": last,
        "team": person.team_id or world.team["id"],
    }
    if person.is_bot:
        profile |= {"api_app_id": world.app_id, "bot_id": world.bot_id, "always_active": True}
    elif with_email and person.email:
        profile["email"] = person.email
    user: Json = {
        "id": person.id,
        "team_id": person.team_id or world.team["id"],
        "name": person.handle,
        "deleted": person.deleted,
        "color": person.color,
        "real_name": person.name,
        "tz": person.tz,
        "tz_label": offset.tzname() or person.tz,
        "tz_offset": int(span.total_seconds()) if span else 0,
        "profile": profile,
        "is_admin": person.is_admin,
        "is_owner": person.is_owner,
        "is_primary_owner": False,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": person.updated,
        "is_email_confirmed": not person.is_bot,
        "who_can_share_contact_card": "EVERYONE",
    }
    if person.is_stranger:
        user["is_stranger"] = True
    if person.deleted:
        # Slack leaves these out for deactivated accounts.
        for key in ("tz", "tz_label", "tz_offset", "is_admin", "is_owner", "is_restricted", "is_ultra_restricted"):
            user.pop(key, None)
    return user


def channel_json(world: World, place: Place, *, full: bool = True) -> Json:
    """A conversation object as conversations.info gives it."""
    if place.kind == "dm":
        return {
            "id": place.id,
            "created": place.created,
            "is_archived": place.is_archived,
            "is_im": True,
            "is_org_shared": False,
            "context_team_id": world.team["id"],
            "user": place.person,
            "is_user_deleted": bool(place.person and world.people[place.person].deleted),
            "is_open": place.opened,
            "priority": 0,
        }
    channel: Json = {
        "id": place.id,
        "name": place.name,
        "name_normalized": place.name,
        "is_channel": not place.is_private,
        "is_group": place.is_private,
        "is_im": False,
        "is_mpim": False,
        "is_private": place.is_private,
        "is_archived": place.is_archived,
        "is_general": place.is_general,
        "is_shared": place.is_ext_shared,
        "is_org_shared": False,
        "is_ext_shared": place.is_ext_shared,
        "is_pending_ext_shared": False,
        "is_member": world.bot.id in place.members,
        "created": place.created,
        "creator": next(iter(world.people)),
        "context_team_id": world.team["id"],
        "unlinked": 0,
        "topic": {"value": place.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
    }
    if full:
        channel["num_members"] = len(place.members)
    return channel


def bot_profile(world: World) -> Json:
    return {
        "id": world.bot_id,
        "app_id": world.app_id,
        "user_id": world.bot.id,
        "name": world.bot.name,
        "deleted": False,
        "updated": world.bot.updated,
        "team_id": world.team["id"],
    }


def view_json(form: Form) -> Json:
    """A view with what is entered in it."""
    return {**form.json, "state": {"values": form.state}}


def message_state(message: Message, user: str) -> Json:
    """The selects of a message as this person has set them."""
    return {"values": carried_state(message.json, message.states.get(user, {}))}


def without_metadata(message: Json) -> Json:
    return {key: value for key, value in message.items() if key != "metadata"}


def actor(world: World, user: str) -> Json:
    """The `user` of an interaction."""
    person = world.people[user]
    return {
        "id": user,
        "username": person.handle,
        "name": person.handle,
        "team_id": person.team_id or world.team["id"],
    }


def interaction(world: World, type_: str, user: str, **more: Any) -> Json:
    """The frame that all interactive payloads share."""
    return {
        "type": type_,
        "user": actor(world, user),
        "api_app_id": world.app_id,
        "token": VERIFICATION_TOKEN,
        "team": {"id": world.team["id"], "domain": world.team["domain"]},
        "enterprise": None,
        "is_enterprise_install": False,
        **more,
    }


def event_callback(world: World, event: Json, now: float) -> Json:
    """The envelope of the Events API around an event."""
    channel = event.get("channel") or event.get("item", {}).get("channel")
    context = f"1-{event['type']}-{world.team['id']}-{channel if isinstance(channel, str) else 'none'}"
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": world.team["id"],
        "context_team_id": world.team["id"],
        "context_enterprise_id": None,
        "api_app_id": world.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": random_id("Ev"),
        "event_time": int(now),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": world.team["id"],
                "user_id": world.bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": context,
    }
