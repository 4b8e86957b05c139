"""A site's own languages: what it declares, what its posts are in, what people approved there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from moderator.domain.check import TextScore
from moderator.domain.content.facts import Facts
from moderator.domain.site import Site
from moderator.domain.submission import Post, Submission
from moderator.domain.text.languages import LATEST, SCRIPTS, codes_of, is_own, spoken
from moderator.judgement.text.languages import language_of

TITLE = 300  # characters of a title that are looked at
Approved = tuple[Submission, bool]  # and whether a person approved it
LanguageQuery = tuple[Site, Facts, TextScore | None]


class ApprovedTexts(Protocol):
    def approved(self, site_id: str, limit: int) -> Sequence[Approved]:
        """What stands approved at a site, the latest arrivals first."""
        ...


@dataclass(frozen=True, slots=True)
class SiteLanguages:
    """What was approved is looked up only where nothing else tells that a language is own."""

    store: ApprovedTexts

    def __call__(self, asked: Mapping[str, LanguageQuery]) -> dict[str, frozenset[str]]:
        """The own languages as far as the texts need them, by submission id."""
        found = {id_: _declared(site, facts) for id_, (site, facts, _) in asked.items()}
        shown: dict[str, frozenset[str]] = {}
        for id_, (site, facts, score) in asked.items():
            if score is None or score.is_familiar or is_own(score.language, found[id_]):
                continue
            found[id_] |= _of_post(facts.submission.post)
            if is_own(score.language, found[id_]):
                continue
            if site.id not in shown:
                shown[site.id] = self._shown(site.id)
            found[id_] |= shown[site.id]
        return found

    def _shown(self, site_id: str) -> frozenset[str]:
        latest = self.store.approved(site_id, LATEST)
        return spoken(
            [
                (language_of(Facts(submission).unlinked), by_person)
                for submission, by_person in latest
                if not submission.kind.is_linkback
            ]
        )


def _declared(site: Site, facts: Facts) -> frozenset[str]:
    lang = facts.submission.lang
    return codes_of((*site.langs, lang) if lang else site.langs)


def _of_post(post: Post) -> frozenset[str]:
    return _of_title(post.title[:TITLE], post.tags)


@lru_cache(maxsize=256)  # the posts that are spoken of now
def _of_title(title: str, tags: Iterable[str]) -> frozenset[str]:
    language = language_of(". ".join((title, *tags)))
    told = frozenset(language.codes[:1]) if language.is_sure else frozenset()
    return told | SCRIPTS.get(language.codes[-1] if language.codes else "", frozenset())
