"""Where do the links of a comment lead: alive, dead, refused, short for something else?

A dead link is no sign of spam and never holds; the finding tells a moderator each link's fate. Only
a short link that leads to a trick weighs, as the trick itself would (link_shape weighs those).
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress

from moderator.domain.check import Context, RemoteTools
from moderator.domain.finding import Finding, Signal
from moderator.domain.links.find import Link
from moderator.domain.links.follow import walk_link
from moderator.domain.links.shape import judge_shape
from moderator.domain.ports import Fate, LinkFate
from moderator.domain.submission import Submission
from moderator.domain.timing.deadlines import deadline

NAME = "link_validity"
MAX_FOLLOWED = 20
MAX_LISTED = 100
SECONDS = 15.0  # for all links together; the stage gives a check 20
LED_TO_TRICK = 0.2


class LinkValidity:
    name = NAME

    def applies(self, submission: Submission, context: Context) -> bool:
        return submission.linkback is None and bool(context.about(submission).links)

    async def run(self, submission: Submission, context: Context, tools: RemoteTools) -> Finding:
        links = context.about(submission).links
        fates = {link.raw: judge_shape(link, context.site) for link in links}
        open_links = [link for link in links if fates[link.raw] is None]
        known = await tools.link_cache.recall([_key(link) for link in open_links], context.now)
        asked = [link for link in open_links if _key(link) not in known][:MAX_FOLLOWED]
        learned = await _follow(asked, context, tools)
        await tools.link_cache.remember(
            [fate for fate in learned.values() if fate.fate is not Fate.UNCHECKED], context.now
        )
        answered = {**known, **learned}
        listed = [fates[link.raw] or _told(link, answered) for link in links]
        return _finding(listed)


async def _follow(
    links: Sequence[Link], context: Context, tools: RemoteTools
) -> dict[str, LinkFate]:
    """Follow links at the same time; what has no answer in time stays unchecked."""
    walks = {
        _key(link): asyncio.ensure_future(
            walk_link(link, tools.fetcher, context.site, now=context.now)
        )
        for link in links
    }
    if not walks:
        return {}
    try:
        with suppress(TimeoutError):
            async with deadline(SECONDS):
                await asyncio.wait(walks.values())
        return {url: walk.result() for url, walk in walks.items() if walk.done()}
    finally:
        for walk in walks.values():
            walk.cancel()


def _key(link: Link) -> str:
    return link.url.href if link.url is not None else link.raw


def _told(link: Link, answered: Mapping[str, LinkFate]) -> LinkFate:
    return answered.get(_key(link), LinkFate(_key(link), Fate.UNCHECKED, "Not asked"))


def _finding(fates: Sequence[LinkFate]) -> Finding:
    counts = Counter(fate.fate for fate in fates)
    trick = next((f for f in fates if f.final_url and f.fate is Fate.SUSPICIOUS), None)
    told = ", ".join(f"{count} {fate.replace('_', ' ')}" for fate, count in counts.items())
    return Finding(
        NAME,
        Signal.NEUTRAL if trick is None else Signal.SUSPECT,
        f"Links: {told}" if trick is None else f"A short link leads to a trick: {trick.detail}",
        code=NAME if trick is None else "short_link_to_trick",
        weight=0.0 if trick is None else LED_TO_TRICK,
        evidence={"links": [_line(fate) for fate in fates[:MAX_LISTED]], "count": len(fates)},
    )


def _line(fate: LinkFate) -> dict[str, object]:
    line: dict[str, object] = {"url": fate.url, "fate": str(fate.fate)}
    if fate.detail:
        line["detail"] = fate.detail
    if fate.status:
        line["status"] = fate.status
    if fate.final_url and fate.final_url != fate.url:
        line |= {"final_url": fate.final_url, "hops": list(fate.hops)}
    return line
