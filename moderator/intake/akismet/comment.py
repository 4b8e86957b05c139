"""What an Akismet client says of a comment: its form in, a Submission out.

Fields are taken by name from a list; what else a client sends (a visitor's headers, a whole form)
is not kept. A comment is known by what it says, by whom and where, for clients name no id when they
ask, and report it later in other letters: the WordPress plugin asks with slashed text, and
reports what was stored.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from moderator.domain.answering.replies import PREFIX
from moderator.domain.content.facts import Facts
from moderator.domain.content.fingerprint import digest
from moderator.domain.submission import Author, Format, Kind, Linkback, Post, Request, Submission
from moderator.domain.text.markup import plain
from moderator.domain.timing.dates import read_date
from moderator.domain.urls.parse import read
from moderator.domain.urls.same_page import canonical, is_own
from moderator.intake import fields, kinds
from moderator.intake.akismet.form import PAGES, Form
from moderator.intake.webhook import schema
from moderator.intake.webhook.reader import EventOrigin

LINE = 1_024  # characters of a name, a title
YES = frozenset({"1", "true", "yes"})
KEY = re.compile(r"[0-9a-fA-F]{12}")
WHO_ASKS = ("api_key", "key")  # the fields that hold one, the first that is there counts
TO_VERIFY = ("key", "api_key")  # WordPress names its own beside the one that it asks about
REQUIRED = ("blog", "user_ip")
# The protocol's own test values (akismet.com/developers): such a comment is always spam.
SPAM_NAMES = frozenset({"viagra-test-123", "akismet-guaranteed-spam"})
SPAM_MAIL = "akismet-guaranteed-spam@example.com"
ADMINISTRATOR = "administrator"  # and of such a writer nothing is
FINAL = frozenset({"retry", "recheck", "recheck_queue"})  # who asks again wants to be done
HONEYPOTS = ("hidden_honeypot_field", "POST_ak_hp_textarea")
KINDS = {str(kind): kind for kind in kinds()}
KEPT = ("blog", "comment_type", "comment_ID", "comment_post_ID", "recheck_reason")  # for people
BETWEEN = re.compile("[,;]")
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)  # what is older was never filled in
MILLISECONDS = re.compile(r"[0-9]{13}")
# Every quote and backslash is escaped, as PHP's addslashes does.
SLASHED = re.compile(r"""[^\\'"]*(?:\\[\\'"0][^\\'"]*)+""")
ESCAPE = re.compile(r"\\(.)", re.DOTALL)
LIBRARY = re.compile(r"akismet", re.IGNORECASE)  # a client's own name in place of the visitor's


def key_of(form: Form, host: str, names: Sequence[str] = WHO_ASKS) -> str:
    """The key that a call brings: as a field, or as the first label of the host it was sent to.

    Of several `names` the first that is there counts.
    """
    label, _, rest = host.partition(".")
    for given in (*map(form.get, names), label if rest else ""):
        if given:
            return given.strip().lower()
    return ""


def missing(form: Form) -> str:
    """A field without which there is no answer, '' where all are there."""
    return next((name for name in REQUIRED if not form.get(name)), "")


def is_test(form: Form) -> bool:
    return form.get("is_test").strip().lower() in YES


def is_precheck(form: Form) -> bool:
    """Whether WordPress asks about a pingback whose source it has not fetched yet."""
    return form.get("akismet_pre_check").strip().lower() in YES


def is_final(form: Form) -> bool:
    return form.get("recheck_reason").strip().lower() in FINAL


def known_answer(form: Form) -> bool | None:
    """Whether it is spam, where the protocol says so without looking at the text."""
    roles = {role.strip().lower() for role in form.get("user_role").split(",")}
    if ADMINISTRATOR in roles:
        return False
    name = form.get("comment_author").strip().lower()
    mail = form.get("comment_author_email").strip().lower()
    return True if name in SPAM_NAMES or mail == SPAM_MAIL else None


def blog_host(form: Form) -> str:
    url = read(form.get("blog").strip())
    return "" if url is None else url.authority[: fields.URL_LIMIT]


def callback_of(form: Form, own_hosts: frozenset[str]) -> str:
    """Where later answers go: only to the blog itself, whatever the form says."""
    address = _address(form.get("callback"))
    url = read(address)
    is_ours = url is not None and is_own(url, own_hosts)
    return address if is_ours and address.lower().startswith(("http://", "https://")) else ""


def submission(
    form: Form, origin: EventOrigin, *, answer_url: str = "", status: str = "hold"
) -> Submission:
    """The comment or linkback that a check or a report is about."""
    kind = KINDS.get(form.get("comment_type", "content_type").strip().lower(), Kind.COMMENT)
    content = unslashed(form.get("comment_content"))
    text = plain(content, Format.HTML)
    url = _page(form.get("permalink"), form.get("blog"))
    read_author = _author(form)
    parent = form.get("comment_parent").strip()
    said = Submission(
        id=origin.new_id(),
        site_id=origin.site_id,
        platform_id="",
        kind=kind,
        content=content,
        format=Format.HTML,
        text=text,
        created_at=_date(form.get("comment_date_gmt"), origin.received_at) or origin.received_at,
        received_at=origin.received_at,
        author=read_author,
        post=Post(
            id=_short(form.get("comment_post_ID")),
            url=url,
            tags=tuple(_short(tag) for tag in form.all("comment_context")[:200]),
            published=_date(form.get("comment_post_modified_gmt"), origin.received_at),
        ),
        linkback=_linkback(form, kind, read_author, url, content),
        request=_request(form),
        parent_id="" if parent == "0" else _short(parent),
        status=status,
        lang=_short(BETWEEN.split(form.get("blog_lang"), maxsplit=1)[0]).replace("_", "-"),
        answer_url=answer_url,
        ext={name: _short(form.get(name)) for name in KEPT if form.get(name)},
    )
    return _named(said)


def unslashed(text: str) -> str:
    """The text without PHP's slashes, if it has them throughout."""
    return ESCAPE.sub(_unescaped, text) if SLASHED.fullmatch(text) else text


