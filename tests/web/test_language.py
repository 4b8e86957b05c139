"""The pages in the reader's language: whole in German and French, chosen, and never in bytes."""

import ast
import gzip
from pathlib import Path

import pytest
from flask import Flask

from moderator.catalogue import Catalogue, catalogue, read
from moderator.domain.finding import Finding, Signal
from moderator.domain.pages import digest
from moderator.web.dashboard import filters, labels, language
from tests.builders import a_submission
from tests.stock import stock
from tests.web.desk import Office, words

FOLDER = Path(filters.__file__).parent


def messages() -> set[str]:
    """Every text that a template or a module marks for translation, and the words of mails."""
    app = Flask(__name__)
    language.register(app)
    filters.register(app)
    labels.register(app)
    found = set(digest.WORDS)
    for path in FOLDER.glob("templates/*.html"):
        extract = app.jinja_env.extract_translations  # type: ignore[attr-defined]  # the extension's
        for _, _, message in extract(path.read_text("utf-8")):
            found.add(message if isinstance(message, str) else (message or ("",))[0])
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "_":
                found.add(ast.literal_eval(node.args[0]))
    return found - {""}


@pytest.mark.parametrize("code", ["de", "fr"])
def test_nothing_is_left_untranslated(code: str) -> None:
    found = messages()
    assert len(found) > 150
    assert found - catalogue(code).messages.keys() == set()


@pytest.mark.parametrize("code", ["de", "fr"])
def test_what_is_filled_in_is_filled_in_in_every_language(code: str) -> None:
    for one, forms in catalogue(code).messages.items():
        for name in (
            "%(n)s",
            "%(who)s",
            "%(kind)s",
            "%(site)s",
            "%(at)s",
            "{n}",
            "{name}",
            "{since}",
            "{where}",
            "<b>",
            "</b>",
        ):
            assert all((name in form) == (name in one) for form in forms), one


def test_the_browser_asks_and_the_reader_chooses(office: Office) -> None:
    stock(office.database, a_submission(id="s1"),
          Finding("honeypot", Signal.SPAM, "It was filled in", "honeypot_filled", 0.5))  # fmt: skip
    browser = office.browser("ben")
    german = browser.packed("/submissions/s1", **{"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"})
    assert 'lang="de"' in words_of(german.data)
    assert "Das versteckte Feld, das kein Mensch sieht, wurde ausgefüllt" in words_of(german.data)
    assert "Kommentar auf" in words_of(german.data)
    assert "It was filled in" in words(browser.get("/submissions/s1"))
    assert browser.submit("/help", "/language", language="fr").location == "/help"
    assert "Retenus" in words(browser.get("/queue"))
    assert browser.submit("/help", "/language", language="tlh").status_code == 400


def words_of(packed: bytes) -> str:
    return gzip.decompress(packed).decode()


def test_a_reason_with_an_id_is_told_in_words(office: Office) -> None:
    said = "The same text as comment 0195f3c1 of 2026-03-04 12:00, which came first"
    evidence: dict[str, object] = {"how": "exact", "duplicate_of": "x"}
    stock(office.database, a_submission(id="s1"),
          Finding("duplicate", Signal.REDUNDANT, said, "duplicate", 0.0, evidence))  # fmt: skip
    for page in ("/queue?shelf=discarded", "/submissions/s1", "/log"):
        shown = words(office.browser("ben").get(page))
        assert "The same text as an earlier one, which stays" in shown
        assert "0195f3c1" not in shown


def test_a_catalogue_is_read_with_contexts_plurals_and_quotes(tmp_path: Path) -> None:
    path = tmp_path / "x.po"
    path.write_text(
        '# A note\nmsgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=n > 1;\\n"\n\n'
        'msgid "one \\"%(n)s\\""\nmsgid_plural "many"\nmsgstr[0] "un"\nmsgstr[1] "plusieurs"\n\n'
        'msgctxt "reason"\nmsgid "spam"\nmsgstr "le "\n"spam"\n\nmsgid "empty"\nmsgstr ""\n',
        "utf-8",
    )
    found = read(path)
    assert [found.ngettext('one "%(n)s"', "many", n) for n in (0, 1, 2)] == [
        "un",
        "un",
        "plusieurs",
    ]
    assert found.pgettext("reason", "spam") == "le spam"
    assert found.pgettext("reason", "other") == ""
    assert found.gettext("empty") == "empty"
    assert found.ngettext("a", "b", 1) == "a"
    assert Catalogue().ngettext("a", "b", 2) == "b"
    path.write_text("no catalogue\n", "utf-8")
    with pytest.raises(ValueError, match="line 1 is no line"):
        read(path)
