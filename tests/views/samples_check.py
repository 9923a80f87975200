"""Findings as an installation may have them, with hostile names in them."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.domain.findings import Area, Finding, Verdict
from tests.views.samples import hostile

hostile_findings = st.lists(
    st.builds(
        Finding, area=st.sampled_from(list(Area)), verdict=st.sampled_from(list(Verdict)), says=hostile, fix=hostile
    ),
    max_size=80,
)
