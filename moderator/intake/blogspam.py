"""What a client of blogspam.net (API 2.0) says of a comment: a JSON object in, the words of an
Akismet form out, so that both are read, named and reported alike.

Field names are the API's. Of a page that was edited ikiwiki sends the lines that are new as the
comment, which may be none.
"""

from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from moderator.domain.errors import FieldError, InvalidError, MalformedError
from moderator.intake.akismet.form import FIELD_LIMIT, Form
from moderator.intake.webhook import strict_json

BODY_LIMIT = 1024 * 1024
FIELDS = {
    "ip": "user_ip",
    "agent": "user_agent",
    "email": "comment_author_email",
    "link": "comment_author_url",
    "name": "comment_author",
    "site": "blog",
}
TRAINED = {"spam": "spam", "ok": "approved"}
MOST_OPTIONS = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """`form` as an Akismet client would have written it; `trained` is a person's word on it."""

    form: Form
    options: tuple[tuple[str, str], ...] = ()
    trained: str = ""

    def forced(self) -> str:
        """What its options say whatever the comment is: spam, ok, or nothing ('').

        Without a word there is nothing to judge: that is ok.
        """
        ip = self.form.get("user_ip")
        if ("fail", "") in self.options or _is_in(ip, self.options, "blacklist"):
            return "spam"
        is_empty = not self.form.get("comment_content").strip()
        return "ok" if is_empty or _is_in(ip, self.options, "whitelist") else ""


def read(body: bytes, address: str) -> Asked:
    """Read a request; `address` is the blog's, where the client names none.

    Raises MalformedError, InvalidError.
    """
    value = strict_json.parse(body)
    if not isinstance(value, dict):
        raise MalformedError("The body is not a JSON object")
    named = {str(name).lower(): given for name, given in value.items() if given is not None}
    said = {name: _text(name, given) for name, given in named.items()}
    comment = said.get("comment")
    if comment is None:
        wrong = FieldError("/comment", "This field is required")
        raise InvalidError("There is no comment", (wrong,))
    subject = said.get("subject", "")
    fields = {theirs: said.get(ours, "") for ours, theirs in FIELDS.items()}
    fields["blog"] = fields["blog"] or address
    fields["comment_content"] = f"{subject}\n\n{comment}" if subject.strip() else comment
    options = said.get("options", "").split(",", MOST_OPTIONS)[:MOST_OPTIONS]
    return Asked(
        Form(tuple((name, text[:FIELD_LIMIT]) for name, text in fields.items())),
        tuple((name.strip().lower(), of.strip()) for name, _, of in map(_parted, options)),
        TRAINED.get(said.get("train", "").lower(), ""),
    )


def _text(name: str, given: object) -> str:
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        wrong = FieldError(f"/{name}", "Not a string")
        raise InvalidError("Some fields are not valid", (wrong,))
    return str(given)


def _parted(option: str) -> tuple[str, str, str]:
    return option.partition("=")


def _is_in(ip: str, options: tuple[tuple[str, str], ...], name: str) -> bool:
    """Whether an address is one, or in a network, that an option names."""
    try:
        address = ip_address(ip)
    except ValueError:
        return False
    return any(_holds(network, address) for option, network in options if option == name)


def _holds(network: str, address: object) -> bool:
    try:
        return address in ip_network(network, strict=False)
    except (ValueError, TypeError):  # no network, or one of the other version
        return False
