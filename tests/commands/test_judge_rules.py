"""`moderator judge --rules`: a file of rules judges as rules of a site do."""

import json
from pathlib import Path

import pytest

from moderator.__main__ import main
from tests.commands.test_judge import OPINION, judged

RULES = (
    {"kind": "list", "what": ["library", "@spam.test"], "do": "spam", "name": "Ours"},
    {"kind": "pattern", "what": r"tram(way)?", "do": "hold"},
    {"what": "council", "do": "approve", "state": "shadow"},
)


def written(folder: Path, *rules: object, as_list: bool = False) -> str:
    path = folder / "rules.jsonl"
    lines = "\n".join(json.dumps(rule) for rule in rules)
    path.write_text(json.dumps(rules) if as_list else lines, "utf-8")
    return str(path)


@pytest.mark.parametrize("as_list", [False, True])
def test_rules_of_a_file_act(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    as_list: bool,
) -> None:
    texts = [OPINION, "The tramway is gone, and nobody asked us about it.", "What a fine morning."]
    path = written(tmp_path, *RULES, as_list=as_list)
    lines = judged(texts, monkeypatch, capsys, "--rules", path)
    assert [line["verdict"] for line in lines] == ["spam", "hold", "approve"]
    reasons = lines[0]["reasons"]
    assert isinstance(reasons, list)
    assert [one["code"] for one in reasons][:1] == ["rule_spam"]
    assert "Ours" in reasons[0]["text"]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"what": "192.0.2.999"}, "cannot be an entry"),
        ({"kind": "pattern", "what": "("}, "Rule 2"),
        ({"kind": "words", "what": "x"}, "kind is one of list, pattern, links"),
        ({"what": "x", "does": "spam"}, "does: not known"),
        ({"what": "casino", "state": "draft"}, "state is live or shadow"),
        ({"do": "spam"}, "what is missing"),
        (["casino"], "is no object"),
    ],
)
def test_a_wrong_rule_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rule: object, said: str
) -> None:
    assert main(["judge", "--rules", written(tmp_path, RULES[0], rule)]) != 0
    told = capsys.readouterr().err
    assert "Rule 2" in told
    assert said in told


@pytest.mark.parametrize("content", [b"{", b"\xff", None])
def test_a_file_that_cannot_be_read_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    path = tmp_path / "rules.jsonl"
    if content is not None:
        path.write_bytes(content)
    assert main(["judge", "--rules", str(path)]) != 0
    assert capsys.readouterr().err
