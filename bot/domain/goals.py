"""What the two sides owe each other in numbers, as somebody can disagree with it; each is in the agreement."""

from __future__ import annotations

GOALS = {
    "score": "Minimum score of an MQL",
    "offer": "Engaged to offered, in time",
    "accept": "Accept or reject in time",
    "first_contact": "First attempt to reach a lead in time",
    "attempts": "Attempts before a lead could not be reached",
    "answer_reject": "Answer to a reject in time",
    "answer_note": "Answer to a field note in time",
    "alert": "Alert before a campaign starts",
    "recycles": "How often a lead comes back",
    "other": "Another goal",
}
"""By the word under which a disagreement is stored, in the order in which the form lists them."""
