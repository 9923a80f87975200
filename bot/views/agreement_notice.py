"""The message about one version of the agreement: where it stands, what it changes, and what its reader can do."""

from __future__ import annotations

from bot.domain.signing import State, Wish
from bot.ports import Message
from bot.services.agreement_news import About, AgreementNotice
from bot.views.agreement_difference import change_lines, is_cut
from bot.views.agreement_ref import term_value
from bot.views.agreement_words import (
    NAME,
    STATE,
    defaults_line,
    fitting,
    reply_lines,
    signature_lines,
    signed_line,
    standing_line,
)
from bot.views.blocks import Block, Element, actions, button, context, section
from bot.views.ids import ActionId
from bot.views.links import when
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

ROOM = 2400
"""Characters of the difference in a message; the window has all of it. A section takes 3,000."""
MOST_REPLIES = 3
WISH = {Wish.SUSPEND: "suspend", Wish.RESUME: "resume", Wish.END: "end"}


def render_agreement_notice(notice: AgreementNotice) -> Message:
    """The version as it stands now; Sign, Reply and Withdraw only while they can be pressed by this reader."""
    head = _head(notice)
    title = mrkdwn("*{head}*", head=head)
    if notice.about is About.REPLY and notice.replies:
        said = join([title, *reply_lines(notice.replies[-1:])])
        return Message(text=head, blocks=[section(said), context(standing_line(notice)), actions(_open(notice))])
    blocks: list[Block] = [section(join([title, *_standing(notice)]))]
    if notice.about is About.PROPOSAL:
        blocks += _difference(notice)
        replies = reply_lines(notice.replies[-MOST_REPLIES:])
        if replies:
            blocks.append(section(join(replies)))
        if notice.defaults and notice.state is State.PROPOSED:
            blocks.append(context(defaults_line(notice.defaults)))
    return Message(text=head, blocks=[*blocks, actions(*buttons(notice))])


def buttons(notice: AgreementNotice, *, in_window: bool = False) -> list[Element]:
    """What the reader can do; always at least one to open it."""
    value = term_value(notice.agreement_id)
    found: list[Element] = []
    if notice.may_sign:
        found.append(button("Sign…", ActionId.AGREEMENT_SIGN, value, style="primary"))
    if notice.may_reply:
        found.append(button("Answer…", ActionId.AGREEMENT_REPLY, value))
    if notice.may_review:
        found.append(button("Reviewed: keep it", ActionId.AGREEMENT_REVIEWED, value, style="primary"))
    if not in_window:
        found.append(_open(notice))
    if notice.may_withdraw or notice.may_change:
        found.append(button(_more(notice), ActionId.AGREEMENT_MORE, value))
    return found


def _open(notice: AgreementNotice) -> Element:
    return button("Open", ActionId.AGREEMENT_TERM, term_value(notice.agreement_id))


def _more(notice: AgreementNotice) -> str:
    return "Withdraw…" if notice.may_withdraw else "Suspend or end…"


def _head(notice: AgreementNotice) -> Mrkdwn:
    version = notice.version
    match notice.about:
        case About.REVIEW if notice.review_is_due:
            return mrkdwn("Version {version} of the agreement is to be looked at again", version=version)
        case About.REPLY if notice.replies:
            name = escape(notice.replies[-1].name, NAME)
            return mrkdwn("{name} answered version {version} of the agreement", name=name, version=version)
        case About.WISH if notice.wish is not None and notice.wished:
            name, wish = escape(notice.wished[0].name, NAME), WISH[notice.wish]
            return mrkdwn(
                "{name} wants to {wish} version {version} of the agreement", name=name, wish=wish, version=version
            )
        case About.IN_FORCE if notice.state is State.IN_FORCE:
            return mrkdwn("Version {version} of the agreement is in force", version=version)
        case _:
            return mrkdwn("Version {version} of the agreement: {state}", version=version, state=STATE[notice.state])


def _standing(notice: AgreementNotice) -> list[Mrkdwn]:
    lines = [standing_line(notice), *compared_lines(notice), *signature_lines(notice)]
    if notice.wish is not None:
        lines.append(mrkdwn("Asked to {wish} it; it happens when the other side asks, too:", wish=WISH[notice.wish]))
        lines += [signed_line(one) for one in notice.wished]
    if notice.review_at is not None and notice.state in (State.IN_FORCE, State.SUSPENDED):
        if notice.review_is_due:
            lines.append(trusted("The teams wanted to look at it again now: keep it, or propose a change."))
        elif notice.about is About.REVIEW:
            lines.append(mrkdwn("Reviewed; the next time is {at}.", at=when(notice.review_at)))
    return lines


def compared_lines(notice: AgreementNotice) -> list[Mrkdwn]:
    """That another version came into force while this one waits, and what follows from it; nothing where none did."""
    before, now = notice.proposed_against, notice.compared_with
    if before == now:
        return []
    if notice.state is State.PROPOSED:
        text = (
            "It was proposed against version {before}; version {now} is in force since. What it changes is compared"
            " with version {now} now, and no signature given before that counts."
        )
    elif notice.state is State.SIGNED:
        text = (
            "It was signed against version {before}; version {now} is in force since. When this one begins, it takes"
            " the place of version {now}, with all that is different in it: withdraw it if that is not meant."
        )
    else:
        return []
    return [mrkdwn(text, before=before, now=now)]


def _difference(notice: AgreementNotice) -> list[Block]:
    if not notice.changes:
        return [context(mrkdwn("It says what version {version} says.", version=notice.compared_with))]
    count = len(notice.changes)
    what = "1 change" if count == 1 else f"{count} changes"
    title = mrkdwn("{what} to version {version}", what=what, version=notice.compared_with)
    shown, left = fitting(change_lines(notice.changes), ROOM)
    blocks: list[Block] = [context(title)]
    if shown:
        blocks.append(section(join(shown)))
    if left or is_cut(notice.changes):
        show_all = button("Show all", ActionId.AGREEMENT_CHANGES, term_value(notice.agreement_id))
        more = mrkdwn("and {count} lines more", count=left) if left else trusted("Long texts are cut here.")
        blocks.append(section(more, accessory=show_all))
    return blocks
