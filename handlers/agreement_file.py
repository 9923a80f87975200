"""The agreement as a TOML file: written with a line of explanation a section, and read with every mistake named."""

from __future__ import annotations

import textwrap
import tomllib
from typing import Any

import tomlkit
from tomlkit.items import Table

from bot.domain.agreement_data import SECTIONS, data_of
from bot.domain.agreement_document import DEFAULT_DOCUMENT, Document
from bot.domain.agreement_reader import read_document
from bot.errors import ConfigError

_EXPLAINED = {
    "definitions": "words: what it is. Then who creates it, where it is kept, who owns it, and by when what happens.",
    "mql": "criteria are shown on the card as why a lead qualified; a lead must meet criteria_needed of them. "
    "What else is named here must hold, or the lead is kept and not handed over. "
    'minimum_score is by source; "*" is every other source.',
    "windows": "Working time of whoever must act: 15 min, 4 h, 1 h 30 min. A source can have its own, such as "
    '[windows.source.webinar.accept] hot = "1 h".',
    "ladder": "expired: who gets a lead each time its window runs out, in this order; then it is parked and listed. "
    "A shorter window than second_reminder_from reminds only once.",
    "follow_up": "attempts: how many before a lead counts as one that could not be reached.",
    "offers": "What campaigns offer buyers, a line each: a campaign alert names one of them, or marks its own as new.",
    "reasons": "then: recycle, reroute, merge, close or marketing. ask: none, date, person, criterion, lead or text.",
    "contacts": "Whom the other side asks: [[contacts.sales]] and [[contacts.marketing]], each with email and about.",
    "rules": "Sentences both sides keep to, and what follows when one does not.",
    "disagreements": "settle: how long the two managers have before the arbiter gets a dispute. "
    'arbiter: an e-mail of the roster; "" is whoever has the role.',
    "review": 'on: a date, or "" for every_days after it came into force.',
}
_WIDTH = 110


def write_agreement_file(document: Document) -> str:
    """The TOML file from which read_agreement_file gives the same agreement, with a comment for each section."""
    file = tomlkit.document()
    file.add(tomlkit.comment("Lockstep: the agreement of sales and marketing."))
    file.add(tomlkit.comment("`lockstep agreement propose FILE` proposes it; what a file leaves out stays as it is."))
    for section, data in data_of(document).items():
        file.add(tomlkit.nl())
        for line in textwrap.wrap(f"{SECTIONS[section]}. {_EXPLAINED[section]}", _WIDTH):
            file.add(tomlkit.comment(line))
        file.add(section, _table(data))
    return tomlkit.dumps(file)


def read_agreement_file(text: str, base: Document = DEFAULT_DOCUMENT) -> Document:
    """The agreement that the file `text` makes of `base`; what it leaves out stays as in `base`.

    Raises ConfigError with one line for each mistake: where it is, what is wrong, how to mend it.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"The file is not valid TOML: {error}.") from error
    return read_document(data, base)


def _table(data: dict[str, Any]) -> Table:
    table = tomlkit.table()
    for key, value in data.items():
        is_rows = isinstance(value, list) and any(isinstance(item, dict) for item in value)
        if isinstance(value, list) and not is_rows:
            several = tomlkit.array()
            several.extend(value)
            table.add(key, several.multiline(multiline=sum(map(len, map(str, value))) > _WIDTH // 2))
        else:
            table.add(key, value)
    return table
