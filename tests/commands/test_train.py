from pathlib import Path

from moderator.commands.train import gather, train
from moderator.judgement.text.features import features
from moderator.judgement.text.model import load, save
from moderator.judgement.training.samples import GRAMMAR

HAM = "The council of {} should have asked the people of the town before closing the library."
SPAM = "Subscribe to the channel of {} and check out the new video, subscribe back"
NAMES = ("Anna", "Berta", "Clara", "Dora", "Emma", "Frida", "Gerda", "Heidi")


def row(text: str, label: str, **more: object) -> dict[str, object]:
    given = {"text": text, "label": label, "source": "videos", "kind": "comment", "ship": True}
    return given | more


def some_rows() -> list[dict[str, object]]:
    return [
        *(row(SPAM.format(name), "spam") for name in NAMES),
        *(row(f"I like what {name} sings", "ham") for name in NAMES),
        *(row(HAM.format(name), "ham", source="opinions") for name in NAMES),
        *(row(f"see you at {name}'s", "ham", source="sms", kind="sms") for name in NAMES),
    ]


def test_only_what_may_be_shipped_is_trained_on() -> None:
    secret = row("not to be shipped", "ham", ship=False)
    elsewhere = row("left out on purpose", "ham", source="other")
    texts = row("win a prize now", "spam", kind="sms", source="sms")
    samples = gather([*some_rows(), secret, elsewhere, texts], frozenset({"other"}))
    joined = " ".join(sample.text for sample in samples)
    assert "not to be shipped" not in joined
    assert "left out on purpose" not in joined
    assert "win a prize now" not in joined
    assert SPAM.format("Anna") in joined


def test_honest_links_and_padded_spam_keep_their_labels() -> None:
    samples = gather(some_rows())
    ham = [sample.text for sample in samples if sample.source == "opinions" and not sample.is_spam]
    assert any("http" in text for text in ham)
    assert any(sample.is_spam and HAM[:11] in sample.text for sample in samples)


def test_a_model_is_trained_and_written(tmp_path: Path) -> None:
    people = [s for s in gather(some_rows()) if not s.source.startswith(GRAMMAR)]
    path = tmp_path / "model.npz"
    save(train(people, "tried"), path)
    model = load(path)
    assert model.name == "tried"
    spam, ham = model.log_odds(features([SPAM.format("Ina"), HAM.format("Ina")]))
    assert spam > ham + 2
