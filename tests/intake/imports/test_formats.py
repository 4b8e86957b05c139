"""What each format says of the same few comments."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from moderator.domain.decisions.exported import SubmissionRecord
from moderator.domain.submission import Submission
from moderator.intake.imports import BY_NAME, Found
from moderator.intake.imports.comment import ExportedComment, ImportedSite, PassedOver
from moderator.intake.imports.files import ExportFile
from tests.builders import NOON
from tests.intake.imports import samples

SITE = ImportedSite("blog", NOON.replace(year=2027), "a test", "https://blog.example.org/")
TWELVE = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ONE = datetime(2026, 3, 4, 13, 0, tzinfo=UTC)
Imported = dict[str, SubmissionRecord]


def written(folder: Path, name: str) -> Path:
    """The sample of a format, on disk."""
    path = folder / f"sample-{name}"
    match name:
        case "isso":
            return samples.isso_database(path)
        case "staticman":
            return samples.staticman_folder(path)
        case _:
            path.write_text(TEXTS[name])
            return path


TEXTS = {
    "disqus": samples.DISQUS,
    "blogger": samples.BLOGGER,
    "movabletype": samples.MOVABLE_TYPE,
    "remark42": samples.REMARK42,
    "commento": samples.COMMENTO,
    "comentario": samples.COMENTARIO,
    "django-contrib-comments": samples.DJANGO,
}


def read(path: Path, name: str) -> list[Found]:
    return list(BY_NAME[name].read(ExportFile(path)))


def imported(found: list[Found]) -> tuple[Imported, list[str]]:
    """What is stored, by the blog's ids, and why the rest is passed over."""
    made = [SITE.record(each) if isinstance(each, ExportedComment) else each for each in found]
    records = [each for each in made if isinstance(each, SubmissionRecord)]
    passed = [each.reason for each in made if isinstance(each, PassedOver)]
    return {each.submission.platform_id: each for each in records}, passed


def sample(folder: Path, name: str) -> tuple[Imported, list[str]]:
    return imported(read(written(folder, name), name))


def first(records: Imported, id_: str = "17") -> Submission:
    return records[id_].submission


def statuses(records: Imported) -> dict[str, tuple[str, str]]:
    return {id_: (each.state.status, each.state.decided_by) for id_, each in records.items()}


def test_disqus(tmp_path: Path) -> None:
    records, passed = sample(tmp_path, "disqus")
    assert statuses(records) == {
        "17": ("approved", "blog"), "18": ("approved", "blog"), "19": ("spam", "blog"),
    }  # fmt: skip
    assert passed == ["deleted at the blog"]
    it, reply = first(records), first(records, "18")
    assert (it.text, it.created_at) == ("It was finished in 1911.", TWELVE)
    assert (it.author.name, it.author.email, it.author.ip) == (
        "Alice", "alice@example.org", "192.0.2.10",
    )  # fmt: skip
    assert (it.author.id, reply.author.id, reply.author.is_authenticated) == ("", "bob", True)
    assert (it.post.id, it.post.url) == ("river-1", "https://blog.example.org/river/")
    assert (reply.kind, reply.parent_id) == ("reply", "17")


def test_blogger(tmp_path: Path) -> None:
    """Comments stand before their post, times have a zone."""
    records, passed = sample(tmp_path, "blogger")
    assert statuses(records) == dict.fromkeys(("17", "18"), ("approved", "blog"))
    assert passed == []
    it, reply = first(records), first(records, "18")
    assert (it.text, it.created_at, reply.created_at) == (
        "It was finished in 1911.", TWELVE, ONE,
    )  # fmt: skip
    assert (it.author.url, it.author.email) == ("https://alice.example.org/", "")
    assert (it.post.id, it.post.title, it.post.tags) == ("70", "The river", ("Water",))
    assert it.post.url == "https://blog.example.org/river.html"
    assert reply.parent_id == "17"


