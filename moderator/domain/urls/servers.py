"""What an operator names: servers, zones, a folder, a token. Each raises ValueError."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

# What a rediss:// URL may say of its TLS, in the words of redis-py.
CERTIFICATES = frozenset({"ssl_ca_certs", "ssl_certfile", "ssl_keyfile"})
CHOICES = {
    "ssl_cert_reqs": frozenset({"required", "optional", "none"}),
    "ssl_check_hostname": frozenset({"true", "false"}),
}
POOLING = ("session", "transaction")  # how long a session of PostgreSQL is ours
REDIS_PREFIX = re.compile(r"[A-Za-z0-9._:-]{1,64}")

ZONE = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+")
TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{16,256}=*")


def database_url(value: str) -> str:
    """sqlite:///FILE or postgresql://…; `postgres://`, as platforms write it, is the same."""
    if value.startswith("postgres://"):
        value = value.replace("postgres://", "postgresql://", 1)
    if value.startswith("postgresql://"):
        if not _has_place(value):
            raise ValueError("must be postgresql://USER:PASSWORD@HOST:PORT/DATABASE")
        pooling = dict(parse_qsl(urlsplit(value).query)).get("pooling", "session")
        if pooling not in POOLING:
            raise ValueError(f"must say pooling={' or pooling='.join(POOLING)}, if anything of it")
        return value
    file = value.removeprefix("sqlite:///").partition("?")[0]
    if not value.startswith("sqlite:"):
        raise ValueError("must start with sqlite: or postgresql:")
    if not file or file == value or ":memory:" in value or "mode=memory" in value:
        raise ValueError("must be sqlite:///FILE: several processes cannot share one in memory")
    return value


def redis_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"redis", "rediss"}:
        raise ValueError("must start with redis: or rediss:")
    number = parts.path.removeprefix("/")
    if not parts.netloc or not _has_place(value) or (number and not number.isdecimal()):
        raise ValueError("must be redis://HOST:PORT/NUMBER, with the number of a database")
    address, mark, query = value.partition("?")
    return f"{address}?{_tls(parts.scheme, query)}" if mark else value


def _tls(scheme: str, query: str) -> str:
    """What is said of TLS, in its one spelling: Celery's CERT_NONE is none."""
    asked = dict(parse_qsl(query, keep_blank_values=True))
    for name in asked.keys() & CHOICES.keys():
        asked[name] = asked[name].lower().removeprefix("cert_")
    is_known = all(
        value in CHOICES[name] if name in CHOICES else name in CERTIFICATES and value
        for name, value in asked.items()
    )
    if not is_known or scheme != "rediss":
        raise ValueError(
            "may only say of TLS, and with rediss: ssl_ca_certs, ssl_certfile, ssl_keyfile, a file"
            " each, ssl_cert_reqs (required, optional, none), ssl_check_hostname (true, false)"
        )
    return urlencode(asked, safe="/")


def redis_prefix(value: str) -> str:
    if not REDIS_PREFIX.fullmatch(value):
        raise ValueError("must be up to 64 letters, digits, '.', '_', ':' and '-'")
    return value


def _has_place(value: str) -> bool:
    """A host or a database, and a port that is one if there is any."""
    try:
        parts = urlsplit(value)
        return bool(parts.hostname or parts.path.strip("/")) and parts.port != 0
    except ValueError:
        return False


def mail_server(value: str) -> str:
    is_known = value.startswith(("smtp://", "smtps://"))
    if not is_known or not _has_place(value) or not urlsplit(value).hostname:
        raise ValueError("must be smtp://[USER:PASSWORD@]HOST[:PORT] or the same with smtps://")
    return value


def mail_address(value: str) -> str:
    name, _, host = value.rpartition("@")
    if not (
        name
        and host
        and "@" not in name
        and value.isascii()
        and value.isprintable()
        and " " not in value
    ):
        raise ValueError("must be a mail address")
    return value


def bearer_token(value: str) -> str:
    """As RFC 6750 writes it, and long enough that nobody finds it."""
    if not TOKEN.fullmatch(value):
        raise ValueError("must be 16 to 256 letters, digits, '-', '.', '_', '~', '+', '/' and '='")
    return value


def folder(value: str) -> Path:
    path = Path(value)
    if any(part.exists() and not part.is_dir() for part in (path, *path.parents)):
        raise ValueError("must be a folder, and a file lies there")
    return path


def zones(value: str) -> tuple[str, ...]:
    names = tuple(part.strip().strip(".").lower() for part in value.split(","))
    if not all(ZONE.fullmatch(name) for name in names):
        raise ValueError("must be DNS zones separated by commas")
    return names
