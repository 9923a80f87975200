"""The form in which an admin says who reads all field notes."""

from __future__ import annotations

from bot.domain.person import Side
from bot.services.note_set_up import NoteReadersForm
from bot.views.blocks import Element, View, button, context, input_block, modal, option
from bot.views.ids import ActionId
from bot.views.note_ids import NoteAction, NoteBlock, NoteCallback
from bot.views.pickers import checkboxes
from bot.views.set_up_ids import seen_metadata
from bot.views.untrusted import trusted

LABELS = {
    Side.SALES: "Sales",
    Side.MARKETING: "Marketing",
    Side.LEADERSHIP: "Leadership",
    Side.OTHER: "Everybody else on the roster",
}


def note_readers_button() -> Element:
    return button("Field notes…", NoteAction.SET_UP, "notes")


def note_readers_form(form: NoteReadersForm) -> View:
    """One box a side."""
    boxes = checkboxes(
        ActionId.ANSWER,
        [option(LABELS[side], side.value) for side in Side],
        initial=[one.value for one in form.read_by],
    )
    blocks = [
        input_block(NoteBlock.READ_BY, "Who reads all field notes?", boxes, optional=True),
        context(
            trusted(
                "Everybody on the roster writes them and reads their own. Whoever answers a note reads it: the owner of"
                " its campaign, and marketing's managers. Notes for managers only are read by the managers of these"
                " sides."
            )
        ),
    ]
    return modal(
        NoteCallback.SET_UP_SUBMIT, "Field notes", blocks, submit="Save", private_metadata=seen_metadata("", form.seen)
    )
