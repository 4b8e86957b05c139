"""Keeps the words by which a submission is found: of what waits for a person, or ever did.

What the service approved or refused by itself costs nothing here. Words are written and taken away
in the transaction of what they follow from: a decision, an edit, an erasure.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from moderator.domain.content.facts import Facts
from moderator.domain.pages.find import facet, words_of
from moderator.domain.submission import Submission
from moderator.domain.verdict import Reason
from moderator.judgement.text.languages import language_of
from moderator.storage.base.bulk_sql import InsertRows, SelectIn
from moderator.storage.base.database import Statement
from moderator.storage.base.payload import load_reasons, load_submission

READ = SelectIn(
    "SELECT s.id, s.payload, d.reasons FROM submissions s"
    " LEFT JOIN decisions d ON d.submission_id = s.id AND d.sequence = s.sequence"
    " WHERE s.id IN {many} AND s.payload <> '' ORDER BY s.id"
)
KEEP = InsertRows("search_words", "submission_id word", ending="ON CONFLICT DO NOTHING")
FORGET = Statement("DELETE FROM search_words WHERE submission_id = :id")
IS_KEPT = Statement("SELECT 1 FROM search_words WHERE submission_id = :id LIMIT 1")


def keep_words(
    connection: Connection, ids: Sequence[str], *, known: Sequence[str] | None = None
) -> None:
    """Have these found by what they say now. `known` (None: all) may have words already."""
    forget_words(connection, ids if known is None else known)
    rows = [
        {"submission_id": id_, "word": word}
        for id_, payload, reasons in READ.run(connection, ids)
        for word in _entries(load_submission(str(payload)), reasons)
    ]
    KEEP.run(connection, rows)


def keep_again(connection: Connection, submission_id: str) -> None:
    """After an edit: what was found before is found by its new words."""
    if IS_KEPT.run(connection, {"id": submission_id}).first() is not None:
        keep_words(connection, [submission_id])


def forget_words(connection: Connection, ids: Sequence[str]) -> None:
    for id_ in ids:
        FORGET.run(connection, {"id": id_})


def _entries(submission: Submission, reasons: str | None) -> dict[str, None]:
    facts = Facts(submission)
    given: Sequence[Reason] = load_reasons(reasons) if reasons else ()
    language = language_of(facts.unlinked).code
    facets = [facet("kind", submission.kind), *(facet("reason", one.code) for one in given)]
    return dict.fromkeys(
        (*words_of(facts), *facets, *((facet("language", language),) if language else ()))
    )
