"""Real blogs judged in their order, each with weights of facts fitted without its fold.

Beside the service stand two rules of thumb on the same rows: every author's first comment waits;
the first of an author who brings a page or a link. For both, known is who had a published comment
there under the same name and e-mail (or, without e-mail, the same name and page).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.blogs import Blog, blogs, folds, judged, language, site_of
from benchmarks.fit_facts import named, of_other_folds
from moderator.checks import local
from moderator.commands.judge import START, submission
from moderator.domain.content.facts import Facts
from moderator.domain.history.reputation import SHARED, brought
from moderator.domain.policy import Mode
from moderator.domain.submission import Submission
from moderator.domain.urls.hosts import operator_of
from moderator.judgement.text.model import shared_model
from moderator.judgement.training.measures import Row, Share, by_group

HEAD = "| | honest | called spam | thrown away | held | spam | let through |"
LINE = "|---|---|---|---|---|---|---|"
EVERYDAY = SHARED | {"blogspot.com", "wordpress.com", "tumblr.com"}
BRINGS = "the first with a page or a link"
FEW = 300  # rows of a language from which a share says something

Seen = list[tuple[Row, Row]]  # gold and prediction


def report(path: Path) -> list[str]:
    many = blogs(path)
    everyone, without, says = of_other_folds(many, Mode.CAREFUL)
    fold = folds(many)
    weights = {blog.name: named(without[fold[blog.name]]) for blog in many}
    lines = [
        "## fresh_dev.jsonl, each blog a site of its own, moderators decide what is held",
        "",
        f"Weights of all blogs: {named(everyone)}; on blogs left out, in the mode",
        f"careful, what the score alone would do: {says}.",
    ]
    for mode in (Mode.USUAL, Mode.CAREFUL, Mode.OPEN):
        golds, seen = _judged(many, weights, mode)
        lines += ["", f"### Mode {mode}", "", HEAD, LINE, _line("all", golds, seen)]
        if mode is Mode.USUAL:
            lines += _rules(many, golds)
            lines += _parts(golds, seen, "declared language ", "declared", FEW)
            lines += _parts(golds, seen, "link or page to ", "host", 1)
            lines += _parts(golds, seen, "spam: ", "what", 1)
    return lines


def _judged(
    many: Iterable[Blog], weights: dict[str, dict[str, float]], mode: Mode
) -> tuple[list[Row], dict[str, Row]]:
    """The rows, with what they are listed by, and what was said of each."""
    golds: list[Row] = []
    seen: dict[str, Row] = {}
    model = shared_model()
    for blog in many:
        for row, each, one in judged(blog, local(weights[blog.name]), model, mode):
            listed = {"declared": blog.lang, "host": _host(each), "what": _what(row, each)}
            golds.append({**row, **listed})
            decision = one.decision
            seen[str(row["id"])] = {"score": decision.score, "verdict": str(decision.verdict)}
    return golds, seen


def _host(each: Submission) -> str:
    """The first everyday host that it links to, 'another host', or ''."""
    facts = Facts(each)
    names = {operator_of(host) for host in facts.named_hosts}
    return next(iter(sorted(names & EVERYDAY)), "another host" if names else "")


def _what(row: Row, each: Submission) -> str:
    """A kind of spam that can be told without judging its words."""
    if row["label"] != "spam":
        return ""
    facts = Facts(each)
    if len(each.text.split()) <= 1:
        return "one word"
    if facts.link_hosts:
        return "with links"
    lang = language(row) or "no language"
    return f"words and a page, {lang}" if facts.page_host else f"words alone, {lang}"


def _rules(many: Iterable[Blog], golds: list[Row]) -> Iterator[str]:
    for name, must_bring in (("every author's first comment", False), (BRINGS, True)):
        said = {id_: row for blog in many for id_, row in _by_rule(blog, must_bring=must_bring)}
        yield _line(f"rule of thumb: {name}", golds, said)


def _by_rule(blog: Blog, *, must_bring: bool) -> Iterator[tuple[str, Row]]:
    """What a rule of thumb would do: it knows at once who had a comment published."""
    known = set()
    site = site_of(blog, Mode.USUAL)
    for number, row in enumerate(blog.rows):
        facts = Facts(submission(row, site, number, START))
        key = facts.author_key
        waits = key not in known and (not must_bring or bool(brought(facts)))
        yield str(row["id"]), {"score": 0.0, "verdict": "hold" if waits else "approve"}
        if key and row["label"] == "ham":
            known.add(key)


def _parts(golds: list[Row], seen: dict[str, Row], title: str, field: str, least: int) -> list[str]:
    groups = by_group(golds, seen, field)
    return [
        _line(f"{title}{name}", [gold for gold, _ in pairs], seen)
        for name, pairs in sorted(groups.items())
        if name and name != "ALL" and len(pairs) >= least
    ]


def _line(name: str, golds: Iterable[Row], seen: dict[str, Row]) -> str:
    pairs = [(gold["label"], str(seen[str(gold["id"])]["verdict"])) for gold in golds]
    ham = [verdict for label, verdict in pairs if label == "ham"]
    spam = [verdict for label, verdict in pairs if label == "spam"]
    shares = [str(Share(ham.count(verdict), len(ham))) for verdict in ("spam", "discard", "hold")]
    through = Share(spam.count("approve"), len(spam))
    return " | ".join((f"| {name}", str(len(ham)), *shares, str(len(spam)), f"{through} |"))
