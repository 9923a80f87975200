"""The agreement in a window: where it stands, and each section as a page."""

from __future__ import annotations

from bot.domain.agreement_data import SECTIONS, Section
from bot.domain.signing import State
from bot.services.agreement_drafts import DraftShown
from bot.services.agreement_shown import AgreementShown, Pending
from bot.services.dispute_forms import ANY
from bot.views.agreement_notice import buttons
from bot.views.agreement_ref import OVERVIEW, term_value
from bot.views.agreement_sections import section_lines
from bot.views.agreement_words import (
    NAME,
    STATE,
    change_lines,
    reply_lines,
    signature_lines,
    standing_line,
)
from bot.views.blocks import (
    TEXT_MAX,
    Block,
    Element,
    View,
    actions,
    button,
    context,
    divider,
    fit,
    header,
    modal,
    option,
    section,
    static_select,
)
from bot.views.disputes import raise_button
from bot.views.ids import ActionId, CallbackId
from bot.views.untrusted import Mrkdwn, escape, join, mrkdwn, trusted

TITLE = "The agreement"
SEEN_WHOLE = 600
"""Characters of a section that Slack shows without *See more*, on a phone too."""
BLANK = trusted(" ")
MOST = 96
"""Blocks of a page; the rest is for head and foot. Slack takes 100 in a window."""
_ORDER = (None, *Section)


def agreement_view(shown: AgreementShown) -> View:
    """One page: the overview, or a section, with a way to every other one."""
    blocks = [_head(shown), _menu(shown)]
    blocks += _overview(shown) if shown.section is None else _page(shown, shown.section)
    ref = term_value(shown.agreement_id, shown.section)
    return modal(CallbackId.AGREEMENT_VIEW, TITLE, fit(blocks, MOST), close="Close", private_metadata=ref)


def changes_view(version: int, compared_with: int, lines: list[Mrkdwn], agreement_id: str) -> View:
    """Every line of difference."""
    head = mrkdwn("*What version {version} changes in version {before}*", version=version, before=compared_with)
    blocks = [section(head), *paragraphs(lines or [trusted("Nothing.")])]
    return modal(
        CallbackId.AGREEMENT_CHANGES_VIEW, "All changes", fit(blocks, MOST), close="Close",
        private_metadata=term_value(agreement_id),
    )  # fmt: skip


def draft_view(draft: DraftShown, agreement_id: str) -> View:
    """What one has changed and not proposed yet."""
    count = len(draft.changes)
    what = "1 change" if count == 1 else f"{count} changes"
    head = mrkdwn("*Your draft: {what}*, not proposed yet.", what=what)
    if draft.answers_version is not None:
        head = mrkdwn(
            "*Your draft: {what} to the version in force*, in answer to version {version}. Not proposed yet.",
            what=what, version=draft.answers_version,
        )  # fmt: skip
    value = term_value(agreement_id)
    foot = actions(
        button("Propose…", ActionId.AGREEMENT_PROPOSE, value, style="primary"),
        button("Back to the agreement", ActionId.AGREEMENT_BACK, value),
        button("Discard the draft", ActionId.AGREEMENT_DISCARD, value, style="danger"),
    )
    blocks = [*fit([section(head), *paragraphs(change_lines(draft.changes))], MOST - 1), foot]
    return modal(CallbackId.AGREEMENT_VIEW, TITLE, blocks, close="Close", private_metadata=value)


def paragraphs(lines: list[Mrkdwn]) -> list[Block]:
    """The lines in sections: a new one after a blank line, and before Slack would hide the end of one behind *See
    more*; where there are too many lines for that, in as few as hold them."""
    short = _filled(lines, SEEN_WHOLE)
    return short if len(short) <= MOST // 2 else _filled(lines, TEXT_MAX)


def _filled(lines: list[Mrkdwn], room: int) -> list[Block]:
    blocks: list[Block] = []
    held: list[Mrkdwn] = []
    for line in [*lines, BLANK]:
        is_full = sum(len(one) + 1 for one in held) + len(line) > room
        if held and (is_full or line == BLANK):
            blocks.append(section(join(held)))
            held = []
        if line != BLANK:
            held.append(line)
    return blocks


def _head(shown: AgreementShown) -> Block:
    notice = shown.notice
    unsigned = "in force, not signed" if shown.is_present else "not signed"
    state = unsigned if notice is None else STATE[notice.state]
    trial = trusted("")
    if shown.is_present and shown.is_trial:
        trial = trusted("\n*Trial:* the clock shows; nobody is reminded, and nothing escalates.")
    return section(mrkdwn("*Version {version}*: {state}{trial}", version=shown.version, state=state, trial=trial))


