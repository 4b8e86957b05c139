"""One file per protocol: bytes in, Submission out. The protocols of linkbacks are listed here.

All else that depends on which there are asks this list: the endpoints, the kinds that an event may
name, those that are stored and read again; tests hold the pages of docs/ and the plugin against it.
"""

from moderator.domain.submission import Kind
from moderator.intake.linkback import pingback, trackback, webmention
from moderator.intake.linkback.claims import Door

DOORS: tuple[Door, ...] = (pingback, trackback, webmention)


def kinds() -> tuple[Kind, ...]:
    """Whatever can be sent to us."""
    return (Kind.COMMENT, Kind.REPLY, *(door.KIND for door in DOORS))


def kind_named(name: str) -> Kind:
    """Raises ValueError, which says what there is and never what was sent."""
    known = kinds()
    for kind in known:
        if kind == name:
            return kind
    raise ValueError(f"Not one of: {', '.join(known)}")
