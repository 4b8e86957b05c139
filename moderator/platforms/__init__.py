"""One blog platform per file: a decision in, the callback in its own words out."""

from moderator.domain.decisions.callback import Platform
from moderator.domain.site import Site
from moderator.platforms.coral import Coral
from moderator.platforms.django_contrib_comments import DjangoContribComments
from moderator.platforms.generic import Generic
from moderator.platforms.isso import Isso
from moderator.platforms.mapping import Inbound
from moderator.platforms.twikoo import Twikoo
from moderator.platforms.waline import Waline
from moderator.platforms.webmention_io import WebmentionIo
from moderator.platforms.wordpress import WordPress

# These send us messages of their own shape.
INBOUND: tuple[Inbound, ...] = (
    Coral(),
    DjangoContribComments(),
    Isso(),
    Twikoo(),
    Waline(),
    WebmentionIo(),
)
PLATFORMS: tuple[Platform, ...] = (
    Generic(),
    WordPress(),
    *INBOUND,
)

BY_NAME: dict[str, Platform] = {platform.name: platform for platform in PLATFORMS}


def platform_of(site: Site) -> Platform:
    """The platform of a site; a name nobody knows is spoken to in our own words."""
    return BY_NAME.get(site.platform, BY_NAME["generic"])
