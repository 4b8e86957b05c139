"""One file per protocol: bytes in, Submission out. Which kinds of submission there are.

The list of linkback protocols is in intake/linkback/__init__.py; the kinds that an event may name,
and those that are stored and read again, follow it.
"""

from moderator.domain.submission import Kind
from moderator.intake import linkback


def kinds() -> tuple[Kind, ...]:
    """Whatever can be sent to us."""
    return (Kind.COMMENT, Kind.REPLY, *(protocol.KIND for protocol in linkback.LINKBACK_PROTOCOLS))


def kind_named(name: str) -> Kind:
    """Raises ValueError, which says what there is and never what was sent."""
    known = kinds()
    for kind in known:
        if kind == name:
            return kind
    raise ValueError(f"Not one of: {', '.join(known)}")


def from_json(wanted: type, value: object) -> object:
    """Asked by msgspec of whatever it knows no type for."""
    return kind_named(str(value)) if wanted is Kind else value


def to_json(value: object) -> str:
    """The same the other way."""
    if isinstance(value, Kind):
        return str(value)
    raise NotImplementedError(f"No JSON for {type(value).__name__}")
