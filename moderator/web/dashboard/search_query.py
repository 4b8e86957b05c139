"""What a moderator looks for, as it stands in an address: read, and written again."""

import re
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlencode

from flask import request
from werkzeug.datastructures import MultiDict

from moderator.domain.pages.find import Mark, Query, Sort

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
LONGEST = 200  # characters of a value
MOST_DAYS = 10_000
AGES = (1, 7, 30, -1, -7, -30)  # days that the page offers
Fields = dict[str, Any]  # url_for's own arguments are no strings


def asked() -> Query:
    """What the address asks, or the form says that was asked; what makes no sense is not asked."""
    if "find" in request.form:
        return query_of(MultiDict(parse_qs(request.form["find"])))
    return query_of(request.args)


def query_of(values: "MultiDict[str, str]") -> Query:
    def word(name: str) -> str:
        return values.get(name, "").strip()[:LONGEST]

    return Query(
        text=word("q"),
        site=word("site"),
        kind=word("kind"),
        reason=word("reason"),
        language=word("language"),
        least=_number(word("least")),
        most=_number(word("most")),
        days=int(max(-MOST_DAYS, min(_number(word("age")) or 0, MOST_DAYS))),
        marks=frozenset(mark for mark in Mark if mark.value in values.getlist("is")),
        sort=next((sort for sort in Sort if sort.value == word("sort")), Sort.NEWEST),
    )


def asked_word(name: str) -> str:
    """A field of the address, cut where no word is so long; '' where it is not there."""
    return request.args.get(name, "").strip()[:LONGEST]


def asked_day(name: str) -> date | None:
    """A day (2026-03-04) that the address names; None for what is none."""
    value = request.args.get(name, "").strip()
    try:
        return date.fromisoformat(value) if DAY.fullmatch(value) else None
    except ValueError:
        return None


def fields_of(query: Query) -> Fields:
    """The same as fields of an address, without what is not asked."""
    fields: Fields = {
        "q": query.text,
        "site": query.site,
        "kind": query.kind,
        "reason": query.reason,
        "language": query.language,
        "least": _spelled(query.least),
        "most": _spelled(query.most),
        "age": str(query.days or ""),
        "is": sorted(query.marks),
        "sort": "" if query.sort is Sort.NEWEST else query.sort.value,
    }
    return {name: value for name, value in fields.items() if value}


def encoded(query: Query) -> str:
    return urlencode(fields_of(query), doseq=True)


def _number(value: str) -> float | None:
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) <= MOST_DAYS else None


def _spelled(number: float | None) -> str:
    return "" if number is None else f"{number:g}"