@pytest.mark.parametrize(
    ("status", "trashed", "stands"),
    [
        ("LIVE", "", ("approved", "blog")),
        ("PENDING", "", ("hold", "rule")),
        ("SPAM", "", ("spam", "blog")),
        ("LIVE", "2026-03-05T00:00:00Z", ("trash", "blog")),
    ],
)
def test_blogger_of_takeout(
    tmp_path: Path, status: str, trashed: str, stands: tuple[str, str]
) -> None:
    """An author has a `blogger:type` of its own, which says nothing of the entry."""
    comment = samples.TAKEOUT_COMMENT.format(id=17, status=status, trashed=trashed)
    path = tmp_path / "feed.atom"
    path.write_text(samples.TAKEOUT.format(comments=comment))
    records, passed = imported(read(path, "blogger"))
    assert (statuses(records), passed) == ({"17": stands}, [])
    assert first(records).post.title == "The river"


def test_blogger_says_which_status_it_does_not_know(tmp_path: Path) -> None:
    path = tmp_path / "feed.atom"
    comments = "".join(
        samples.TAKEOUT_COMMENT.format(id=n, status=status, trashed="")
        for n, status in enumerate(("EMPTIED", "GLOWING"))
    )
    path.write_text(samples.TAKEOUT.format(comments=comments))
    records, passed = imported(read(path, "blogger"))
    assert (records, passed) == ({}, ["deleted at the blog", "of a status that is not known"])


def test_isso(tmp_path: Path) -> None:
    records, passed = sample(tmp_path, "isso")
    assert statuses(records) == {"17": ("approved", "blog"), "18": ("hold", "rule")}
    assert passed == ["deleted at the blog"]  # its author's address is still in the row
    it = first(records)
    assert (it.content, it.format) == ("It was *finished* in 1911.", "markdown")
    assert it.created_at == TWELVE.replace(microsecond=250_000)
    assert (it.author.email, it.author.ip) == ("alice@example.org", "192.0.2.0")
    assert (it.post.id, it.post.url) == ("/river/", "https://blog.example.org/river/")
    assert first(records, "18").parent_id == "17"


def test_django_contrib_comments(tmp_path: Path) -> None:
    records, passed = sample(tmp_path, "django-contrib-comments")
    assert statuses(records) == {
        "17": ("approved", "blog"), "18": ("hold", "rule"), "19": ("trash", "blog"),
    }  # fmt: skip
    assert passed == []
    it, natural = first(records), first(records, "18")
    assert (it.text, it.created_at, it.author.ip) == (
        "It was finished in 1911.", TWELVE, "192.0.2.10",
    )  # fmt: skip
    assert (it.post.id, natural.post.id) == ("7/70", "blog.entry/70")
    assert (natural.author.name, natural.author.is_authenticated) == ("bob", True)


def test_django_contrib_comments_out_of_its_database(tmp_path: Path) -> None:
    path = samples.django_database(tmp_path / "site.sqlite3")
    records, _ = imported(read(path, "django-contrib-comments"))
    assert statuses(records) == {
        "17": ("approved", "blog"), "18": ("hold", "rule"), "19": ("trash", "blog"),
    }  # fmt: skip
    assert (first(records).created_at, first(records).post.id) == (TWELVE, "7/70")


def test_movable_type(tmp_path: Path) -> None:
    records, passed = sample(tmp_path, "movabletype")
    assert passed == []
    it, second, ping = (each.submission for each in records.values())
    assert it.text == "It was finished in 1911.\n\nNOTE: a second paragraph."
    assert (it.created_at, second.created_at) == (TWELVE, ONE)
    assert (it.author.name, it.author.email, it.author.ip) == (
        "Alice", "alice@example.org", "192.0.2.10",
    )  # fmt: skip
    assert (it.post.id, it.post.title) == ("the_river", "The river")
    assert it.post.tags == ("old bridges", "tea")
    assert ping.linkback is not None
    assert (ping.kind, ping.linkback.source) == ("trackback", "https://far.example.org/a")
    assert (ping.linkback.source_title, ping.text) == ("About a river", "They wrote about a river.")
    assert ping.created_at == datetime(2026, 3, 5, 0, 30, tzinfo=UTC)
    again, _ = imported(read(written(tmp_path, "movabletype"), "movabletype"))
    assert records.keys() == again.keys()  # what has no number is known by what it is


