"""What a platform sends beyond the schema: kept for people to see, bounded, without secrets."""

from typing import cast

import msgspec

from moderator.intake.webhook.schema import BODY, PARTS

LIMIT = 8_192  # bytes of JSON
# Compared without "-" and "_", in lower case.
SECRETS = ("secret", "token", "password", "apikey", "signature", "privatekey", "sessionid")
SECRET_NAMES = frozenset(
    {"authorization", "cookie", "setcookie", "auth", "approvelink", "rejectlink", "deletelink"}
)

_encoder = msgspec.json.Encoder()


def size(value: object) -> int:
    return len(_encoder.encode(value))


def collect(data: dict[str, object]) -> None:
    """Move unknown fields of `data` (an object as parsed) to its `ext`, as far as there is room.

    A field of a part is named "part.field" there. Secrets are dropped wherever they stand.
    """
    unknown = _take_unknown(data)
    ext = data.get("ext")
    if isinstance(ext, dict) and ext:
        ext = data["ext"] = _without_secrets(ext)
    if not unknown or not isinstance(ext, dict | None):
        return
    kept = cast("dict[str, object]", ext or {})  # JSON keys are strings
    room = LIMIT - size(kept)
    for name, value in sorted(_without_secrets(unknown).items()):
        needed = size({name: value})
        if name not in kept and needed <= room:
            kept[name] = value
            room -= needed
    if kept:
        data["ext"] = kept


def _take_unknown(data: dict[str, object]) -> dict[str, object]:
    unknown: dict[str, object] = {}
    if not BODY.issuperset(data):
        unknown = {name: data.pop(name) for name in data.keys() - BODY}
    for part, known in PARTS.items():
        fields = data.get(part)
        if isinstance(fields, dict) and not known.issuperset(fields):
            names = fields.keys() - known
            unknown.update((f"{part}.{name}", fields.pop(name)) for name in names)
    return unknown


def _without_secrets(fields: dict[str, object]) -> dict[str, object]:
    return {name: _clean(value) for name, value in fields.items() if not _is_secret(name)}


def _clean(value: object) -> object:
    match value:
        case dict():
            return _without_secrets(value)
        case list():
            return [_clean(item) for item in value]
        case _:
            return value


def _is_secret(name: str) -> bool:
    bare = name.rpartition(".")[2].lower().replace("-", "").replace("_", "")
    return bare in SECRET_NAMES or bare.endswith(SECRETS)
