"""Values of digests' set-up, with any text in every field that holds one."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from hypothesis import strategies as st

from bot.domain.digest import Digest, DigestKind, DigestState, Schedule
from bot.services.digest_set_up import DigestForm, DigestRow, DigestsList, Offer
from bot.services.digests import DigestShown
from bot.views.digest import digest_preview, render_digest
from bot.views.digests import digest_form, digests_view
from tests.views import samples_digests
from tests.views.samples import NOW, OTHER, hostile, hostile_or_none
from tests.views.samples_digests import campaign_digests, notes_digests

zones = st.sampled_from(["Europe/Berlin", "Pacific/Kiritimati", "Australia/Lord_Howe"])
places = st.sampled_from(["C0POOL", "U0SAM"])
days = st.sets(st.integers(0, 6), min_size=1).map(lambda found: tuple(sorted(found)))
times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
schedules = st.builds(
    Schedule, id=st.just(OTHER), name=hostile, kind=st.sampled_from(DigestKind), place=places, weekdays=days, at=times,
    tz=zones, is_on=st.booleans(), silent_when_empty=st.booleans(), next_period=st.none() | st.just(NOW.date()),
    next_at=st.none() | st.just(NOW), told_until=st.just(NOW), made_by=st.none(), created_at=st.just(NOW),
    updated_at=st.just(NOW),
)  # fmt: skip
settled = st.builds(
    Digest, id=st.just(OTHER), schedule_id=st.just(OTHER), period=st.none() | st.just(date(2026, 3, 2)),
    state=st.sampled_from(DigestState), due_at=st.just(NOW), from_at=st.just(NOW - timedelta(days=7)),
    until_at=st.just(NOW), made_at=st.just(NOW), late_s=st.none() | st.integers(300, 10**6),
    sent_by=st.none() | st.just(OTHER),
)  # fmt: skip
rows = st.builds(
    DigestRow, schedule=schedules, reader=hostile_or_none, reader_left=st.booleans(), last=st.none() | settled
)  # fmt: skip
offers = st.builds(Offer, kind=st.sampled_from(DigestKind), place=st.just("C0POOL"), tz=zones)
lists = st.builds(
    DigestsList, rows=st.lists(rows, max_size=30).map(tuple), offers=st.lists(offers, max_size=2).map(tuple)
)  # fmt: skip
forms = st.builds(
    DigestForm, id=st.sampled_from(["", OTHER]), seen=st.just("0123456789abcdef"), name=hostile,
    kind=st.none() | st.sampled_from(DigestKind), channel=st.none() | st.just("C0POOL"),
    person=st.none() | st.just("U0SAM"), weekdays=days, at=times, tz=zones, silent_when_empty=st.booleans(),
    closing_line=st.booleans(),
)  # fmt: skip
shown = st.builds(DigestShown, content=notes_digests(1) | campaign_digests(1), sent_by=hostile_or_none)

VIEWS: dict[str, tuple[st.SearchStrategy[Any], Any]] = {
    "digests": (st.tuples(lists, hostile_or_none), lambda found: digests_view(found[0], note=found[1])),
    "digest form": (forms, digest_form),
    "digest sent now": (shown, render_digest),
    "preview of a digest": (st.tuples(shown, hostile), lambda found: digest_preview(*found)),
}
IDS = samples_digests.IDS | {"place", "channel", "person", "seen"}
"""Not text: ids, marks, and zones, which the form checks."""
