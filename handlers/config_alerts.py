"""Where and how campaign alerts are told, as a TOML file says it."""

from __future__ import annotations

from collections.abc import Callable

from handlers.config_tables import Table, TableReader


class AlertsReader(TableReader):
    """Reads `sales_channels` and `alerts_need_approval`."""

    _channel_id: Callable[[str], str | None]

    def _sales_channels(self, general: Table) -> tuple[str, ...] | None:
        """Each once, in the order of the file; None where it does not say."""
        if "sales_channels" not in general:
            return None
        found = []
        for one in self._list(general, "sales_channels", "lockstep"):
            channel = self._channel_id(one) if isinstance(one, str) else None
            if channel is None:
                how = f"there is no channel {one} that I can see; invite @Lockstep to it, or write its id (C…)"
                self._say("lockstep: sales_channels", how)
            else:
                found.append(channel)
        return tuple(dict.fromkeys(found))

    def _alerts_need_approval(self, general: Table) -> bool | None:
        """None where the file does not say."""
        if "alerts_need_approval" not in general:
            return None
        return self._yes_or_no(general, "alerts_need_approval", "lockstep", True)
