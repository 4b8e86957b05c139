"""A number for each of the buckets of which most have none: kept small, read about as fast."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from moderator.judgement.text.features import BUCKETS, Buckets

FEW_NUMBERS = 8  # as many numbers are spread out at the price of looking one up

Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class Sparse(Generic[Number]):
    """`places` are buckets in ascending order, `values` their numbers; all other numbers are 0."""

    places: NDArray[np.uint32]
    values: NDArray[Number]

    @property
    def nbytes(self) -> int:
        return self.places.nbytes + self.values.nbytes

    def dense(self) -> NDArray[Number]:
        """Every bucket's number, in an array of the caller's own."""
        every = np.zeros(BUCKETS, dtype=self.values.dtype)
        every[self.places] = self.values
        return every

    def at(self, buckets: Buckets) -> NDArray[Number]:
        """The numbers of these buckets."""
        if len(buckets) * FEW_NUMBERS >= len(self.places):
            return self.dense()[buckets]
        found = np.searchsorted(self.places, buckets.astype(np.uint32))
        found[found == len(self.places)] = 0
        numbers = self.values[found]
        numbers[self.places[found] != buckets] = 0
        return numbers


def empty(kind: type[Number]) -> Sparse[Number]:
    return Sparse(np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=kind))


def sparse(every: NDArray[Any]) -> Sparse[Any]:
    """What is not 0 of an array with a number for every bucket."""
    places = np.flatnonzero(every)
    return Sparse(places.astype(np.uint32), every[places])
