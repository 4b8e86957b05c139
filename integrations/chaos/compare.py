"""The clients' books against the service's rows and the blog's log: every promise that was broken.

Each function returns one line for each breach, so that a count never hides what it counts. Nothing
here asks a network, a clock or a database.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from integrations.chaos.ledger import Accepted, Ledger, Received
from integrations.chaos.rows import CallbackRow, DecisionRow, Rows, SubmissionRow

STATUS = {"approve": "approved", "hold": "hold", "spam": "spam", "discard": "trash"}
MOST_CLAIMS = 4
HANGS = "hang"  # the poison that goes on by itself, past its lease


@dataclass(frozen=True, slots=True)
class Evidence:
    """`claims` says how often the checks ran on a poison comment."""

    ledger: Ledger
    rows: Rows
    received: Sequence[Received]
    claims: Mapping[str, int] = field(default_factory=dict)

    def standing(self) -> dict[str, SubmissionRow]:
        """By our id, what was not erased."""
        return {row.id: row for row in self.rows.submissions if row.status != "erased"}

    def decisions(self) -> dict[str, list[DecisionRow]]:
        found: dict[str, list[DecisionRow]] = defaultdict(list)
        for row in self.rows.decisions:
            found[row.submission].append(row)
        return found

    def callbacks(self) -> dict[str, CallbackRow]:
        return {row.id: row for row in self.rows.callbacks}


def lost(it: Evidence) -> list[str]:
    """What was answered 2xx and is not there: submissions, edits, deletions, reports, decisions."""
    rows = {row.id: row for row in it.rows.submissions}
    found = [
        f"{one.kind} {one.comment}: no submission {one.id}"
        for one in it.ledger.accepted
        if one.id not in rows
    ]
    found += _keys(it.ledger.accepted)
    decided = it.decisions()
    for (_, comment), events in _by_comment(it.ledger.accepted).items():
        row = rows.get(events[0].id)
        if row is not None:
            found += [f"{comment}: {why}" for why in _events(row, events, decided[row.id])]
    return found + _presses(it, rows, decided)


def _by_comment(accepted: Iterable[Accepted]) -> dict[tuple[str, str], list[Accepted]]:
    found: dict[tuple[str, str], list[Accepted]] = defaultdict(list)
    for one in accepted:
        found[one.site, one.comment].append(one)
    return found


def _keys(accepted: Iterable[Accepted]) -> list[str]:
    """One key is one answer; one comment is one submission."""
    keys: dict[str, set[tuple[str, str]]] = defaultdict(set)
    comments: dict[str, set[str]] = defaultdict(set)
    for one in accepted:
        keys[one.key].add((one.id, one.said))
        comments[f"{one.site}/{one.comment}"].add(one.id)
    found = [f"key {key}: answered as {sorted(ids)}" for key, ids in keys.items() if len(ids) > 1]
    return found + [
        f"comment {comment}: known as {sorted(ids)}"
        for comment, ids in comments.items()
        if len(ids) > 1
    ]


def _events(
    row: SubmissionRow, events: Sequence[Accepted], decided: Sequence[DecisionRow]
) -> list[str]:
    """What the accepted events about one comment must have left in its row."""
    kinds = Counter({one.key: one.kind for one in events}.values())
    if kinds["comment.deleted"]:
        return [] if row.status == "erased" else ["deleted, and still there"]
    newest = max((one for one in events if one.marker), key=lambda one: one.order, default=None)
    found = []
    if newest is not None and newest.marker not in row.payload:
        found.append(f"the words of {newest.kind} ({newest.marker}) are not there")
    if row.reports != kinds["comment.reported"]:
        found.append(f"{kinds['comment.reported']} reports, {row.reports} counted")
    if kinds["comment.status_changed"] and not any(one.by == "blog" for one in decided):
        found.append("the blog decided, and no decision says so")
    return found


def _presses(
    it: Evidence, rows: Mapping[str, SubmissionRow], decided: Mapping[str, list[DecisionRow]]
) -> list[str]:
    found = []
    for press in it.ledger.presses:
        row = rows.get(press.id)
        if row is not None and row.status == "erased":
            continue
        mine = [one for one in decided.get(press.id, ()) if one.sequence == press.sequence]
        if [(one.name, one.verdict) for one in mine] != [(press.moderator, press.verdict)]:
            found.append(f"{press.moderator} decided {press.verdict} about {press.id}: not there")
    return found


def undecided(it: Evidence) -> list[str]:
    """What stands without a verdict on the text that it has."""
    decided = it.decisions()
    found = []
    for row in it.standing().values():
        latest = decided[row.id][-1] if decided[row.id] else None
        if row.status == "queued" or latest is None:
            found.append(f"{row.id} ({row.comment}) is {row.status}, without a decision")
        elif latest.version != row.version or STATUS[latest.verdict] != row.status:
            found.append(f"{row.id} ({row.comment}): its latest decision is about another text")
    return found


def double_decided(it: Evidence) -> list[str]:
    """More than one verdict of the machine on one text, gaps in the sequence, two first hands."""
    found = []
    for id_, decisions in it.decisions().items():
        row = it.standing().get(id_) if len(decisions) > 1 else None
        sequences = [one.sequence for one in decisions]
        if sequences != list(range(1, len(sequences) + 1)):
            found.append(f"{id_}: decisions {sequences}")
        if row is not None and row.sequence != len(decisions):
            found.append(f"{id_}: {len(decisions)} decisions, and its sequence is {row.sequence}")
        versions = Counter(
            one.version
            for one in decisions
            if one.by not in ("moderator", "blog") and "taken_back" not in one.reasons
        )
        found += [f"{id_}: version {v} judged {n} times" for v, n in versions.items() if n > 1]
    hands: dict[tuple[str, int], set[str]] = defaultdict(set)
    for press in it.ledger.presses:
        if press.sequence > press.seen:
            hands[press.id, press.seen].add(press.moderator)
    return found + [
        f"{id_}: {sorted(names)} both decided about {seen}"
        for (id_, seen), names in hands.items()
        if len(names) > 1
    ]


def callbacks_missing(it: Evidence) -> list[str]:
    """What the blog does not know: a callback never taken, or a status that it was not told."""
    taken = {one.id for one in it.received if one.acknowledged_at is not None}
    standing = it.standing()
    found = [
        f"{row.id} is {row.state} {row.waits or '(not queued)'}"
        + ("" if row.state != "delivered" else ", and never came")
        for row in it.rows.callbacks
        if row.submission in standing and row.state != "withdrawn"
        and (row.state != "delivered" or row.id not in taken)
    ]  # fmt: skip
    decided = it.decisions()
    for row in standing.values():
        known = [
            one
            for one in decided[row.id]
            if one.by == "blog" or f"msg_{one.id}" in taken
        ]  # fmt: skip
        said = STATUS[known[-1].verdict] if known else "nothing"
        if row.status not in ("queued", said):
            found.append(f"{row.id} ({row.comment}) is {row.status}: the blog was told {said}")
    return found


def callbacks_conflicting(it: Evidence) -> list[str]:
    """One webhook-id with two bodies, bytes that are not the row's, words that no decision said."""
    bodies: dict[str, set[bytes]] = defaultdict(set)
    for one in it.received:
        bodies[one.id].add(one.body)
    found = [f"{id_}: {len(many)} bodies" for id_, many in bodies.items() if len(many) > 1]
    callbacks, standing = it.callbacks(), it.standing()
    verdicts = {one.id: STATUS[one.verdict] for one in it.rows.decisions}
    for id_, many in bodies.items():
        decision = id_.removeprefix("msg_")
        if decision.rpartition("-")[0] not in standing:
            continue
        row = callbacks.get(id_)
        if row is None:
            found.append(f"{id_}: there is no such callback")
        elif many != {row.body}:
            found.append(f"{id_}: not the bytes that were frozen")
        elif json.loads(row.body)["data"]["status"] != verdicts.get(decision):
            found.append(f"{id_}: the decision says {verdicts.get(decision)}")
    return found


