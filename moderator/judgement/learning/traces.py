"""What a lesson leaves behind, so that it can be learned again when its text is gone.

Numbers of features, no words: which buckets a text has.
"""

import io
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from moderator.judgement.learning.teaching import Lesson
from moderator.judgement.text.features import Features


@dataclass(frozen=True, slots=True)
class StoredLesson:
    """One text as it was taught: its digest, what was said of it, its trace."""

    text: str
    is_spam: bool
    trace: bytes
    is_alone: bool = False

    def lesson(self, key: str) -> Lesson:
        """The lesson again, by the submission that it is from."""
        return Lesson(key, self.is_spam, from_trace(self.trace), self.is_alone)


def stored_lesson(text: str, lesson: Lesson) -> StoredLesson:
    return StoredLesson(digest(text), lesson.is_spam, to_trace(lesson.found), lesson.is_alone)


def digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def to_trace(found: Features) -> bytes:
    """The features of one text, packed."""
    file = io.BytesIO()
    np.savez_compressed(file, buckets=found.buckets.astype(np.uint32))
    return file.getvalue()


def from_trace(trace: bytes) -> Features:
    """Features of one text, enough to learn from."""
    with np.load(io.BytesIO(trace), allow_pickle=False) as parts:
        buckets = parts["buckets"].astype(np.int64)
    return Features(buckets, np.array([0, len(buckets)]))
