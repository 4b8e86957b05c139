"""Forms that strangers post: fields by name, in the charset they name."""

import re
from urllib.parse import parse_qsl

from moderator.domain.errors import MalformedError

MAX_FIELDS = 64
FORM = re.compile(r"application/x-www-form-urlencoded[ \t]*(?:;.*)?", re.IGNORECASE)
# Encodings of text that yield nothing but characters; UTF-8 for any other name.
TEXT = re.compile(
    r"us-ascii|iso-8859-\d{1,2}|latin-?1|windows-(?:125\d|874)|koi8-[ru]|shift_jis|euc-(?:jp|kr)"
    r"|gb2312|gbk|gb18030|big5",
    re.IGNORECASE,
)
CHARSET = re.compile(r'charset[ \t]*=[ \t]*"?([A-Za-z0-9_.:-]{1,40})"?', re.IGNORECASE)


def parse_form(body: bytes, content_type: str) -> dict[str, str]:
    """The first value of each field. Raises MalformedError."""
    if not FORM.fullmatch(content_type):
        raise MalformedError("Send application/x-www-form-urlencoded")
    try:
        pairs = parse_qsl(
            body.decode("ascii", "replace"),
            keep_blank_values=True,
            encoding=_charset(content_type),
            errors="replace",
            max_num_fields=MAX_FIELDS,
        )
    except ValueError as error:
        raise MalformedError(f"More than {MAX_FIELDS} fields") from error
    except LookupError as error:  # iso-8859-12 does not exist
        raise MalformedError("The charset is unknown") from error
    return {name: value.replace("\0", "") for name, value in reversed(pairs)}


def _charset(content_type: str) -> str:
    named = CHARSET.search(content_type)
    return named[1] if named is not None and TEXT.fullmatch(named[1]) else "utf-8"
