"""What a lesson leaves behind, so that it can be taken back when its text is gone.

Numbers of features, no words: which buckets a text has, and which of them are words.
"""

import io
from dataclasses import dataclass

import numpy as np

from moderator.judgement.features import Features, features
from moderator.judgement.site_layer import digest


@dataclass(frozen=True, slots=True)
class Taught:
    """One text as it was taught: its digest, what was said of it, its trace."""

    key: str
    is_spam: bool
    trace: bytes


def taught(text: str, *, is_spam: bool) -> Taught:
    return Taught(digest(text), is_spam, to_trace(features([text])))


def to_trace(found: Features) -> bytes:
    """The features of one text, packed."""
    file = io.BytesIO()
    np.savez_compressed(
        file,
        buckets=found.buckets.astype(np.uint32),
        words=np.unique(found.word_buckets).astype(np.uint32),
    )
    return file.getvalue()


def from_trace(trace: bytes) -> Features:
    """Features of one text, enough to move a layer by."""
    with np.load(io.BytesIO(trace), allow_pickle=False) as parts:
        buckets = parts["buckets"].astype(np.int64)
        words = parts["words"].astype(np.int64)
    owners = np.zeros(len(words), dtype=np.int64)
    return Features(buckets, np.array([0, len(buckets)]), words, owners, np.array([len(words)]))
