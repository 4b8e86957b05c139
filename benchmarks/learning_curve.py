"""Draws docs/pictures/learning-curve.svg: what corrections at one site do, there and elsewhere.

Usage: python -m benchmarks.learning_curve ROWS.jsonl [SOURCE]. The site's stream is one source of
the rows; elsewhere is political ham that no model was trained on. Beside the site's layer stands
the naive way: whole steps without a bound or anchors, written into the model that all share.
"""

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from moderator.commands.evaluate import rows
from moderator.domain.submission import Format
from moderator.domain.text.markup import plain
from moderator.judgement.learning import teaching
from moderator.judgement.learning.site_layer import SiteLayer
from moderator.judgement.learning.teaching import Lesson
from moderator.judgement.text.features import BUCKETS, Features, features
from moderator.judgement.text.model import Odds, Weights, probability, shared_model, sums
from moderator.judgement.training.measures import matthews

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "pictures" / "learning-curve.svg"
ELSEWHERE = "ucc_globeandmail_val"
STEP = 12.0
LESSONS, EVERY, WINDOW = 1_500, 50, 250
HELD, HALF = 0.4, 0.5
WIDTH, HEIGHT, LEFT, TOP = 720, 340, 60, 30
COLOURS = {
    "spam and ham told apart (MCC at .5)": "#1b6ca8",
    "spam held or caught": "#2a8c4a",
    "ham held": "#c46a00",
    "opinions elsewhere held: site layer": "#444444",
    "opinions elsewhere held: naive": "#b3261e",
}

Curve = list[tuple[int, float]]


def naive(weights: Weights, lesson: Lesson) -> None:
    """Whole steps into weights that all share, without a bound or anchors."""
    found = lesson.found
    odds = shared_model().log_odds(found) + sums(weights, found)
    step = STEP * (lesson.is_spam - float(probability(odds)[0]))
    weights[found.buckets] += np.float32(step / float(found.norms[0]))


def judged(layer: SiteLayer, lesson: Lesson) -> float:
    if lesson.is_alone:
        return float(probability(layer.score_alone(lesson.found))[0])
    odds = shared_model().log_odds(lesson.found) + layer.score(lesson.found)
    return float(probability(odds)[0])


def course(lessons: list[Lesson]) -> Iterator[tuple[int, Odds]]:
    """After every EVERY lessons: how many, and the scores of those so far."""
    layer, known = SiteLayer(), {lesson.key: lesson for lesson in lessons}
    scores = np.zeros(len(lessons))
    for number, lesson in enumerate(lessons, start=1):
        scores[number - 1] = judged(layer, lesson)
        layer = teaching.learn(layer, [lesson], known, shared_model())
        if number % EVERY == 0:
            yield number, scores[:number]


def curves(lessons: list[Lesson], elsewhere: Features) -> dict[str, Curve]:
    found: dict[str, Curve] = {name: [] for name in COLOURS}
    mcc, caught, held, calm, loud = found.values()
    labels = np.array([lesson.is_spam for lesson in lessons])
    others = shared_model().log_odds(elsewhere)
    for number, scores in course(lessons):
        recent, these = scores[-WINDOW:], labels[:number][-WINDOW:]
        mcc.append((number, matthews(these, recent >= HALF)))
        caught.append((number, float((recent[these] >= HELD).mean())))
        held.append((number, float((recent[~these] >= HELD).mean())))
        # What the other site reads: the shared model alone.
        calm.append((number, float((probability(others) >= HELD).mean())))
    weights: Weights = np.zeros(BUCKETS, dtype=np.float32)
    for number, lesson in enumerate(lessons, start=1):
        naive(weights, lesson)
        if number % EVERY == 0:
            chances = probability(others + sums(weights, elsewhere))
            loud.append((number, float((chances >= HELD).mean())))
    return found


def drawn(found: dict[str, Curve], title: str) -> str:
    """An SVG picture of the curves, readable without colours: each is named in the legend."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT + 130}"',
        ' font-family="sans-serif" font-size="12" role="img">',
        f"<title>{title}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT + 130}" fill="#ffffff"/>',
    ]
    for tenth in range(0, 11, 2):
        y = _y(tenth / 10)
        lines.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - 20}" stroke="#dddddd"/>')
        lines.append(f'<text x="{LEFT - 30}" y="{y + 4:.1f}">{tenth / 10:.1f}</text>')
    lines += [
        f'<text x="{_x(lessons) - 12:.1f}" y="{HEIGHT + 18}">{lessons}</text>'
        for lessons in range(0, LESSONS + 1, 250)
    ]
    lines.append(f'<text x="{WIDTH / 2 - 40}" y="{HEIGHT + 36}">corrections</text>')
    for place, (name, curve) in enumerate(found.items()):
        points = " ".join(f"{_x(number):.1f},{_y(value):.1f}" for number, value in curve)
        style = f'fill="none" stroke="{COLOURS[name]}" stroke-width="2"'
        dash = "" if place % 2 else ' stroke-dasharray="6 3"'
        lines.append(f'<polyline points="{points}" {style}{dash}/>')
        y = HEIGHT + 54 + 15 * place
        lines.append(f'<path d="M{LEFT} {y - 4}h30" {style}{dash}/>')
        lines.append(f'<text x="{LEFT + 40}" y="{y}">{name}: {curve[-1][1]:.3f} at the end</text>')
    return "\n".join([*lines, "</svg>", ""])


def _x(lessons: float) -> float:
    return LEFT + lessons / LESSONS * (WIDTH - LEFT - 20)


def _y(value: float) -> float:
    return HEIGHT - max(value, 0.0) * (HEIGHT - TOP)


def main() -> int:
    source = sys.argv[2] if len(sys.argv) > 2 else "id_judi_ytcomments"
    found = rows(Path(sys.argv[1]))
    stream = [row for row in found if row["source"] == source and not row.get("rep")]
    random.Random(1).shuffle(stream)  # noqa: S311 (repeatable, not secret)
    lessons = [
        teaching.lesson(
            f"{number:08x}",
            plain(str(row["text"]), Format.HTML),
            is_spam=row["label"] == "spam",
        )
        for number, row in enumerate(stream[:LESSONS])
    ]
    others = [plain(str(r["text"]), Format.HTML) for r in found if r["source"] == ELSEWHERE]
    result = curves(lessons, features(others[:2000]))
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(drawn(result, "What corrections at one site do"), encoding="utf-8")
    for name, curve in result.items():
        print(name, [(number, round(value, 3)) for number, value in curve if number % 250 == 0])
    return 0


if __name__ == "__main__":
    sys.exit(main())
