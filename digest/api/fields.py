"""What requests are made of, each with its limits."""

import zoneinfo
from datetime import date
from typing import Annotated, Any, Literal

from ninja import Field, Path, Schema
from pydantic import BeforeValidator, ConfigDict

from digest import languages
from digest.citations import FORMATS
from digest.keywords import LONGEST, LONGEST_RULE


class Given(Schema):
    """The body of a request: JSON of exactly these types, and nothing besides."""

    model_config = ConfigDict(strict=True, extra="forbid")


def _day(value: Any) -> Any:
    if isinstance(value, str) and not (len(value) == 10 and value[4] == value[7] == "-"):
        raise ValueError("a day: 2026-05-12")
    return value


def _bool(value: Any) -> Any:
    if value not in ("true", "false", True, False):
        raise ValueError("true or false")
    return value


def _int(value: Any) -> Any:
    if isinstance(value, str) and not (value.isascii() and value.removeprefix("-").isdigit()):
        raise ValueError("a whole number")
    return value


_LARGEST = 2**63 - 1
NO_NUL = r"^[^\u0000]*$"
Day = Annotated[date, BeforeValidator(_day)]
Switch = Annotated[bool, BeforeValidator(_bool)]
Text = Annotated[str, Field(pattern=NO_NUL)]
Rule = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST_RULE,
        description="A phrase or a rule, as on the page of keywords.",
        json_schema_extra={"format": "paperglot-rule", "examples": ["ti:robot AND NOT survey"]},
    ),
]
Label = Annotated[str, Field(max_length=LONGEST, pattern=NO_NUL)]
ArxivId = Annotated[
    str,
    Path(
        pattern=r"^([0-9]{4}\.[0-9]{4,5}|[a-z-]+(\.[A-Z]{2})?/[0-9]{7})$",
        max_length=60,
        description="2611.01234, or hep-th/9901001; without its version.",
        examples=["2605.90001"],
    ),
]
Pk = Annotated[int, BeforeValidator(_int), Path(ge=1, le=_LARGEST)]

# Limits first: behind a validator they would stand in the document by names that JSON Schema does not know.
GivenId = Annotated[int, Field(ge=1, le=_LARGEST), BeforeValidator(_int)]
VersionNumber = Annotated[int, Field(ge=1, le=32767), BeforeValidator(_int)]
Id = Annotated[int, Field(ge=1, le=_LARGEST)]
Slug = Annotated[str, Path(pattern=r"^[-a-zA-Z0-9_]+$", max_length=60)]
OfDay = Annotated[date, BeforeValidator(_day), Path(description="An arXiv day: a US Eastern calendar date.")]
Format = Literal[tuple(FORMATS)]
Language = Literal[tuple({**languages.languages(), **languages.by_code()})]
Zone = Literal[tuple(sorted(zoneinfo.available_timezones()))]
