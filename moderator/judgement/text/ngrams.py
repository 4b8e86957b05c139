"""Hashes of the character n-grams of a whole batch at once: what the model and the sketches share.

The texts of a batch are laid end to end as code points; a gram never reaches over the end of its
text. All arithmetic is modulo 2^32.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint32]
Places = NDArray[np.int64]

FACTORS = tuple(
    np.uint32(odd) for odd in (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1)
)


CHUNK_LETTERS = 12_000  # characters that are worked on at once: more do not fit a processor's cache


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts end to end: `points` are code points, text i spans `starts[i]` to `starts[i+1]`."""

    points: Hashes
    starts: Places

    @property
    def size(self) -> int:
        return len(self.starts) - 1


@dataclass(frozen=True, slots=True)
class Grams:
    """The gram hashes of a batch; those of text i are `hashes[starts[i]:starts[i+1]]`."""

    hashes: Hashes
    starts: Places
    places: Places


def batch(texts: Sequence[str]) -> Batch:
    """Lay the texts end to end."""
    starts = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum([len(text) for text in texts], out=starts[1:])
    encoded = "".join(texts).encode("utf-32-le", "surrogatepass")
    return Batch(np.frombuffer(encoded, dtype=np.uint32), starts)


def portions(places: Iterable[int], texts: Sequence[str]) -> Iterator[list[int]]:
    """Places of texts in groups worked on together, each of CHUNK_LETTERS or one long text."""
    group: list[int] = []
    size = 0
    for place in places:
        if group and size + len(texts[place]) > CHUNK_LETTERS:
            yield group
            group, size = [], 0
        group.append(place)
        size += len(texts[place])
    if group:
        yield group


def gram_hashes(points: Hashes, width: int) -> Hashes:
    """Hash every `width` code points that follow each other, whatever texts they are of."""
    count = max(len(points) - width + 1, 0)
    mixed = np.full(count, width * 0x01000193, dtype=np.uint32)
    for offset in range(width):
        mixed += points[offset : offset + count] * FACTORS[offset]
        mixed ^= mixed >> np.uint32(15)
        mixed *= FACTORS[0]
    mixed ^= mixed >> np.uint32(13)
    mixed *= FACTORS[1]
    mixed ^= mixed >> np.uint32(16)
    return mixed


def grams(texts: Batch, width: int) -> Grams:
    """Hash every gram of `width` code points; `places` says where each starts in the batch."""
    mixed = gram_hashes(texts.points, width)
    lengths = np.maximum(np.diff(texts.starts) - width + 1, 0)
    starts = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    places = np.arange(starts[-1]) + np.repeat(texts.starts[:-1] - starts[:-1], lengths)
    return Grams(mixed[places], starts, places)
