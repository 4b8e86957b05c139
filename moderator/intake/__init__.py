"""One file per protocol: bytes in, Submission out. The protocols of linkbacks are listed here.

All else that depends on which there are asks this list: the endpoints, the kinds that an event may
name, those that are stored and read again; tests hold the pages of docs/ and the plugin against it.
"""

from moderator.domain.submission import Kind
from moderator.intake.linkback import pingback, trackback, webmention
from moderator.intake.linkback.claims import LinkbackProtocol

LINKBACK_PROTOCOLS: tuple[LinkbackProtocol, ...] = (pingback, trackback, webmention)


def kinds() -> tuple[Kind, ...]:
    """Whatever can be sent to us."""
    return (Kind.COMMENT, Kind.REPLY, *(door.KIND for door in LINKBACK_PROTOCOLS))


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
