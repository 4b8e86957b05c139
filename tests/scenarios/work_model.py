"""What workers do to a comment of table_model.py: claim, ask the world, write what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from tests.scenarios.table_model import (
    ASKED,
    ASKINGS,
    HOLD,
    MOST,
    PATIENCE,
    SAYS,
    SETTLED,
    SPAM,
    Answers,
    Comment,
    Piece,
    Row,
    Stand,
    linked,
)

NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class World:
    """What is outside at this moment: Akismet's opinion, and the page that is to link."""

    opinion: str
    page: str

    def say(self, names: frozenset[str]) -> dict[str, str]:
        said = {"akismet": self.opinion, "source": self.page}
        return {name: said[name] for name in names if name in said}


def claim(comment: Comment, job: str, world: World) -> Piece | None:
    """Work on what is due; what is found is written when the piece is."""
    row = comment.rows.get(job)
    if row is None or (row.holder is not None and not row.is_lapsed):
        return None
    row.attempts += 1
    stood = Stand(comment.version, len(comment.decisions), comment.heard[0])
    piece = Piece(comment, job, row, stood)
    row.holder, row.is_lapsed = piece, False
    WORK[job](piece, world)
    return piece


def _check(piece: Piece, _world: World) -> None:
    comment, known = piece.comment, piece.row.known
    if piece.row.attempts > MOST:
        piece.ends = _decided(comment, "hold", {})
    elif _pending(comment, known) and _total(comment, known) < SETTLED:
        piece.ends = _onward
    else:
        piece.ends = _judged(comment, known)


def _reach(piece: Piece, world: World) -> None:
    comment, row = piece.comment, piece.row
    if row.attempts > MOST:
        piece.ends = _decided(comment, "hold", row.known)
        return
    pending = _pending(comment, row.known)
    answers = world.say(pending & {"source"} if comment.is_unread else pending)
    page = answers.get("source", "")
    if comment.is_unread and page == "silent" and row.attempts <= PATIENCE:
        row.give_back()
    elif comment.is_unread and linked(page):
        piece.ends = partial(_learned, page=page, answers=answers)
    else:
        piece.ends = _judged(comment, {**row.known, **answers})


def _ask(piece: Piece, world: World) -> None:
    comment, row = piece.comment, piece.row
    is_waiting = comment.status == "hold" and not comment.is_by_person
    answers = world.say(frozenset(row.known))
    if not is_waiting or row.attempts > ASKINGS:
        piece.ends = _end
    elif "silent" not in answers.values():
        page = answers.get("source", "") if comment.is_unread else ""
        piece.ends = partial(_learned, page=page, answers=answers)
    elif row.attempts < ASKINGS:
        row.give_back()
    else:
        piece.ends = _end


def _look(piece: Piece, world: World) -> None:
    comment, page = piece.comment, world.page
    if comment.is_queued:
        piece.ends = _end
        return
    piece.ends = partial(_looked, found=_news(comment, page), page=page)


def _news(comment: Comment, page: str) -> str:  # one answer per line of the list
    """The list at the head of domain/relook.py."""
    before, status, is_by_person = comment.seen, comment.status, comment.is_by_person
    is_edited = linked(before) != linked(page)
    if page == "silent":
        return "silence"
    if not before:
        return "" if is_by_person else "judge"
    if not linked(page):
        is_kept = status == "hold" and is_by_person
        return "removed" if status in ("approved", "hold") and not is_kept else ""
    if status == "approved":
        is_hidden = page == "hidden" and not is_by_person
        return "hidden" if is_hidden else "updated" if is_edited else ""
    if status == "trash" and not is_by_person:
        return "updated" if page != "hidden" else ""
    return "judge" if is_edited and not is_by_person else ""


WORK: Mapping[str, Callable[[Piece, World], None]] = {
    "check": _check,
    "reach": _reach,
    "ask": _ask,
    "reverify": _look,
}


# What is written.


def _onward(piece: Piece) -> None:
    comment = piece.comment
    del comment.rows["check"]
    comment.rows["reach"] = Row(piece.row.known)


def _end(piece: Piece) -> None:
    del piece.comment.rows[piece.job]


def _learned(piece: Piece, page: str, answers: Answers) -> None:
    comment = piece.comment
    if comment.version != piece.stood.version:
        _again(piece)
        return
    if "check" in comment.rows:
        return
    del comment.rows[piece.job]
    comment.rows.pop("reach", None)
    comment.rows["check"] = Row(answers)
    comment.read(page)


def _looked(piece: Piece, found: str, page: str) -> None:
    comment, row = piece.comment, piece.row
    row.give_back()
    row.attempts = row.attempts if found == "silence" and row.attempts < MOST else 0
    stands = (comment.version, len(comment.decisions))
    if comment.version != piece.stood.version:
        if comment.is_queued and page != "silent":
            _judge_with(comment, page)
    elif stands[1] != piece.stood.sequence:
        return
    elif found == "judge":
        comment.read(page)
        _judge_with(comment, page)
    elif found in SAID and comment.heard[0] == piece.stood.heard:
        comment.judge(SAID[found], page if linked(page) else "", NOBODY)
        if found == "updated":
            comment.read(page)
            _judge_with(comment, page)


SAID = {"removed": "trash", "hidden": "hold", "updated": "approved"}


def _judge_with(comment: Comment, page: str) -> None:
    comment.rows.pop("reach", None)
    comment.rows["check"] = Row({"source": page})


def _judged(comment: Comment, known: Answers) -> Callable[[Piece], None]:
    total = _total(comment, known)
    silent = frozenset(name for name, said in known.items() if said == "silent")
    if total >= SPAM:
        return _decided(comment, "spam", known)
    if total >= HOLD:
        return _decided(comment, "hold", known)
    return _decided(comment, "hold" if silent else "approved", known, silent)


def _decided(
    comment: Comment, status: str, known: Answers, silent: frozenset[str] = NOBODY
) -> Callable[[Piece], None]:
    page = known.get("source", "")
    is_new = _changes(comment, status)
    saw = page if linked(page) else ""
    return partial(_decide, is_new=is_new, status=status, saw=saw, silent=silent)


def _decide(piece: Piece, *, is_new: bool, status: str, saw: str, silent: frozenset[str]) -> None:
    comment = piece.comment
    now = Stand(comment.version, len(comment.decisions), comment.heard[0])
    if is_new and now != piece.stood:
        _again(piece)
        return
    del comment.rows[piece.job]
    if is_new:
        comment.judge(status, saw, silent)


def _again(piece: Piece) -> None:
    piece.row.give_back()
    piece.row.attempts -= 1


def _changes(comment: Comment, status: str) -> bool:
    """Whether a rule's word is worth writing."""
    latest = comment.latest
    if comment.is_queued or latest is None:
        return True
    if latest.by != "rule" and latest.version == comment.version:
        return False
    if latest.status == "hold" and latest.version != comment.version:
        return True
    said = "hold" if comment.is_bound and status == "approved" else status
    return said != latest.status


def _pending(comment: Comment, known: Answers) -> frozenset[str]:
    return ASKED[comment.kind] - frozenset(known)


def _total(comment: Comment, known: Answers) -> int:
    return (SAYS[comment.word] or 0) + sum(SAYS[said] or 0 for said in known.values())
