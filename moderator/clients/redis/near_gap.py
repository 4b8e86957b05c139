"""What the index of near copies knows of its own gaps: since when texts may be missing in Redis."""

import time
from datetime import timedelta

import redis

from moderator.clients.redis.connect import connect
from moderator.domain.queue import REFILL_LEASE

PATIENCE_SECONDS = 1.0  # seconds that Redis has for a batch; no request waits for it
KEEP = timedelta(days=14)  # that a text is remembered after it was last repeated
BANDS_BEGIN = "alike:"
WHOLE, LACKS, MENDING = f"{BANDS_BEGIN}whole", f"{BANDS_BEGIN}lacks", f"{BANDS_BEGIN}mending"
MARGIN_MILLISECONDS = (
    3_600_000  # milliseconds: longer than a submission waits between arrival and judgement
)
HOLD = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
MENDED = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local lacks = redis.call('GET', KEYS[2])
if lacks and tonumber(lacks) >= tonumber(ARGV[2]) then redis.call('DEL', KEYS[2]) end
redis.call('SET', KEYS[3], '1')
redis.call('DEL', KEYS[1])
return 1
"""


class NearGap:
    """Three keys in Redis that say whether the near index is complete.

    WHOLE exists as long as Redis was not emptied; LACKS is the time (Unix milliseconds) from which
    texts are missing because Redis was away; MENDING is the lease of who refills the index.
    """

    def __init__(
        self,
        redis_url: str,
        *,
        prefix: str = "",
        keep: timedelta = KEEP,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._whole, self._lacks, self._mending = (
            f"{prefix}{name}" for name in (WHOLE, LACKS, MENDING)
        )
        self._redis = connect(redis_url, patience)
        self._hold = self._redis.register_script(HOLD)
        self._mended = self._redis.register_script(MENDED)
        self._seconds = int(keep.total_seconds())

    def tell_what_lacks(self, lost_at: float) -> None:
        """Note from when on texts may be missing: before anybody else's note, if there is one."""
        since = self._now() - int((time.monotonic() - lost_at) * 1000) - MARGIN_MILLISECONDS
        noted = self._redis.get(self._lacks)
        if noted is None or int(noted) > since:
            self._redis.set(self._lacks, since)

    def _now(self) -> int:
        seconds, micros = self._redis.time()
        return int(seconds) * 1000 + int(micros) // 1000

    def gap(self) -> int | None:
        """Since when (Unix milliseconds) texts may be missing; None when none are, or who knows."""
        try:
            whole, lacks = self._redis.mget(self._whole, self._lacks)
            if whole is None:
                return self._now() - self._seconds * 1000
        except (redis.RedisError, OSError):
            return None
        return None if lacks is None else int(lacks)

    def doubt(self) -> bool:
        """Say that any text may be missing, so that all are read again; False without Redis."""
        try:
            self._redis.delete(self._whole)
        except (redis.RedisError, OSError):
            return False
        return True

    def hold(self, token: str) -> bool:
        """Take or renew the lease of who refills the index; False when another has it, or Redis is
        away.
        """
        try:
            lease = REFILL_LEASE // timedelta(milliseconds=1)
            return bool(self._hold(keys=[self._mending], args=[token, lease]))
        except (redis.RedisError, OSError):
            return False

    def mended(self, token: str, gap: int) -> bool:
        """Say that all since `gap` is known again; False when Redis was emptied meanwhile."""
        try:
            keys = [self._mending, self._lacks, self._whole]
            return bool(self._mended(keys=keys, args=[token, gap]))
        except (redis.RedisError, OSError):
            return False
