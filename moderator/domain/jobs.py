"""The names of the background jobs: queue rows, Celery tasks and routes all use these."""

from enum import StrEnum


class Job(StrEnum):
    CHECK = "check"  # local checks, in batches
    REACH = "reach"  # checks that need the network, many at a time
    ASK = "ask"  # again those who gave no answer
    REVERIFY = "reverify"  # a later look at the source of a linkback
    DELIVER = "deliver"  # callbacks
    LEARN = "learn"  # from what people decided
    TEACH = "teach"  # a spam service where a person overruled it
