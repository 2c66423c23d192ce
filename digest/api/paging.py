"""Pages that stay right while papers arrive: the next one begins behind the last row that was seen, by its key.

`next` of an answer is passed back as `cursor`. It holds the key of the last row, so what is new comes before the first
page, and no row comes twice or is passed over.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404
from ninja import Field, Query, Schema

Cursor = Annotated[
    str | None,
    Query(
        pattern=r"^[A-Za-z0-9_-]+$", max_length=200, description="`next` of the page before; none: the first."
    ),
]
Limit = Annotated[int, Query(ge=1, le=100, description="Rows of a page.")]
T = TypeVar("T")


class Page(Schema, Generic[T]):
    items: list[T]
    next: str | None = Field(None, description="The cursor of the next page; null: this was the last.")


def page(
    rows: QuerySet[Any], keys: tuple[str, ...], cursor: str | None, limit: int
) -> tuple[list[Any], str | None]:
    """Rows by their keys, the largest first, and the next page's cursor. The keys together are unique, and none is
    NULL."""
    if cursor is not None:
        rows = rows.filter(_behind(keys, _read(rows, keys, cursor)))
    found = list(rows.order_by(*(f"-{key}" for key in keys))[: limit + 1])
    following = None
    if len(found) > limit:
        found.pop()
        following = written([getattr(found[-1], key) for key in keys])
    return found, following


def _behind(keys: tuple[str, ...], values: list[Any]) -> Q:
    """Smaller than the values, as rows are compared: (a, b) < (x, y)."""
    condition = Q(**{f"{keys[-1]}__lt": values[-1]})
    for key, value in zip(keys[-2::-1], values[-2::-1], strict=True):
        condition = Q(**{f"{key}__lt": value}) | Q(**{key: value}) & condition
    return condition


def written(values: list[Any]) -> str:
    """A cursor."""
    plain = [value.isoformat() if isinstance(value, date | datetime) else value for value in values]
    return urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def numbers(cursor: str, count: int) -> list[int]:
    """What a cursor of so many numbers holds. Raises Http404."""
    values = _values(cursor, count)
    if not all(type(value) is int and 0 <= value < 2**63 for value in values):
        raise Http404
    return values


def _read(rows: QuerySet[Any], keys: tuple[str, ...], cursor: str) -> list[Any]:
    """A page that nobody named is not there."""
    try:
        values = [
            _field(rows, key).to_python(value)
            for key, value in zip(keys, _values(cursor, len(keys)), strict=True)
        ]
    except (TypeError, ValueError, OverflowError, ValidationError) as error:
        raise Http404 from error
    if any(value is None or (isinstance(value, int) and not 0 <= value < 2**63) for value in values):
        raise Http404
    return values


def _field(rows: QuerySet[Any], key: str) -> Any:
    meta = rows.model._meta
    return meta.pk if key == "pk" else meta.get_field(key)


def _values(cursor: str, count: int) -> list[Any]:
    try:
        values = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise Http404 from error
    if not isinstance(values, list) or len(values) != count:
        raise Http404
    return values
