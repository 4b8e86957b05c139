"""Asks Akismet through its Python package, and mends what the package takes for "not spam".

A suspended key answers 200 `false` with an error header, which the package reads as ham. Here only
a plain `true` or `false` without such a header is a verdict; everything else (error header,
suspension, wrong key, 429, 5xx, a promise to look again, silence) is UNKNOWN.
"""

import asyncio
import ssl
from functools import cache
from typing import Unpack

import akismet
import httpx

from moderator.domain.ports import SpamAnswer, SpamOpinion
from moderator.domain.site import Site
from moderator.domain.submission import Submission

PATIENCE_SECONDS = 2.0  # seconds for one answer
AKISMET = "https://rest.akismet.com"
DIGITS = 10  # of a number of seconds that is none
SHOWN = 200  # characters of a header that a moderator sees

# Alerts that only warn about the month's quota: the verdict beside them is one.
QUOTA_WARNINGS = frozenset({"10501", "10502", "10504"})

ANSWERS = {
    akismet.CheckResponse.HAM: SpamAnswer.HAM,
    akismet.CheckResponse.SPAM: SpamAnswer.SPAM,
    akismet.CheckResponse.DISCARD: SpamAnswer.DISCARD,
}


class AkismetService:
    """Honours domain.ports.SpamService. `base_url` may name another server that speaks Akismet."""

    def __init__(self, base_url: str = AKISMET, *, patience: float = PATIENCE_SECONDS) -> None:
        self._base = httpx.URL(base_url)
        self._patience = patience

    async def ask(self, submission: Submission, site: Site) -> SpamOpinion:
        transport = RecordingTransport(self._base, _trusted())
        client, http_client = self._client(site, transport)
        try:
            async with asyncio.timeout(self._patience), http_client:
                answer = await client.comment_check(
                    user_ip=submission.author.ip, **arguments(submission, site)
                )
        except (akismet.AkismetError, TimeoutError) as error:
            return SpamOpinion(SpamAnswer.UNKNOWN, transport.trouble() or _said(error))
        if answer is akismet.CheckResponse.HAM and (trouble := transport.trouble()):
            return SpamOpinion(SpamAnswer.UNKNOWN, trouble, transport.guid, transport.recheck_after)
        return SpamOpinion(ANSWERS[answer], reference=transport.guid)

    async def send_feedback(self, submission: Submission, site: Site, *, is_spam: bool) -> bool:
        """Send missed spam or a false positive; return whether Akismet took it."""
        transport = RecordingTransport(self._base, _trusted())
        client, http_client = self._client(site, transport)
        submit = client.submit_spam if is_spam else client.submit_ham
        try:
            async with asyncio.timeout(self._patience), http_client:
                return await submit(user_ip=submission.author.ip, **arguments(submission, site))
        except (akismet.AkismetError, TimeoutError):
            return False

    async def refuses(self, site: Site) -> str:
        """Why Akismet does not work with this site's key; '' when it does."""
        transport = RecordingTransport(self._base, _trusted())
        client, http_client = self._client(site, transport)
        try:
            async with asyncio.timeout(self._patience), http_client:
                is_valid = await client.verify_key(key=site.akismet_key, url=site.url)
        except (akismet.AkismetError, TimeoutError) as error:
            return transport.trouble() or _said(error)
        return "" if is_valid else transport.trouble() or "the key is not valid"

    def _client(
        self, site: Site, transport: "RecordingTransport"
    ) -> tuple[akismet.AsyncClient, httpx.AsyncClient]:
        """One per question: connections belong to an event loop, and drains have their own."""
        http_client = httpx.AsyncClient(
            transport=transport,
            headers={"User-Agent": akismet.USER_AGENT},
            timeout=self._patience,
            trust_env=False,
        )
        config = akismet.Config(key=site.akismet_key, url=site.url)
        return akismet.AsyncClient(config=config, http_client=http_client), http_client


@cache
def _trusted() -> ssl.SSLContext:
    """Reading the system's certificates is the dear part: 20 ms, once per process."""
    return ssl.create_default_context()


class RecordingTransport(httpx.AsyncHTTPTransport):
    """Sends to the wanted server, and keeps what the package drops from the answer."""

    def __init__(self, base: httpx.URL, tls: ssl.SSLContext) -> None:
        super().__init__(verify=tls, trust_env=False)
        self._base = base
        self._status = 0
        self._headers = httpx.Headers()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        base = self._base
        request.url = request.url.copy_with(scheme=base.scheme, host=base.host, port=base.port)
        request.headers["Host"] = base.netloc.decode("ascii")
        response = await super().handle_async_request(request)
        self._status = response.status_code
        self._headers = response.headers
        return response

    @property
    def guid(self) -> str:
        return _header(self._headers, "guid")

    @property
    def recheck_after(self) -> int:
        """Seconds; 0 when it did not say, or no number."""
        said = _header(self._headers, "recheck-after").strip()
        return int(said) if said.isascii() and said.isdigit() and len(said) < DIGITS else 0

    def trouble(self) -> str:
        """Why the answer is no verdict, '' when nothing speaks against it."""
        headers = self._headers
        alert, message = _header(headers, "alert-code"), _header(headers, "alert-msg")
        if "x-akismet-error" in headers:
            return f"error {_header(headers, 'error')} {message}".rstrip()
        if alert and alert not in QUOTA_WARNINGS:
            return f"alert {alert} {message}".rstrip()
        if "x-akismet-recheck-after" in headers:
            return "it wants to look again later"
        if self._status == httpx.codes.TOO_MANY_REQUESTS:
            return "too many requests"
        if self._status >= httpx.codes.BAD_REQUEST:
            return f"status {self._status}"
        return _header(headers, "debug-help")


def arguments(submission: Submission, site: Site) -> akismet.AkismetArguments:
    """What Akismet is told: all that was asked and nothing empty. Feedback sends the same."""
    author, source = submission.author, submission.linkback
    given: akismet.AkismetArguments = {
        "blog_charset": "UTF-8",
        "blog_lang": submission.lang or ",".join(site.langs),
        "comment_author": author.name,
        "comment_author_email": author.email,
        "comment_author_url": source.source if source else author.url,
        "comment_content": submission.content,
        "comment_date_gmt": submission.created_at.isoformat(),
        "comment_type": str(submission.kind),
        "permalink": submission.post.url,
        "referrer": submission.request.referrer,
        "user_agent": author.user_agent,
        "user_role": author.role if author.is_authenticated else "",
    }
    return _without_empty(**given)


def _without_empty(**given: Unpack[akismet.AkismetArguments]) -> akismet.AkismetArguments:
    for name in [name for name, value in given.items() if not value]:
        del given[name]  # type: ignore[misc]  # every key of this dictionary is optional
    return given


def _header(headers: httpx.Headers, name: str) -> str:
    return str(headers.get(f"x-akismet-{name}", ""))[:SHOWN]


def _said(error: Exception) -> str:
    if isinstance(error, TimeoutError | akismet.RequestError):
        return "no answer in time" if _is_late(error) else "it cannot be reached"
    if isinstance(error, akismet.APIKeyError):
        return "the key is not valid"
    return "the answer is neither true nor false"


def _is_late(error: Exception) -> bool:
    return isinstance(error, TimeoutError) or isinstance(error.__cause__, httpx.TimeoutException)
