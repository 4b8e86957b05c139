import json

from benchmarks.comments import HOSTS, MARK, Room, bulk, is_spun, single, written
from benchmarks.spun import SPUN, VARIANTS, variants
from moderator.domain.content.fingerprint import near_text
from moderator.judgement.near.sketch import NEAR_SIMILARITY, similarity, sketch

PORT = 8099
NUMBERS = range(1_000_001, 1_000_701)


def test_three_in_ten_of_the_wave_are_one_campaign() -> None:
    spun = [n for n in NUMBERS if "trading" in written(n, Room.WAVE, PORT).text]
    assert spun == [n for n in NUMBERS if is_spun(n)]
    assert len(spun) == 0.3 * len(NUMBERS)


def test_any_ten_in_a_row_have_three_of_the_campaign() -> None:
    assert {sum(map(is_spun, range(n, n + 10))) for n in NUMBERS} == {3}


def test_every_seventh_of_links_has_a_link() -> None:
    linked = [n for n in NUMBERS if "http://" in written(n, Room.LINKS, PORT).text]
    assert len(linked) == len(NUMBERS) / 7
    assert all(n % 7 == 0 for n in linked)


def test_pages_are_on_many_hosts_under_test() -> None:
    texts = (written(n * 7, Room.LINKS, PORT).text for n in range(1, 2 * HOSTS))
    hosts = {text.partition("http://")[2].partition(":")[0] for text in texts}
    assert all(host.endswith(".test") for host in hosts)
    assert len(hosts) >= HOSTS


def test_the_campaign_has_forty_variants_that_resemble_each_other() -> None:
    rows = sketch([near_text(text) for text in SPUN])
    alike = [similarity(rows[0], row) >= NEAR_SIMILARITY for row in rows[1:]]
    assert len(set(SPUN)) == VARIANTS
    assert sum(alike) > 0.9 * len(alike)


def test_the_campaign_is_the_same_every_time() -> None:
    assert variants() == SPUN
    assert (
        single(1_000_004, Room.WAVE, PORT).partition(b"timestamp")[0]
        == (single(1_000_004, Room.WAVE, PORT).partition(b"timestamp")[0])
    )
    assert written(1_000_004, Room.WAVE, PORT) == written(1_000_004, Room.WAVE, PORT)


def test_authors_and_hosts_of_the_campaign_change() -> None:
    spun = [written(n, Room.WAVE, PORT) for n in NUMBERS if is_spun(n)]
    assert len({one.email for one in spun}) == len(spun)
    assert len({one.text.partition("http://")[2].partition("/")[0] for one in spun}) > 50


def test_plain_comments_differ_and_have_no_link() -> None:
    texts = {written(n, Room.PLAIN, PORT).text for n in NUMBERS}
    assert len(texts) == len(NUMBERS)
    assert not any("http" in text for text in texts)


def test_what_is_stored_has_room_for_the_number_of_a_copy() -> None:
    comment = written(17, Room.STORED, PORT)
    assert comment.id == f"17-{MARK}"
    assert comment.text.count(MARK) == 1


def test_a_bulk_has_the_comments_of_its_numbers() -> None:
    events = json.loads(bulk(70, 50, Room.LINKS, PORT))["events"]
    assert [event["data"]["comment"]["id"] for event in events] == [str(n) for n in range(70, 120)]
