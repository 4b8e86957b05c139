"""Whole cases through every local check: nobody is called a spammer for an opinion."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from moderator.checks import LOCAL
from moderator.domain import judge
from moderator.domain.content.facts import Facts
from moderator.domain.policy import Policy, decide
from moderator.domain.submission import Author, Format, Request
from moderator.domain.verdict import Verdict
from moderator.judgement.scorer import Scorer
from moderator.judgement.text.model import shared_model
from tests.builders import a_context, a_site, a_submission

SCORER = Scorer(shared_model())
CASES = sorted((Path(__file__).parents[1] / "corpus").glob("*.json"))


class Case(msgspec.Struct, forbid_unknown_fields=True):
    why: str
    text: str
    author: Author
    verdicts: list[Verdict]
    content: str = ""
    format: Format = Format.TEXT
    honeypot: str = ""
    denylist: tuple[str, ...] = ()


@pytest.mark.parametrize("path", CASES, ids=lambda path: str(path.stem))
def test_case(path: Path) -> None:
    case = msgspec.json.decode(path.read_bytes(), type=Case)
    site = replace(a_site(), policy=Policy(denylist=case.denylist))
    submission = a_submission(
        case.text,
        content=case.content or case.text,
        format=case.format,
        author=case.author,
        request=Request(honeypot_name="website2", honeypot_value=case.honeypot),
    )
    [text_score] = SCORER.score([Facts(submission)])
    context = replace(a_context(site=site), text_score=text_score)
    findings = judge.Judge(LOCAL).find(judge.Case(submission, context))
    decision = decide(findings, site.policy)
    assert decision.verdict in case.verdicts, [(r.code, r.contribution) for r in decision.reasons]
