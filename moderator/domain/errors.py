"""Every error we raise on purpose. What the caller can do about it decides the branch.

ModeratorError
├── RequestError            the caller must change the request (4xx)
│   ├── MalformedError          400  not the format it claims to be
│   ├── InvalidError            422  well-formed, but a field is wrong (carries JSON pointers)
│   ├── UnauthenticatedError    401  no credential, or a wrong one
│   ├── ForbiddenError          403  the credential belongs to somebody else
│   ├── NotFoundError           404
│   ├── ConflictError           409  the same key with another body; somebody decided before
│   ├── TooLargeError           413
│   ├── UnsupportedMediaError   415
│   └── TooManyRequestsError    429  (carries the seconds to wait)
├── TransientError          the same request may succeed later
│   ├── OverloadedError         503  the queue is full
│   ├── StorageUnavailableError 503  the database cannot do it now (carries the cause)
│   └── FetchError                   a page could not be fetched now
│       └── OverBudgetError          its host was asked often enough (carries the seconds to wait)
└── PermanentError          trying again is pointless
    ├── FaultError              500  ours: nobody foresaw it, and it was logged
    ├── RefusedError                 the guarded fetch will not open this address
    └── SettingsError                the environment is wrong (names every bad variable)
"""

from dataclasses import dataclass
from enum import StrEnum

# What the edge of a job contains; MemoryError is an Exception, and Ctrl-C is nobody's to contain.
ANYTHING: tuple[type[BaseException], ...] = (Exception, SystemExit)


class ModeratorError(Exception):
    """Root of the tree."""


class RequestError(ModeratorError):
    """The request is at fault; repeating it unchanged gives the same answer."""


class MalformedError(RequestError):
    """The bytes are not the format they claim to be."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field: `pointer` is an RFC 6901 JSON pointer, `detail` one plain sentence."""

    pointer: str
    detail: str


class InvalidError(RequestError):
    """Well-formed, but fields are wrong; `fields` names each."""

    def __init__(self, detail: str, fields: tuple[FieldError, ...] = ()) -> None:
        super().__init__(detail)
        self.fields = fields


class UnauthenticatedError(RequestError):
    """No credential, or one that does not verify."""


class ForbiddenError(RequestError):
    """The credential is good, but not for this."""


class NotFoundError(RequestError):
    """There is no such thing, or not for you."""


class ConflictError(RequestError):
    """The request contradicts what is stored."""


class TooLargeError(RequestError):
    """A size limit was passed."""


class UnsupportedMediaError(RequestError):
    """A content type, charset or content coding that this endpoint does not take."""


class TooManyRequestsError(RequestError):
    """The rate limit was passed; `retry_after` is in seconds."""

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class TransientError(ModeratorError):
    """The same thing may work later."""


class OverloadedError(TransientError):
    """More work is waiting than the operator allows; `retry_after` is in seconds."""

    def __init__(self, detail: str, retry_after: int = 5) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class StorageCause(StrEnum):
    """Why a database does not do what it is asked, as far as it can be told from outside."""

    SILENT = "silent"
    LOCKED = "locked"
    BUSY = "busy"
    FULL = "full"
    READ_ONLY = "read_only"
    SCHEMA = "schema"
    DAMAGED = "damaged"

    @property
    def words(self) -> str:
        """One sentence that may be told to anybody."""
        return STORAGE_WORDS[self]


STORAGE_WORDS = {
    StorageCause.SILENT: "The database does not answer",
    StorageCause.LOCKED: "The database is locked by another writer",
    StorageCause.BUSY: "The database has too much to do",
    StorageCause.FULL: "The database has no room left",
    StorageCause.READ_ONLY: "The database can only be read",
    StorageCause.SCHEMA: "The database was not brought up to this version",
    StorageCause.DAMAGED: "The database is damaged, or its disk is",
}


class StorageUnavailableError(TransientError):
    """The database did not do what it was asked, and may do it later.

    `why` is what it said itself, for the operator alone; '' when it says nothing to be shown.
    """

    def __init__(
        self, detail: str = "", cause: StorageCause = StorageCause.SILENT, why: str = ""
    ) -> None:
        super().__init__(detail or cause.words)
        self.cause = cause
        self.why = why


class MailError(TransientError):
    """A mail could not be handed over."""


class FetchError(TransientError):
    """The page could not be fetched now; `hops` are the addresses asked on the way."""

    def __init__(self, detail: str, hops: tuple[str, ...] = ()) -> None:
        super().__init__(detail)
        self.hops = hops


class OverBudgetError(FetchError):
    """The host was asked often enough for now; `retry_after` is in seconds."""

    def __init__(self, detail: str, hops: tuple[str, ...] = (), *, retry_after: float = 0) -> None:
        super().__init__(detail, hops)
        self.retry_after = retry_after


class PermanentError(ModeratorError):
    """Trying again is pointless."""


class FaultError(PermanentError):
    """Something broke on our side while one of several requests was served."""


class RefusedError(PermanentError):
    """The guarded fetcher does not open this address; `hops` are the addresses asked on the way."""

    def __init__(self, detail: str, hops: tuple[str, ...] = ()) -> None:
        super().__init__(detail)
        self.hops = hops


class SettingsError(PermanentError):
    """The environment is wrong; the message names every bad variable."""
