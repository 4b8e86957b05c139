"""Finds texts that nearly repeat earlier ones, in Redis: one key per band of a sketch, with an end.

A band's key holds its members end to end: 16 bytes of submission id, 4 that tell its site, then the
low bytes of the 64 sketch values, so that the answer needs no second look. A hot band is capped at
its first members, so a campaign of any size costs the same. One script call serves a whole batch.

All sites share a band, so that a campaign is seen across them. Where others have filled it, the
first members of a site find room in a key of the site's own: nobody crowds them out.
"""

import logging
import time
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from hashlib import blake2b

import numpy as np
import redis
from numpy.typing import NDArray

from moderator.clients.breaker import Breaker
from moderator.clients.redis.connect import why
from moderator.clients.redis.near_gap import BANDS_BEGIN, KEEP, PATIENCE_SECONDS, NearGap
from moderator.domain.ports import NearMatch, SketchedText
from moderator.judgement.near.index import ID_BYTES, NearMatches, ids_of, matches
from moderator.judgement.near.sketch import BANDS, PERMUTATIONS, band_keys, likeness

log = logging.getLogger(__name__)

MEMBERS = 24  # of one band that are remembered: the first of all sites, and the first of each
KEY = 8  # bytes of a band's key
SITE = 2  # tells sites apart well enough to share room: what a site sees, the rows decide
ENTRY = ID_BYTES + SITE + PERMUTATIONS
RECORD = BANDS * KEY + ENTRY
CAP = MEMBERS * ENTRY

Bytes = NDArray[np.uint8]

# Each record: 16 band keys, then the entry. Each is told of those before it, in its batch too.
MEET = f"""
local records, seconds, prefix = ARGV[1], ARGV[2], ARGV[3]
local KEY, ID_BYTES, ENTRY, BANDS = {KEY}, {ID_BYTES}, {ENTRY}, {BANDS}
local RECORD, CAP, MEMBERS, SITE = {RECORD}, {CAP}, {MEMBERS}, {SITE}
local call, sub = redis.call, string.sub
local answers = {{}}
local id, site, found, seen, counts

-- Collect who is in a key, once for all bands that hold the same; return how many are of the same
-- site, or false when the newcomer itself is there.
local function gather(members)
  local own = counts[members]
  if own ~= nil then
    return own
  end
  own = 0
  for start = 1, #members, ENTRY do
    local other = sub(members, start, start + ID_BYTES - 1)
    if other == id then
      own = false
    elseif not seen[other] then
      seen[other] = true
      found[#found + 1] = sub(members, start, start + ENTRY - 1)
    end
    if own and sub(members, start + ID_BYTES, start + ID_BYTES + SITE - 1) == site then
      own = own + 1
    end
  end
  counts[members] = own
  return own
end

-- Add to the band, or to the site's own key; the band stays as long as what overflowed from it.
local function keep(band, name, members, entry)
  call(members and 'APPEND' or 'SET', name, entry)
  call('EXPIRE', name, seconds)
  if name ~= band then
    call('EXPIRE', band, seconds)
  end
end

for at = 1, #records, RECORD do
  local entry = sub(records, at + BANDS * KEY, at + RECORD - 1)
  local names = {{}}
  id, site = sub(entry, 1, ID_BYTES), sub(entry, ID_BYTES + 1, ID_BYTES + SITE)
  found, seen, counts = {{}}, {{}}, {{}}
  for band = 1, BANDS do
    names[band] = prefix .. sub(records, at + (band - 1) * KEY, at + band * KEY - 1)
  end
  local bands = call('MGET', unpack(names))
  for band = 1, BANDS do
    local name, members = names[band], bands[band]
    if not members then
      call('SET', name, entry, 'EX', seconds)
    else
      local place, own = name, gather(members)
      if own and own < MEMBERS and #members >= CAP then
        place = name .. site
        members = call('GET', place)
        local more = members and gather(members)
        own = not members and own or more and own + more
      end
      if own and own < MEMBERS and (not members or #members < CAP) then
        keep(name, place, members, entry)
      end
    end
  end
  answers[#answers + 1] = table.concat(found)
end
return answers
"""


class RedisNearIndex(NearGap):
    """Honours domain.ports.NearIndex and usecases.run.near_index.Mendable."""

    def __init__(
        self,
        redis_url: str,
        *,
        prefix: str = "",
        keep: timedelta = KEEP,
        patience: float = PATIENCE_SECONDS,
        breaker: Breaker | None = None,
    ) -> None:
        super().__init__(redis_url, prefix=prefix, keep=keep, patience=patience)
        self._bands = f"{prefix}{BANDS_BEGIN}"
        self._meet = self._redis.register_script(MEET)
        self._breaker = breaker or Breaker()
        self._lost_at: float | None = None  # when Redis was first missed

    def find_and_add(self, newcomers: Sequence[SketchedText]) -> list[tuple[NearMatch, ...]] | None:
        """Remember all, then say whom each resembles; None when Redis does not answer."""
        if not newcomers:
            return []
        if self._breaker.is_open:
            return None
        records = _records(newcomers)
        try:
            answers = self._meet(args=[records.tobytes(), self._seconds, self._bands])
            if self._lost_at is not None:
                self.tell_what_lacks(self._lost_at)
                self._lost_at = None
        except (redis.RedisError, OSError) as error:
            self._breaker.trip()
            if self._lost_at is None:
                self._lost_at = time.monotonic()
            log.warning("near index failed error=%s", why(error))
            return None
        return _matches(records, answers)


def _records(newcomers: Sequence[SketchedText]) -> Bytes:
    """One row per newcomer: 16 band keys, its id, its site, the low bytes of its sketch."""
    joined = b"".join(newcomer.sketch for newcomer in newcomers)
    sites = b"".join(_site(newcomer.site_id) for newcomer in newcomers)
    sketches = np.frombuffer(joined, dtype="<u4").reshape(-1, PERMUTATIONS)
    records = np.empty((len(newcomers), RECORD), dtype=np.uint8)
    entry = BANDS * KEY
    keys = band_keys(sketches).astype("<u8").view(np.uint8)
    records[:, :entry] = keys.reshape(len(sketches), entry)
    records[:, entry : entry + ID_BYTES] = ids_of(newcomers)
    records[:, entry + ID_BYTES : -PERMUTATIONS] = np.frombuffer(sites, dtype=np.uint8).reshape(
        -1, SITE
    )
    records[:, -PERMUTATIONS:] = sketches.astype(np.uint8)
    return records


@lru_cache(maxsize=4096)
def _site(site_id: str) -> bytes:
    """Tell sites apart well enough to share room; what a site sees, the rows decide."""
    return blake2b(site_id.encode("utf-8", "surrogatepass"), digest_size=SITE).digest()


def _matches(records: Bytes, answers: Sequence[bytes]) -> list[tuple[NearMatch, ...]]:
    """Compare each newcomer's sketch with those that share a band."""
    counts = [len(answer) // ENTRY for answer in answers]
    found = np.frombuffer(b"".join(answers), dtype=np.uint8).reshape(-1, ENTRY)
    who = np.repeat(np.arange(len(answers)), counts)
    mine = records[who, BANDS * KEY :]
    own = (found[:, ID_BYTES : ID_BYTES + SITE] == mine[:, ID_BYTES : ID_BYTES + SITE]).all(axis=1)
    shares = likeness(found[:, ID_BYTES + SITE :], mine[:, ID_BYTES + SITE :])
    ids = records[:, BANDS * KEY : BANDS * KEY + ID_BYTES]
    return matches(ids, NearMatches(who, found[:, :ID_BYTES], own, shares))
