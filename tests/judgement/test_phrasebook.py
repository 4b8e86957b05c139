import random
from pathlib import Path

from moderator.judgement.phrasebook import phrasebook

CHANCE = random.Random(1)  # noqa: S311 (repeatable, not secret)

GRAMMAR = """# a remark
[slot animal]
(cat|dog)
[spam pets]
Buy a {animal}(| today) ☺
[ham pets]
(My|Our) {animal} (sleeps|(runs|walks) home).
"""


def test_every_choice_and_slot_is_filled(tmp_path: Path) -> None:
    (tmp_path / "pets.txt").write_text(GRAMMAR, encoding="utf-8")
    book = phrasebook(tmp_path)
    texts = {(p.is_spam, text) for p, text in book.texts(300, CHANCE)}
    spam = {text for is_spam, text in texts if is_spam}
    assert spam == {f"Buy a {a}{t} :)" for a in ("cat", "dog") for t in ("", " today")}
    assert len(texts - {(True, text) for text in spam}) == 12


def test_the_shipped_grammar_is_well_formed() -> None:
    book = phrasebook()
    for phrasing, text in book.texts(3, CHANCE):
        assert text, phrasing
        assert not set("{}|") & set(text.replace(" | ", " ")), (phrasing, text)


def test_every_spam_theme_has_honest_company() -> None:
    book = phrasebook()
    honest = {p.theme for p in book.phrasings if not p.is_spam}
    assert {p.theme for p in book.phrasings if p.is_spam} <= honest
    assert sum(not p.is_spam for p in book.phrasings) >= 0.4 * len(book.phrasings)
