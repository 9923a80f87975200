"""The agreement from Slack: read page by page, changed in a draft, proposed, signed, answered, withdrawn, ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.domain.person import Side
from bot.domain.signing import Wish
from bot.errors import FormError, NotFound
from bot.services import agreement_drafts, agreement_shown, agreements
from bot.services.agreement_drafts import ProposeDraft, SaveSection
from bot.services.agreements import ChangeAgreement, ReplyToAgreement, SignAgreement
from bot.views import agreement_forms as forms
from bot.views.agreement_ref import Listed, TermRef, read_term_value
from bot.views.agreement_window import agreement_view, changes_view, draft_view
from bot.views.ids import ActionId, CallbackId
from handlers.payloads import Click, Submission
from handlers.replies import Replies, View
from handlers.tables import Actions, Submissions
from storage.database import Database


class AgreementHandlers:
    def __init__(self, db: Database, replies: Replies) -> None:
        self._db = db
        self._replies = replies

    def actions(self) -> Actions:
        return {
            ActionId.AGREEMENT_OPEN: self.open,
            ActionId.AGREEMENT_TERM: self.term,
            ActionId.AGREEMENT_SECTION: self.turn,
            ActionId.AGREEMENT_BACK: self.turn,
            ActionId.AGREEMENT_ON: self.turn,
            ActionId.AGREEMENT_EDIT: self.edit,
            ActionId.AGREEMENT_CHANGES: self.changes,
            ActionId.AGREEMENT_DRAFT: self.draft,
            ActionId.AGREEMENT_DISCARD: self.discard,
            ActionId.AGREEMENT_PROPOSE: self.ask_from_when,
            ActionId.AGREEMENT_SIGN: self.ask_to_sign,
            ActionId.AGREEMENT_REPLY: self.ask_what_else,
            ActionId.AGREEMENT_MORE: self.ask_what_becomes,
            ActionId.AGREEMENT_REVIEWED: self.reviewed,
        }

    def submissions(self) -> Submissions:
        return {
            CallbackId.AGREEMENT_EDIT_SUBMIT: self.save,
            CallbackId.AGREEMENT_PROPOSE_SUBMIT: self.propose,
            CallbackId.AGREEMENT_SIGN_SUBMIT: self.sign,
            CallbackId.AGREEMENT_REPLY_SUBMIT: self.reply,
            CallbackId.AGREEMENT_MORE_SUBMIT: self.change,
        }

    async def open(self, click: Click) -> None:
        await self._replies.open_form(click, await self._page(click.by, None))

    async def term(self, click: Click) -> None:
        await self._replies.open_form(click, await self._page(click.by, read_term_value(click.value)))

    async def turn(self, click: Click) -> None:
        ref = read_term_value(click.value)
        load = {Listed.CHANGES: self._changes, Listed.DRAFT: self._draft_or_page, None: self._page}[ref.listed]
        await self._show(click, await load(click.by, ref))

    async def edit(self, click: Click) -> None:
        ref = read_term_value(click.value)
        if ref.section is None:
            raise NotFound("Choose a section first.")
        form = await self._db.read(agreement_drafts.section_form, click.by, ref.agreement_id, ref.section)
        await self._replies.open_form(click, forms.section_form(form))

    async def save(self, submission: Submission) -> None:
        ref = read_term_value(submission.metadata)
        if ref.section is None:
            raise NotFound("Choose a section first.")
        answers = {key: value or "" for key, value in submission.answers.items()}
        command = SaveSection(by=submission.by, agreement_id=ref.agreement_id, section=ref.section, answers=answers)
        await self._db.run(agreement_drafts.save_section, command)
        self._follow(submission, lambda: self._draft_or_page(submission.by, ref))

    async def draft(self, click: Click) -> None:
        await self._show(click, await self._draft_or_page(click.by, read_term_value(click.value)))

    async def discard(self, click: Click) -> None:
        await self._db.run(agreement_drafts.discard_draft, click.by)
        await self._show(click, await self._page(click.by, read_term_value(click.value)))

    async def ask_from_when(self, click: Click) -> None:
        draft = await self._db.read(agreement_drafts.load_draft, click.by)
        await self._replies.open_form(click, forms.propose_form(draft, read_term_value(click.value).agreement_id))

    async def propose(self, submission: Submission) -> None:
        command = ProposeDraft(
            by=submission.by,
            start_on=submission.answer(forms.START),
            start_at=submission.answer(forms.AT),
        )
        agreement = await self._db.run(agreement_drafts.propose_draft, command)
        self._follow(submission, lambda: self._page(submission.by, TermRef(agreement_id=agreement.id)))

    async def changes(self, click: Click) -> None:
        ref = read_term_value(click.value)
        await self._replies.open_form(click, await self._changes(click.by, ref))

    async def ask_to_sign(self, click: Click) -> None:
        ref = read_term_value(click.value)
        form = await self._db.read(agreement_shown.load_sign_form, click.by, ref.agreement_id)
        await self._replies.open_form(click, forms.sign_form(form))

    async def sign(self, submission: Submission) -> None:
        ref, compared_with = forms.read_sign_value(submission.metadata)
        command = SignAgreement(
            by=submission.by, agreement_id=ref.agreement_id, side=_side(submission), compared_with=compared_with
        )
        await self._db.run(agreements.sign_agreement, command)
        self._follow(submission, lambda: self._page(submission.by, ref))

    async def ask_what_else(self, click: Click) -> None:
        ref = read_term_value(click.value)
        notice = await self._db.read(agreement_shown.load_reply_form, click.by, ref.agreement_id)
        await self._replies.open_form(click, forms.reply_form(notice))

    async def reply(self, submission: Submission) -> None:
        ref = read_term_value(submission.metadata)
        text = submission.answer(forms.TEXT) or ""
        command = ReplyToAgreement(by=submission.by, agreement_id=ref.agreement_id, text=text)
        await self._db.run(agreements.reply_to, command)
        self._follow(submission, lambda: self._page(submission.by, ref))

    async def ask_what_becomes(self, click: Click) -> None:
        ref = read_term_value(click.value)
        form = await self._db.read(agreement_shown.load_change_form, click.by, ref.agreement_id)
        await self._replies.open_form(click, forms.more_form(form))

    async def change(self, submission: Submission) -> None:
        ref = read_term_value(submission.metadata)
        wish = submission.answer(forms.WISH)
        if wish is None:
            await self._db.run(agreements.withdraw_agreement, submission.by, ref.agreement_id)
        else:
            command = ChangeAgreement(
                by=submission.by, agreement_id=ref.agreement_id, wish=_wish(wish), side=_side(submission)
            )
            await self._db.run(agreements.change_agreement, command)
        self._follow(submission, lambda: self._page(submission.by, ref))

    async def reviewed(self, click: Click) -> None:
        ref = read_term_value(click.value)
        await self._db.run(agreements.review_agreement, click.by, ref.agreement_id)
        if click.view_id is not None:
            await self._show(click, await self._page(click.by, ref))

    async def _page(self, by: str, ref: TermRef | None) -> View:
        wanted = (None, None) if ref is None else (ref.version_id, ref.section)
        shown = await self._db.read(agreement_shown.load_agreement, by, *wanted)
        return agreement_view(shown, 0 if ref is None else ref.page)

    async def _changes(self, by: str, ref: TermRef) -> View:
        version, before, changes = await self._db.read(agreement_shown.load_changes, by, ref.agreement_id)
        return changes_view(version, before, changes, ref.agreement_id, ref.page)

    async def _draft_or_page(self, by: str, ref: TermRef) -> View:
        draft = await self._db.read(agreement_drafts.own_draft, by)
        return draft_view(draft, ref.agreement_id, ref.page) if draft is not None else await self._page(by, ref)

    async def _show(self, click: Click, view: View) -> None:
        """In the window that was clicked in; elsewhere in a new one."""
        if click.view_id is not None:
            await self._replies.update_form(click.view_id, view)
        else:
            await self._replies.open_form(click, view)

    def _follow(self, submission: Submission, make: Callable[[], Awaitable[View]]) -> None:
        """The window under a form shows what is so now."""
        if submission.previous_view_id is not None:
            self._replies.follow_form(submission.previous_view_id, make)


def _side(submission: Submission) -> Side | None:
    answer = submission.answer(forms.SIDE)
    if answer is None:
        return None
    if answer not in list(Side):
        raise FormError({forms.SIDE: "Choose one of the list."})
    return Side(answer)


def _wish(answer: str) -> Wish | None:
    if answer == forms.TAKE_BACK:
        return None
    if answer not in list(Wish):
        raise FormError({forms.WISH: "Choose one of the list."})
    return Wish(answer)