def test_staticman(tmp_path: Path) -> None:
    records, passed = sample(tmp_path, "staticman")
    assert passed == ["a file without a text"]
    it, second = first(records, "7d2b"), first(records, "9c1f")
    assert (it.content, it.created_at) == ("It was *finished* in 1911.", TWELVE)
    assert (it.author.name, it.author.email, it.post.id) == ("Alice", "", "river")
    assert (second.created_at, second.author.email) == (ONE, "bob@example.org")
    assert second.parent_id == "7d2b"
    (third,) = (each.submission for id_, each in records.items() if id_ not in ("7d2b", "9c1f"))
    assert (third.content, third.created_at) == ("In **1913**, I think.", ONE)


def test_remark42(tmp_path: Path) -> None:
    records, passed = sample(tmp_path, "remark42")
    assert statuses(records) == dict.fromkeys(("17", "18"), ("approved", "blog"))
    assert passed == ["deleted at the blog"]
    it, owner = first(records), first(records, "18")
    assert (it.content, it.format) == ("It was *finished* in 1911.", "markdown")
    assert it.created_at == TWELVE.replace(microsecond=123_456)
    assert (it.author.id, it.author.provider) == ("github_a1", "github")
    assert (owner.text, owner.created_at, owner.author.is_staff) == ("No, in 1912.", ONE, True)
    assert it.post.url == "https://blog.example.org/river/"


def test_commento(tmp_path: Path) -> None:
    """Its address of a page is a path, its list of authors has each as often as they wrote."""
    records, passed = sample(tmp_path, "commento")
    assert statuses(records) == {
        "17": ("approved", "blog"), "18": ("hold", "rule"), "20": ("hold", "rule"),
    }  # fmt: skip
    assert passed == ["deleted at the blog"]
    it, reply = first(records), first(records, "18")
    assert (it.author.name, it.author.email, it.author.url) == ("Alice", "alice@example.org", "")
    assert (reply.author.name, reply.author.is_authenticated) == ("Anonymous", False)
    assert (it.parent_id, reply.parent_id) == ("", "17")
    assert it.post.url == "https://blog.example.org/river/"


def test_comentario(tmp_path: Path) -> None:
    records, passed = sample(tmp_path, "comentario")
    assert statuses(records) == {
        "17": ("approved", "blog"), "18": ("hold", "rule"), "20": ("trash", "blog"),
    }  # fmt: skip
    assert passed == ["deleted at the blog"]
    it, reply = first(records), first(records, "18")
    assert (it.author.name, it.author.role) == ("Alice", "moderator")
    assert (reply.author.name, reply.parent_id) == ("Bob", "17")
    assert (it.post.title, it.post.url) == ("The river", "https://blog.example.org/river/")


def test_comentario_wrote_what_commento_did_at_first(tmp_path: Path) -> None:
    old = json.loads(samples.COMMENTO)
    for each in old["comments"]:
        each["path"], each["host"] = each.pop("url"), each.pop("domain")
    path = tmp_path / "old.json"
    path.write_text(json.dumps(old))
    records, _ = imported(read(path, "commento"))
    assert first(records).post.url == "https://blog.example.org/river/"


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_packed_file_is_the_same(tmp_path: Path, name: str) -> None:
    path = tmp_path / "packed.gz"
    path.write_bytes(gzip.compress(TEXTS[name].encode()))
    plain, _ = sample(tmp_path, name)
    packed, _ = imported(read(path, name))
    assert packed == plain
    assert len(plain) > 1