def stale_after_new(it: Evidence) -> list[str]:
    """A lower sequence that first came after a higher one was acknowledged."""
    first: dict[str, float] = {}
    taken: dict[str, float] = {}
    for one in it.received:
        first[one.id] = min(first.get(one.id, one.at), one.at)
        if one.acknowledged_at is not None:
            taken[one.id] = min(taken.get(one.id, one.acknowledged_at), one.acknowledged_at)
    of: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for id_ in first:
        submission, _, sequence = id_.removeprefix("msg_").rpartition("-")
        of[submission].append((int(sequence), id_))
    return [
        f"{id_} first came {first[id_] - taken[later]:.3f} s after {later} was taken"
        for several in of.values()
        for sequence, id_ in several
        for higher, later in several
        if higher > sequence and later in taken and first[id_] > taken[later]
    ]


def poison(it: Evidence) -> tuple[int, list[str]]:
    """How many poison comments were parked, and those that were not, or were tried too often."""
    parked, found = 0, []
    decided = it.decisions()
    rows = {row.comment: row for row in it.rows.submissions}
    for comment, kind in it.ledger.poison.items():
        row = rows.get(comment)
        if row is None:
            continue  # never answered 2xx, or lost: that is counted elsewhere
        claims = it.claims.get(comment, 0)
        is_parked = any('"parked"' in one.reasons for one in decided[row.id])
        parked += is_parked
        # Who hung and went on while nobody else had claimed it has done its work.
        is_done = is_parked or (kind == HANGS and bool(decided[row.id]))
        if not is_done or claims > MOST_CLAIMS:
            found.append(f"{comment} ({kind}): parked {is_parked} after {claims} claims")
    return parked, found
