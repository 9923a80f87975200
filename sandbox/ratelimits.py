"""How often the app may call: Slack's tiers, and one message a second and channel.

Source: docs.slack.dev/apis/web-api/rate-limits. Slack promises at least these rates and tolerates short bursts; how
long a burst may be is not documented, so the bursts here are ours.
"""

import math

POSTS_PER_SECOND = 1.0
POST_BURST = 5
WORKSPACE_POSTS_PER_MINUTE = 300


class RateLimits:
    """Buckets that fill with the sandbox's time. A key's bucket starts full."""

    def __init__(self) -> None:
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, key: str, *, burst: float, per_second: float, now: float) -> int:
        """Use one of `key`; 0 when there was one, else the whole seconds until there is one (nothing is used)."""
        level, at = self._buckets.get(key, (burst, now))
        level = min(burst, level + (now - at) * per_second)
        if level >= 1.0 - 1e-9:
            self._buckets[key] = (level - 1.0, now)
            return 0
        self._buckets[key] = (level, now)
        return max(1, math.ceil((1.0 - level) / per_second))

    def take_post(self, channel: str, now: float) -> int:
        """Use one message of a channel and of the workspace; 0 or the seconds to wait."""
        wait = self.take(f"post:{channel}", burst=POST_BURST, per_second=POSTS_PER_SECOND, now=now)
        if wait:
            return wait
        per_second = WORKSPACE_POSTS_PER_MINUTE / 60
        return self.take("posts", burst=WORKSPACE_POSTS_PER_MINUTE, per_second=per_second, now=now)

    def take_call(self, method: str, per_minute: int, now: float) -> int:
        """Use one call of a method; 0 or the seconds to wait."""
        return self.take(f"call:{method}", burst=per_minute, per_second=per_minute / 60, now=now)

    def clear(self) -> None:
        self._buckets.clear()
