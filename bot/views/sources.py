"""Sources in a window: the list, the form for a new one, and its secret, shown once and to one person."""

from __future__ import annotations

from bot.domain.config import KEY_MAX
from bot.services.sources import LIVE, NAME_MAX, NewSecret, SourceRow
from bot.views.blocks import (
    Block,
    View,
    actions,
    button,
    context,
    divider,
    input_block,
    modal,
    option,
    overflow,
    plain_text_input,
    preformatted,
    section,
)
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.links import when
from bot.views.set_up_ref import PAGE, SetUpBlock, choice_value, ref_metadata, turn, within
from bot.views.untrusted import Mrkdwn, escape, mrkdwn, trusted
from bot.views.webhook_example import SECRET_TO_PUT_IN, PublicAddress, curl_example, webhook_url

LIST = "sources"
EXAMPLE, RENEW, END, DELETE = WORDS = ("example", "renew", "end", "delete")
"""What the overflow of a source asks for."""
NAME = 100
NOTE = 300
LOCAL = trusted(
    "⚠️ This address is on Lockstep's own machine. For other systems set `LOCKSTEP_PUBLIC_URL` to the address they"
    " reach it by."
)


def sources_view(rows: tuple[SourceRow, ...], page: int = 0, *, note: str | None = None) -> View:
    """The systems that may post leads, PAGE a page. `note`: what just happened."""
    page = within(page, rows)
    blocks: list[Block] = []
    if note is not None:
        blocks.append(section(mrkdwn("{note}", note=escape(note, NOTE))))
    blocks.append(context(trusted("Each system posts leads to an address of its own and signs them with its secret.")))
    if not rows:
        blocks.append(section(trusted("*No source yet.* Add your CRM, your website's forms or your marketing tool.")))
    blocks += [_row(row) for row in rows[page * PAGE : (page + 1) * PAGE]]
    blocks += turn(LIST, page, rows)
    blocks += [divider(), actions(button("Add a source…", ActionId.SOURCE_ADD, "source", style="primary"))]
    return modal(CallbackId.SOURCES_VIEW, "Sources", blocks, close="Close", private_metadata=ref_metadata(page=page))


def source_form(page: int = 0) -> View:
    """A new source."""
    name = plain_text_input(ActionId.ANSWER, placeholder="Website forms", max_length=NAME_MAX)
    key = plain_text_input(ActionId.ANSWER, placeholder="website", max_length=KEY_MAX)
    blocks = [
        input_block(BlockId.NAME, "Name", name, hint="What people call it."),
        input_block(
            SetUpBlock.KEY,
            "Key",
            key,
            hint="The end of its address: letters, digits, - and _. It cannot be changed later.",
        ),
        section(trusted("Next you see its address, and its secret, which is shown this once.")),
    ]
    return modal(
        CallbackId.SOURCE_SUBMIT, "Add a source", blocks, submit="Add", private_metadata=ref_metadata(page=page)
    )


def secret_view(made: NewSecret, address: PublicAddress) -> View:
    """The secret, this once, with all that is needed to use it."""
    url = webhook_url(address, made.key)
    blocks = [
        section(
            mrkdwn("*{name}* may post leads now. Its secret is shown *this once*: copy it.", name=_short(made.name))
        ),
        section(trusted("*Secret*")),
        preformatted(made.secret),
        section(trusted("*Address*")),
        preformatted(url),
    ]
    if address.is_local:
        blocks.append(context(LOCAL))
    if made.replaces:
        blocks.append(
            section(
                trusted(
                    "The secret before it is still believed. When the sender uses the new one, choose *End the old"
                    " secret…* in the list."
                )
            )
        )
    blocks += [section(trusted("*To try it*, paste this into a terminal. It hands over a lead called Ada Lovelace."))]
    blocks += [preformatted(curl_example(url, made.secret))]
    return modal(CallbackId.SECRET_VIEW, "New secret", blocks, close="I have copied it")


def example_view(row: SourceRow, address: PublicAddress) -> View:
    """Address and example of a source whose secret is known to its sender only."""
    url = webhook_url(address, row.key)
    blocks = [section(mrkdwn("*{name}* posts to this address:", name=_short(row.name))), preformatted(url)]
    if address.is_local:
        blocks.append(context(LOCAL))
    blocks += [
        section(
            trusted(
                "*To hand over a lead from a terminal*, put the source's secret into the first line. It was shown once;"
                " who does not have it makes a new one in the list of sources."
            )
        ),
        preformatted(curl_example(url, SECRET_TO_PUT_IN)),
    ]
    return modal(CallbackId.SECRET_VIEW, "Address and example", blocks, close="Close")


def renew_form(row: SourceRow, page: int = 0) -> View:
    """The question before a source gets a new secret."""
    still = trusted("The present secret is still believed, until you end it: so the sender can change over in peace.")
    if row.secrets >= LIVE:
        still = trusted(
            "⚠️ Two secrets are believed now. The newer one stays so until you end it; *the older one stops at once*."
        )
    return _ask(CallbackId.SOURCE_RENEW, "New secret", row, "Make a new secret", [still], page)


def end_form(row: SourceRow, page: int = 0) -> View:
    """The question before the old secret is believed no more."""
    said = trusted("Only the newest secret is believed from then on. What is signed with the old one is refused.")
    return _ask(CallbackId.SOURCE_END, "End the old secret", row, "End it", [said], page)


def delete_source_form(row: SourceRow, page: int = 0) -> View:
    """The question before a source goes."""
    said = trusted("What it posts is refused from then on, and its secrets are gone. The leads it sent stay.")
    return _ask(CallbackId.SOURCE_DELETE, "Delete source", row, "Delete", [said], page)


def _ask(callback: CallbackId, title: str, row: SourceRow, yes: str, lines: list[Mrkdwn], page: int) -> View:
    named = section(mrkdwn("*{name}* (`{key}`)", name=_short(row.name), key=row.key))
    blocks = [named, *(section(line) for line in lines)]
    return modal(
        callback, title, blocks, submit=yes, private_metadata=ref_metadata(thing=row.key, seen=row.seen, page=page)
    )


def _row(row: SourceRow) -> Block:
    options = [
        option("Address and example", choice_value(EXAMPLE, row.key)),
        option("New secret…", choice_value(RENEW, row.key)),
    ]
    if row.secrets >= LIVE:
        options.append(option("End the old secret…", choice_value(END, row.key)))
    options.append(option("Delete…", choice_value(DELETE, row.key)))
    secrets = "two secrets are believed" if row.secrets >= LIVE else "one secret"
    text = mrkdwn(
        "*{name}*\nKey {key}, since {at}; {secrets}",
        name=_short(row.name),
        key=escape(row.key, NAME),
        at=when(row.created_at),
        secrets=secrets,
    )
    return section(text, accessory=overflow(ActionId.SOURCE_MORE, options))


def _short(text: str) -> Mrkdwn:
    return escape(text, NAME)
