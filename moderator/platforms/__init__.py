"""One blog platform per file: a decision in, the callback in its own words out."""

from moderator.domain.decisions.callback import Platform
from moderator.domain.site import Site
from moderator.platforms.generic import Generic
from moderator.platforms.wordpress import WordPress

PLATFORMS = (
    Generic(),
    WordPress(),
)

BY_NAME: dict[str, Platform] = {platform.name: platform for platform in PLATFORMS}


def platform_of(site: Site) -> Platform:
    """The platform of a site; a name nobody knows is spoken to in our own words."""
    return BY_NAME.get(site.platform, BY_NAME["generic"])
