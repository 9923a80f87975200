"""The routing rules."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from bot.domain.matching import Condition
from bot.domain.routing import Rule
from storage.repository import Repository
from storage.tables.roster import routing_rules

_ALL = sa.select(routing_rules).order_by(routing_rules.c.position)
_REMOVE_ALL = routing_rules.delete()
_ADD = routing_rules.insert()


class Rules(Repository):
    __slots__ = ()

    def all(self) -> list[Rule]:
        """In the order they are tried."""
        return [
            Rule(
                id=row.id,
                position=row.position,
                name=row.name,
                condition=Condition(field=row.field, operator=row.operator, value=row.value),
                target=row.target,
                target_id=row.target_id,
            )
            for row in self._all(_ALL)
        ]

    def replace(self, rules: Iterable[Rule]) -> None:
        """These are the rules, and no others."""
        self._change(_REMOVE_ALL, {})
        self._change_each(
            _ADD,
            [
                {
                    "id": rule.id,
                    "position": rule.position,
                    "name": rule.name,
                    "field": rule.condition.field,
                    "operator": rule.condition.operator,
                    "value": rule.condition.value,
                    "target": rule.target,
                    "target_id": rule.target_id,
                }
                for rule in rules
            ],
        )
