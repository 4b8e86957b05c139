from moderator.domain.ports import SketchedText
from moderator.judgement.near.index import MAX_BAND_MEMBERS, MemoryNearIndex
from moderator.judgement.near.sketch import sketch

OPINION = "the council should have asked the people of the town before closing the only library"
SLIPS = OPINION.replace("council", "councel")
OTHER = "nobody reads there any more, and the money is needed for the school next door"


def meeting(*texts: str, site_id: str = "blog", first: int = 0) -> list[SketchedText]:
    rows = sketch(texts)
    return [
        SketchedText(f"{first + number:032x}", site_id, row.tobytes())
        for number, row in enumerate(rows)
    ]


def test_those_of_one_batch_meet_both_ways() -> None:
    met = MemoryNearIndex().find_and_add(meeting(OPINION, SLIPS, OTHER))
    assert [[int(other, 16) for other, _ in each] for each in met] == [[1], [0], []]


def test_a_site_does_not_meet_another() -> None:
    index = MemoryNearIndex()
    index.find_and_add(meeting(OPINION))
    assert index.find_and_add(meeting(SLIPS, site_id="other", first=1)) == [()]


def test_a_hot_campaign_stays_small() -> None:
    index = MemoryNearIndex()
    index.find_and_add(meeting(*[OPINION] * (2 * MAX_BAND_MEMBERS)))
    (found,) = index.find_and_add(meeting(SLIPS, first=100))
    assert len(found) <= MAX_BAND_MEMBERS
    assert f"{0:032x}" in dict(found)