def _unescaped(found: re.Match[str]) -> str:
    return "" if found[1] == "0" else found[1]


def _named(said: Submission) -> Submission:
    """With an id that is made of what it says, by whom, and where."""
    said_plainly = replace(said, text=said.text.replace("\\", ""))
    name = " ".join(said.author.name.replace("\\", "").casefold().split())
    words = Facts(said_plainly).said if said.text.strip() else said.content.replace("\\", "")
    source = said.author.url if said.kind.is_linkback else ""
    parts = (name, words, source, _place(said.post.url))
    return replace(said, platform_id=f"{PREFIX}{digest(chr(0).join(parts))}")


def _place(address: str) -> str:
    """A post, whichever of the ways to write its address was taken."""
    url = read(canonical(address))
    if url is None:
        return address
    query = f"?{url.query}" if url.query else ""
    return f"{url.authority.removeprefix('www.')}{url.path.rstrip('/')}{query}"


def _author(form: Form) -> Author:
    role = _short(form.get("user_role"))
    agent = fields.one_line(form.get("user_agent"), LINE)
    return Author(
        id=_short(form.get("user_ID", "user_id").strip()).removeprefix("0"),
        name=fields.person_name(unslashed(form.get("comment_author")), LINE),
        email=_given(unslashed(form.get("comment_author_email")), fields.address_of_mail),
        url=_address(form.get("comment_author_url")),
        ip=_given(form.get("user_ip").strip(), fields.address_of_network),
        user_agent="" if LIBRARY.search(agent) else agent,
        role=role,
        is_authenticated=bool(role),
    )


def _linkback(form: Form, kind: Kind, author: Author, target: str, content: str) -> Linkback | None:
    if not kind.is_linkback:
        return None
    page = form.get(*PAGES)
    return Linkback(
        protocol=str(kind),
        source=author.url,
        target=_page(form.get("comment_pingback_target"), form.get("blog"))
        if form.get("comment_pingback_target")
        else target,
        source_title=author.name,
        excerpt=content,
        source_html=page or None,
    )


def _request(form: Form) -> Request:
    named = form.get("honeypot_field_name").strip()
    for name in (named, *HONEYPOTS):
        value = form.get(name) if name else ""
        if value:
            return _with_trap(form, name, value)
    return _with_trap(form, named, "")


def _with_trap(form: Form, name: str, value: str) -> Request:
    return Request(
        referrer=fields.one_line(form.get("referrer"), schema.LINE_LIMIT),
        honeypot_name=fields.one_line(name, schema.NAME_LIMIT),
        honeypot_value=fields.one_line(value, LINE),
        accept_language=fields.one_line(form.get("HTTP_ACCEPT_LANGUAGE"), schema.NAME_LIMIT),
    )


def _page(permalink: str, blog: str) -> str:
    """The post's address; one that was built without the blog's (`undefined/post/1`) is made whole.

    Without any it is the blog's own.
    """
    given = permalink.strip().removeprefix("undefined")
    for address in (given, urljoin(_address(blog), given) if given else "", _address(blog)):
        try:
            if address:
                return fields.page_of_site(address)
        except ValueError:
            continue
    return ""


def _date(value: str, now: datetime) -> datetime | None:
    """A time as clients write it: ISO 8601, as SQL does, in seconds or milliseconds, as in mail.

    What lies in the future is a clock that is wrong.
    """
    given = value.strip()[:64]
    time = read_date(f"{given[:10]}.{given[10:]}" if MILLISECONDS.fullmatch(given) else given)
    if time is None and given:
        try:
            read_mail = parsedate_to_datetime(given)
            time = read_mail.replace(tzinfo=UTC) if read_mail.tzinfo is None else read_mail
            time = time.astimezone(UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            return None
    return time if time is not None and EARLIEST <= time <= now else None


def _address(value: str) -> str:
    return _given(unslashed(value.strip()), fields.address_of_web)


def _given(value: str, read_value: Callable[[str], str]) -> str:
    """What a visitor filled in: an odd value costs the field."""
    try:
        return read_value(value) if value else ""
    except ValueError:
        return ""


def _short(value: str) -> str:
    return fields.one_line(value, schema.NAME_LIMIT)
