"""One campaign as a spinner writes it: a text in 40 variants, with other authors and hosts."""

import random
import re

VARIANTS = 40
OTHERWISE = 0.3  # how often a choice is not its first word
CHOICE = re.compile(r"\(([^()]*)\)")
TEXT = (
    "(Hello|Hi|Greetings) everybody, I (lost|wasted) years (worrying|thinking) about (money|bills)"
    " before my (cousin|brother|neighbour) showed me how people earn a (second|steady|serious)"
    " income from home with a (simple|secret|proven) trading (method|system|robot). In the first"
    " (week|month) I made (more|better) than in my (old|boring|former) job, and nobody asks for"
    " (experience|diplomas). (Places|Seats) are (limited|going fast), so read the (free|short)"
    " guide at {page} and (start|begin) (today|tonight|now), you will (thank|bless) me later."
)
NAMES = ("Anna", "Mark", "Sofia", "Peter", "Linda", "Oscar", "Maria", "Frank", "Helen", "Victor")


def _variant(chance: random.Random) -> str:
    def choose(found: re.Match[str]) -> str:
        first, *others = found[1].split("|")
        return chance.choice(others) if chance.random() < OTHERWISE else first

    return CHOICE.sub(choose, TEXT)


def variants() -> tuple[str, ...]:
    """The same 40 different ones every time."""
    chance = random.Random(40)  # noqa: S311  # texts, no secrets
    found: dict[str, None] = {}
    while len(found) < VARIANTS:
        found[_variant(chance)] = None
    return tuple(found)


SPUN = variants()


def spin(number: int, page: str) -> tuple[str, str, str]:
    """Text, author's name and author's e-mail of one sending."""
    name = NAMES[number % len(NAMES)]
    text = random.Random(number).choice(SPUN)  # noqa: S311
    return (
        text.replace("{page}", page),
        f"{name} {number % 89}",
        f"{name.lower()}{number}@example.net",
    )
