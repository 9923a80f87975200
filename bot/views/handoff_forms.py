"""The other forms about a lead: reassign, withdraw, release."""

from __future__ import annotations

from bot.services.forms import AssignForm, NoteForm, ReassignForm
from bot.views.blocks import View, modal, section
from bot.views.form_parts import choice_input, lead_section, text_input
from bot.views.ids import BlockId, CallbackId, form_metadata
from bot.views.untrusted import trusted


def reassign_form(form: ReassignForm) -> View:
    """To whom the lead goes instead, and why."""
    blocks = [
        lead_section(form.lead_name, form.company),
        *choice_input(
            BlockId.PERSON_ID,
            "Who should have it?",
            form.people,
            placeholder="Choose a rep",
            nothing="There is no other rep.",
            optional=False,
        ),
        text_input(BlockId.NOTE, "Why?", optional=False, placeholder="The reps concerned read this"),
    ]
    return modal(
        CallbackId.REASSIGN_SUBMIT,
        "Reassign lead",
        blocks,
        submit="Reassign",
        private_metadata=form_metadata(form.handoff_id, form.version),
    )


def assign_form(form: AssignForm) -> View:
    """Who gets a lead that nobody could be offered, and why."""
    blocks = [
        lead_section(form.lead_name, form.company),
        *choice_input(
            BlockId.PERSON_ID,
            "Who should have it?",
            form.people,
            placeholder="Choose a rep",
            nothing="There is no rep.",
            optional=False,
        ),
        text_input(BlockId.NOTE, "Why?", optional=False, placeholder="The rep reads this"),
    ]
    return modal(CallbackId.ASSIGN_SUBMIT, "Assign lead", blocks, submit="Assign", private_metadata=form.lead_id)


def withdraw_form(form: NoteForm) -> View:
    """Why the offer is taken back; the lead is closed."""
    blocks = [
        lead_section(form.lead_name, form.company),
        section(trusted("Nobody is offered this lead any more. It does not count as a reject.")),
        text_input(BlockId.NOTE, "Why?", optional=False, placeholder="The rep and marketing read this"),
    ]
    return modal(
        CallbackId.WITHDRAW_SUBMIT,
        "Withdraw lead",
        blocks,
        submit="Withdraw",
        private_metadata=form_metadata(form.handoff_id, form.version),
    )


def release_form(form: NoteForm) -> View:
    """The owner gives the lead back; it is offered to a colleague."""
    blocks = [
        lead_section(form.lead_name, form.company),
        section(trusted("You give this lead back, and it is offered to a colleague.")),
        text_input(BlockId.NOTE, "Why?", optional=True, placeholder="What your colleague should know"),
    ]
    return modal(
        CallbackId.RELEASE_SUBMIT,
        "Release lead",
        blocks,
        submit="Release",
        private_metadata=form_metadata(form.handoff_id, form.version),
    )
