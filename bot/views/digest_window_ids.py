"""What the controls inside digests, and in the windows with everything in them, are called and carry. Whatever comes
back is untrusted, as in ids.py: who opens a window sees what they may read, whoever's digest it was."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain.digest import DigestKind
from bot.errors import NotFound
from bot.services.digest_window import Part, WindowRef
from bot.views.ids import PAGE_MAX

_UNREADABLE = "I cannot read this button any more. The next digest has it again."
_SHAPE = re.compile(r"([nc])\.(\d{1,13})\.(\d{1,13})\.([a-z_]{1,32})\.(\d{1,5})")
_KINDS = {"n": DigestKind.FIELD_NOTES, "c": DigestKind.CAMPAIGNS}
_LETTERS = {kind: letter for letter, kind in _KINDS.items()}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class WindowAction(StrEnum):
    ALL = "digest.all"
    """Show all: everything of the period, in a window; carries `window_value`, as the next two and the options of the
    third."""
    BACK = "digest.all.back"
    ON = "digest.all.on"
    PART = "digest.all.part"


class WindowCallback(StrEnum):
    ALL_VIEW = "digest.all.view"


def window_value(ref: WindowRef) -> str:
    """The value of a control that shows a page of everything."""
    since, until = ((instant - _EPOCH) // _MILLISECOND for instant in (ref.from_at, ref.until_at))
    return f"{_LETTERS[ref.kind]}.{since}.{until}.{ref.part}.{ref.page}"


def read_window_value(text: str) -> WindowRef:
    """Raises NotFound for anything `window_value` never made."""
    found = _SHAPE.fullmatch(text) if text.isascii() else None
    if found is None or found[4] not in list(Part):
        raise NotFound(_UNREADABLE)
    since, until = (_EPOCH + int(one) * _MILLISECOND for one in (found[2], found[3]))
    if not _FIRST <= since <= until <= _LAST:
        raise NotFound(_UNREADABLE)
    return WindowRef(
        kind=_KINDS[found[1]], from_at=since, until_at=until, part=Part(found[4]), page=min(int(found[5]), PAGE_MAX)
    )
