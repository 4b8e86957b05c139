"""The comments that are sent: made here, all different, of usual length, from returning readers."""

import json
import random
from datetime import UTC, datetime

SITE = "bench"
READERS = 5_000
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


def event(number: int) -> dict[str, object]:
    reader = (number * 7_919) % READERS
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")  # we are the blog
    return {
        "type": "comment.created",
        "timestamp": now,
        "data": {
            "site": {"id": SITE, "url": "https://bench.example.org/", "lang": "en"},
            "comment": {
                "id": str(number),
                "type": "comment",
                "status": "hold",
                "content": {"raw": text(number), "format": "text"},
                "published": now,
            },
            "author": {
                "name": f"Reader {reader}",
                "email": f"reader{reader}@example.org",
                "ip": f"192.0.2.{reader % 254 + 1}",
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


def single(number: int) -> bytes:
    return json.dumps(event(number), separators=(",", ":")).encode()


def bulk(first: int, count: int) -> bytes:
    events = [event(number) for number in range(first, first + count)]
    return json.dumps({"events": events}, separators=(",", ":")).encode()


def request(path: str, body: bytes, *, port: int, key: str, mark: str) -> bytes:
    """The whole request as bytes, so that sending costs next to nothing."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nIdempotency-Key: {mark}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
