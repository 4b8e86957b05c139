"""The comments that are sent, the same for every commit: of usual length, from returning readers.

The rooms: `plain`, all different and without links; `wave`, three in ten of one spun campaign;
`links`, every seventh with a link to a page that answers; `stored`, what a database is filled with.
"""

import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import urlencode

from benchmarks.spun import spin

SITE = "bench"
READERS = 5_000
LINKED = 7  # every seventh comment of `links` has a link
WAVE = (1, 4, 8)  # the last digits of the numbers that belong to the campaign of `wave`
HOSTS = 300  # that pages are on: the service asks one host 30 times a minute at most
MARK = "0000000"  # in texts and ids of `stored`: gives way to the number of a copy
OPENINGS = (
    "I had not thought of it that way before.", "Thank you for writing this down.",
    "We tried the same thing last spring.", "Not sure that I agree with the second part.",
    "My neighbour told me a different story.", "This reminds me of an old book.",
    "There is one thing missing here.", "What a pleasant read on a rainy evening.",
)  # fmt: skip
VOCABULARY = """
bridge river stone garden window letter morning kitchen teacher village summer winter paper
music copper engine harbour market mountain island pencil carpet bottle candle basket ladder
orchard meadow railway station library museum theatre concert painter sailor farmer baker
cousin brother daughter stranger visitor question answer number measure weather season
minute quarter evening holiday journey distance corner surface pattern colour shadow silence
promise reason purpose habit custom lesson example mistake chance effort comfort courage
patience balance wonder quiet narrow gentle heavy bright early steady broken careful hidden
wooden modern ancient common simple crooked distant golden honest lively muddy noisy polite
carries follows gathers remembers repairs watches answers borrows crosses describes explains
imagines measures notices prepares receives returns suggests travels wanders listens belongs
slowly often seldom again perhaps nearly already somewhere between against toward without
beneath around before after while because although whether until beside along through
"""
WORDS = VOCABULARY.split()


class Room(StrEnum):
    PLAIN = "plain"
    WAVE = "wave"
    LINKS = "links"
    STORED = "stored"


@dataclass(frozen=True, slots=True)
class Written:
    """What a visitor typed."""

    text: str
    name: str
    email: str
    id: str


def text(number: int) -> str:
    """200 to 400 characters that no other number has."""
    random_ = random.Random(number)  # noqa: S311  # texts, no secrets
    length = random_.randint(200, 400)
    parts = [random_.choice(OPENINGS)]
    size = len(parts[0])
    while size < length:
        words = random_.choices(WORDS, k=random_.randint(6, 14))
        parts.append(" ".join(words).capitalize() + random_.choice((".", ".", ".", "?", "!")))
        size += len(parts[-1]) + 1
    return " ".join(parts)


def is_spun(number: int) -> bool:
    """Whether a comment of `wave` belongs to the campaign: 30 of 100 in a row, evenly."""
    return number % 10 in WAVE


def page(number: int, port: int) -> str:
    """An address on loopback; benchmarks/resolver says where `.test` is."""
    return f"http://{WORDS[number % len(WORDS)]}-{number % HOSTS}.test:{port}/{number}"


def written(number: int, room: Room, port: int) -> Written:
    """The comment with this number; `port` is where pages are."""
    reader = (number * 7_919) % READERS
    name, email = f"Reader {reader}", f"reader{reader}@example.org"
    if room is Room.WAVE and is_spun(number):
        return Written(*spin(number, page(number, port)), str(number))
    if room is Room.LINKS and number % LINKED == 0:
        said = f"{text(number)} More of it is on {page(number, port)} by the way."
        return Written(said, name, email, str(number))
    if room is Room.STORED:
        said = f"{text(number)} This was letter {number}-{MARK}."
        return Written(said, name, email, f"{number}-{MARK}")
    return Written(text(number), name, email, str(number))


def address(number: int) -> str:
    """Of the reader who wrote it, out of the network for benchmarks (RFC 2544)."""
    high, low = divmod(number * 7_919 % READERS, 256)
    return f"198.18.{high}.{low}"


def event(number: int, room: Room = Room.PLAIN, port: int = 0) -> dict[str, object]:
    comment = written(number, room, port)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")  # we are the blog
    return {
        "type": "comment.created",
        "timestamp": now,
        "data": {
            "site": {"id": SITE, "url": "https://bench.example.org/", "lang": "en"},
            "comment": {
                "id": comment.id,
                "type": "comment",
                "status": "hold",
                "content": {"raw": comment.text, "format": "text"},
                "published": now,
            },
            "author": {
                "name": comment.name,
                "email": comment.email,
                "ip": address(number),
                "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101",
            },
            "post": {
                "id": str(number % 100),
                "url": f"https://bench.example.org/articles/{number % 100}",
                "title": "On bridges, and who mends them",
            },
            "request": {"referrer": "https://bench.example.org/", "accept_language": "en"},
        },
    }


def single(number: int, room: Room, port: int) -> bytes:
    return json.dumps(event(number, room, port), separators=(",", ":")).encode()


def bulk(first: int, count: int, room: Room, port: int) -> bytes:
    events = [event(number, room, port) for number in range(first, first + count)]
    return json.dumps({"events": events}, separators=(",", ":")).encode()


def request(path: str, body: bytes, *, port: int, key: str, mark: str) -> bytes:
    """The whole request as bytes, so that sending costs next to nothing."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nIdempotency-Key: {mark}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def form(path: str, number: int, *, port: int, key: str) -> bytes:
    """The same comment as an Akismet client sends it, the whole request as bytes."""
    comment = written(number, Room.PLAIN, 0)
    fields = {
        "api_key": key,
        "blog": "https://bench.example.org/",
        "user_ip": address(number),
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101",
        "comment_type": "comment",
        "comment_author": comment.name,
        "comment_author_email": comment.email,
        "comment_content": comment.text,
        "permalink": f"https://bench.example.org/articles/{number % 100}",
        "blog_charset": "UTF-8",
    }
    body = urlencode(fields).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
