"""The lines about a lead that cards, Home, forms and notices share. All text in them is untrusted."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.agreement import Met
from bot.domain.lead import Priority
from bot.services.last_contact import LastContact
from bot.views.links import mailto, tel, when
from bot.views.untrusted import Mrkdwn, clean, escape, join, mrkdwn, trusted

PRIORITY = {Priority.HOT: "🔴 Hot", Priority.WARM: "🟠 Warm", Priority.COLD: "🔵 Cold"}
"""Colour and word, because not everybody sees the colour."""

DOT = "\u00a0\u00a0·  "
"""Between the parts of a line: no line begins with it."""

NAME, TITLE, COMPANY = 60, 40, 40
"""Characters of each that are shown: together with the priority they fit a headline of 150."""
SHORT = 60
MET_SHOWN = 8


def headline(priority: Priority, name: str, title: str | None, company: str | None) -> str:
    """Priority, name, title and company as plain text: `🔴 Hot · Dana Whitfield, CFO, Northwind`."""
    known = [clean(text, limit) for text, limit in ((name, NAME), (title, TITLE), (company, COMPANY)) if text]
    return f"{PRIORITY[priority]} · {', '.join(text for text in known if text)}"


def who(name: str, title: str | None = None, company: str | None = None, *, bold: bool = True) -> Mrkdwn:
    """The person, in bold where it is shown with formatting, with title and company where they are known."""
    shown = escape(name, NAME)
    parts = [mrkdwn("*{name}*", name=shown) if bold else shown]
    parts += [escape(text, limit) for text, limit in ((title, TITLE), (company, COMPANY)) if text]
    return join(parts, ", ")


def why(met: Sequence[Met]) -> Mrkdwn:
    """The criteria met, each with the lead's value, in one line."""
    if not met:
        return trusted("On marketing's word: it meets no criterion of the agreement yet")
    shown = [
        mrkdwn("{label} *{value}*", label=escape(one.label, SHORT), value=escape(one.value, SHORT))
        for one in met[:MET_SHOWN]
    ]
    if len(met) > MET_SHOWN:
        shown.append(mrkdwn("and {count} more", count=len(met) - MET_SHOWN))
    return join(shown, DOT)


def came_from(
    origin: str | None, campaign: str | None, source: str | None = None, handed_over_by: str | None = None
) -> Mrkdwn:
    """Where the lead showed interest: origin and campaign, and who handed it over in Slack; else the system that sent
    it."""
    parts = []
    if origin:
        parts.append(escape(origin, SHORT))
    if campaign:
        parts.append(mrkdwn("Campaign {campaign}", campaign=escape(campaign, SHORT)))
    if handed_over_by:
        parts.append(mrkdwn("Handed over by {who}", who=escape(handed_over_by, SHORT)))
    if not parts:
        return mrkdwn("From {source}", source=escape(source or "", SHORT))
    return join(parts, DOT)


def contact(e164: str | None, phone: str | None, email: str | None) -> Mrkdwn | None:
    """Number to tap and call, address to tap and write to; None when neither is known.

    The link shows the number it calls: a number as typed into a form could show another one.
    """
    parts = []
    if e164:
        parts.append(mrkdwn("Call {number}", number=tel(e164)))
    elif phone:
        parts.append(mrkdwn("Phone {phone} (not a number I can check)", phone=escape(phone, 40)))
    if email:
        parts.append(mrkdwn("Mail {address}", address=mailto(email)))
    return join(parts, DOT) if parts else None


def worked(last: LastContact | None) -> Mrkdwn | None:
    """The last call, mail or meeting the CRM knows of; None when there was none."""
    if last is None:
        return None
    by = mrkdwn(", by {by}", by=escape(last.by, SHORT)) if last.by else trusted("")
    return mrkdwn("Last contact: {what} {at}{by}", what=last.kind.value, at=when(last.at), by=by)


def times(count: int) -> str:
    """How often: `once`, `twice`, `3 times`."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