def _menu(shown: AgreementShown) -> Block:
    options = [option("Where it stands", term_value(shown.agreement_id))]
    options += [option(SECTIONS[key], term_value(shown.agreement_id, key)) for key in Section]
    menu = static_select(
        ActionId.AGREEMENT_SECTION,
        options,
        initial=term_value(shown.agreement_id, shown.section),
        placeholder="Section",
    )
    return actions(menu, block_id=f"menu.{shown.section or OVERVIEW}")


def _overview(shown: AgreementShown) -> list[Block]:
    notice = shown.notice
    blocks: list[Block] = []
    if notice is None:
        unsigned = trusted("Nobody has signed this version. New leads run under its windows and reasons all the same.")
        blocks.append(section(unsigned))
    else:
        blocks.append(section(join([standing_line(notice), *signature_lines(notice)])))
        blocks += [section(line) for line in reply_lines(notice.replies)]
        if notice.changes and notice.state in (State.PROPOSED, State.SIGNED):
            label = "Show the change" if len(notice.changes) == 1 else f"Show {len(notice.changes)} changes"
            show = button(label, ActionId.AGREEMENT_CHANGES, term_value(shown.agreement_id))
            before = notice.compared_with
            blocks.append(section(mrkdwn("What it changes in version {version}", version=before), accessory=show))
        can = buttons(notice, in_window=True)
        if can:
            blocks.append(actions(*can))
    if shown.drafted:
        look = button("Open", ActionId.AGREEMENT_DRAFT, term_value(shown.agreement_id))
        blocks.append(section(_drafted(shown.drafted), accessory=look))
    blocks += [_pending(one) for one in shown.pending]
    blocks += [divider(), section(join(_contents(shown)))]
    if shown.defaults:
        blocks.append(context(trusted("⚑  As shipped: nobody has changed it yet.")))
    hint = trusted("Choose a section above to read it, or to propose a change to it.")
    return [*blocks, context(hint)] if _may_edit(shown) else blocks


def _contents(shown: AgreementShown) -> list[Mrkdwn]:
    return [
        mrkdwn("{mark}  {title}", mark="⚑" if key in shown.defaults else "✓", title=SECTIONS[key]) for key in Section
    ]


def _pending(one: Pending) -> Block:
    what = "waits for signatures" if one.state is State.PROPOSED else "is signed, and to come"
    said = mrkdwn(
        "Version {version}, proposed by {name}, {what}.",
        version=one.version, name=escape(one.proposed_by, NAME), what=what,
    )  # fmt: skip
    return section(said, accessory=button("Open", ActionId.AGREEMENT_TERM, term_value(one.agreement_id)))


def _page(shown: AgreementShown, key: Section) -> list[Block]:
    blocks: list[Block] = [header(SECTIONS[key])]
    if key in shown.defaults:
        blocks.append(context(trusted("⚑  As shipped: nobody has changed this section yet.")))
    blocks += paragraphs(section_lines(shown.document, key, shown.names))
    found: list[Element] = []
    if _may_edit(shown):
        value = term_value(shown.agreement_id, key)
        found.append(button("Propose a change…", ActionId.AGREEMENT_EDIT, value, style="primary"))
    place = _ORDER.index(key)
    found.append(button("Back", ActionId.AGREEMENT_BACK, term_value(shown.agreement_id, _ORDER[place - 1])))
    if place + 1 < len(_ORDER):
        found.append(button("Next", ActionId.AGREEMENT_ON, term_value(shown.agreement_id, _ORDER[place + 1])))
    found.append(raise_button(ANY))
    foot: list[Block] = [actions(*found)]
    if shown.drafted:
        look = button("Open your draft", ActionId.AGREEMENT_DRAFT, term_value(shown.agreement_id))
        foot.append(section(_drafted(shown.drafted), accessory=look))
    return [*fit(blocks, MOST - 4), *foot]


def _may_edit(shown: AgreementShown) -> bool:
    waits = shown.notice is not None and shown.notice.state is State.PROPOSED
    return shown.drafted is not None and (shown.is_present or waits)


def _drafted(count: int) -> Mrkdwn:
    return mrkdwn("You have a draft with {what}.", what="1 change" if count == 1 else f"{count} changes")
