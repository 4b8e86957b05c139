"""What these use cases ask of a blog."""

from typing import Protocol

from moderator.domain.errors import FetchError
from moderator.domain.site import Site
from moderator.platforms.wordpress_rest.answers import WordPressAnswer, trouble
from moderator.platforms.wordpress_rest.requests import WordPressRequest

OK = 200
UNREADABLE = "the blog's list of comments cannot be read"


class WordPressBlog(Protocol):
    async def ask(self, site: Site, request: WordPressRequest) -> WordPressAnswer:
        """Send one request, as the site's user. Raises FetchError when there is no answer."""
        ...


async def asked(blog: WordPressBlog, site: Site, request: WordPressRequest) -> WordPressAnswer:
    """The answer, if it is a 200. Raises FetchError."""
    answer = await blog.ask(site, request)
    if answer.status != OK:
        raise FetchError(trouble(answer))
    return answer
