"""Every table, a module for each concept. A domain dataclass is a row; the few columns beside it are explained
where they stand.

Constraints are named, so that a migration can find them. Enumerations are text with a CHECK. Conditions that
partial indexes stand on are written with literals, here and in the queries: neither database can see that a
parameter fulfils the condition of an index.
"""

from storage.tables import (
    agreements,
    briefs,
    campaign_alerts,
    clock,
    configuration,
    crm,
    digests,
    disputes,
    handoffs,
    imports,
    leads,
    notes,
    outcomes,
    posts,
    roster,
    search,
)
from storage.tables.columns import metadata

__all__ = [
    "agreements",
    "briefs",
    "campaign_alerts",
    "clock",
    "configuration",
    "crm",
    "digests",
    "disputes",
    "handoffs",
    "imports",
    "leads",
    "metadata",
    "notes",
    "outcomes",
    "posts",
    "roster",
    "search",
]
