"""The agreement in a window: where it stands, and each section as a page."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.agreement_changes import Change
from bot.domain.agreement_data import SECTIONS, Section
from bot.domain.signing import State
from bot.services.agreement_drafts import DraftShown
from bot.services.agreement_shown import AgreementShown, Pending
from bot.services.dispute_forms import ANY
from bot.views.agreement_difference import all_change_lines
from bot.views.agreement_notice import buttons
from bot.views.agreement_pages import Page, page_of, paragraphs
from bot.views.agreement_ref import OVERVIEW, Listed, term_value
from bot.views.agreement_sections import section_lines
from bot.views.agreement_words import (
    NAME,
    STATE,
    reply_lines,
    signature_lines,
    standing_line,
)
from bot.views.blocks import (
    Block,
    Element,
    View,
    actions,
    button,
    context,
    divider,
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
MOST_REPLIES = 20
MOST_PENDING = 20
_ORDER = (None, *Section)


def agreement_view(shown: AgreementShown, page: int = 0) -> View:
    """One page: the overview, or a section or a part of a long one, with a way to every other one."""
    blocks = [_head(shown), _menu(shown)]
    blocks += _overview(shown) if shown.section is None else _page(shown, shown.section, page)
    ref = term_value(shown.agreement_id, shown.section, page)
    return modal(CallbackId.AGREEMENT_VIEW, TITLE, blocks, close="Close", private_metadata=ref)


def changes_view(version: int, compared_with: int, changes: Sequence[Change], agreement_id: str, page: int = 0) -> View:
    """Every line of difference, each text whole, on as many pages as that takes."""
    head = mrkdwn("*What version {version} changes in version {before}*", version=version, before=compared_with)
    shown = page_of(paragraphs(all_change_lines(changes) or [trusted("Nothing.")]), page)
    blocks = [section(head), *_which(shown), *shown.blocks, *_turn(shown, agreement_id, Listed.CHANGES)]
    return modal(
        CallbackId.AGREEMENT_CHANGES_VIEW, "All changes", blocks, close="Close",
        private_metadata=term_value(agreement_id),
    )  # fmt: skip


def draft_view(draft: DraftShown, agreement_id: str, page: int = 0) -> View:
    """What one has changed and not proposed yet, each text whole."""
    count = len(draft.changes)
    what = "1 change" if count == 1 else f"{count} changes"
    head = mrkdwn("*Your draft: {what}*, not proposed yet.", what=what)
    if draft.answers_version is not None:
        head = mrkdwn(
            "*Your draft: {what} to the version in force*, in answer to version {version}. Not proposed yet.",
            what=what, version=draft.answers_version,
        )  # fmt: skip
    value = term_value(agreement_id)
    shown = page_of(paragraphs(all_change_lines(draft.changes)), page)
    foot = actions(
        button("Propose…", ActionId.AGREEMENT_PROPOSE, value, style="primary"),
        button("Back to the agreement", ActionId.AGREEMENT_BACK, value),
        button("Discard the draft", ActionId.AGREEMENT_DISCARD, value, style="danger"),
    )
    blocks = [section(head), *_which(shown), *shown.blocks, *_turn(shown, agreement_id, Listed.DRAFT), foot]
    return modal(CallbackId.AGREEMENT_VIEW, TITLE, blocks, close="Close", private_metadata=value)


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
        if notice.changes and notice.state in (State.PROPOSED, State.SIGNED):
            label = "Show the change" if len(notice.changes) == 1 else f"Show {len(notice.changes)} changes"
            show = button(label, ActionId.AGREEMENT_CHANGES, term_value(shown.agreement_id))
            before = notice.compared_with
            blocks.append(section(mrkdwn("What it changes in version {version}", version=before), accessory=show))
        can = buttons(notice, in_window=True)
        if can:
            blocks.append(actions(*can))
        earlier = len(notice.replies) - MOST_REPLIES
        if earlier > 0:
            blocks.append(context(mrkdwn("{count} earlier answers are not shown.", count=earlier)))
        blocks += [section(line) for line in reply_lines(notice.replies[-MOST_REPLIES:])]
    if shown.drafted:
        look = button("Open", ActionId.AGREEMENT_DRAFT, term_value(shown.agreement_id))
        blocks.append(section(_drafted(shown.drafted), accessory=look))
    blocks += [_pending(one) for one in shown.pending[-MOST_PENDING:]]
    if len(shown.pending) > MOST_PENDING:
        blocks.append(context(mrkdwn("and {count} older ones", count=len(shown.pending) - MOST_PENDING)))
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


def _which(shown: Page) -> list[Block]:
    if shown.count == 1:
        return []
    return [context(mrkdwn("Page {number} of {count}", number=shown.number + 1, count=shown.count))]


def _turn(shown: Page, agreement_id: str, place: Listed) -> list[Block]:
    """To the page before and the one after, where there are any."""
    found: list[Element] = []
    if shown.number:
        before = term_value(agreement_id, place, shown.number - 1)
        found.append(button("Page back", ActionId.AGREEMENT_BACK, before))
    if shown.number + 1 < shown.count:
        found.append(button("Next page", ActionId.AGREEMENT_ON, term_value(agreement_id, place, shown.number + 1)))
    return [actions(*found)] if found else []


def _page(shown: AgreementShown, key: Section, page: int) -> list[Block]:
    blocks: list[Block] = [header(SECTIONS[key])]
    if key in shown.defaults:
        blocks.append(context(trusted("⚑  As shipped: nobody has changed this section yet.")))
    part = page_of(paragraphs(section_lines(shown.document, key, shown.names)), page)
    blocks += [*_which(part), *part.blocks]
    found: list[Element] = []
    if _may_edit(shown):
        value = term_value(shown.agreement_id, key)
        found.append(button("Propose a change…", ActionId.AGREEMENT_EDIT, value, style="primary"))
    place, own = _ORDER.index(key), shown.agreement_id
    back = term_value(own, key, part.number - 1) if part.number else term_value(own, _ORDER[place - 1])
    found.append(button("Back", ActionId.AGREEMENT_BACK, back))
    if part.number + 1 < part.count:
        found.append(button("Next", ActionId.AGREEMENT_ON, term_value(own, key, part.number + 1)))
    elif place + 1 < len(_ORDER):
        found.append(button("Next", ActionId.AGREEMENT_ON, term_value(own, _ORDER[place + 1])))
    found.append(raise_button(ANY))
    foot: list[Block] = [actions(*found)]
    if shown.drafted:
        look = button("Open your draft", ActionId.AGREEMENT_DRAFT, term_value(shown.agreement_id))
        foot.append(section(_drafted(shown.drafted), accessory=look))
    return [*blocks, *foot]


def _may_edit(shown: AgreementShown) -> bool:
    waits = shown.notice is not None and shown.notice.state is State.PROPOSED
    return shown.drafted is not None and (shown.is_present or waits)


def _drafted(count: int) -> Mrkdwn:
    return mrkdwn("You have a draft with {what}.", what="1 change" if count == 1 else f"{count} changes")
