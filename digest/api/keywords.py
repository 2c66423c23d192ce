"""The reader's own keywords: tried, followed, changed, put in order."""

from datetime import date, datetime
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from digest import following
from digest.almanac import Almanac
from digest.api.doors import READ, WRITE, ApiRequest, searching
from digest.api.fields import NO_NUL, Given, Id, Label, Pk, Rule
from digest.api.problems import bad_rule, conflict
from digest.following import FollowError
from digest.keywords import KeywordError
from digest.models import Subscription, User
from digest.trial import Tried, tried

router = Router(auth=READ, tags=["keywords"])


class Keyword(Schema):
    id: int
    rule: str = Field(alias="typed", description="As its reader typed it.")
    canonical: str = Field(alias="keyword.canonical", description="The same rule in its shortest form.")
    keyword_id: int = Field(description="What search and feeds call it.")
    label: str
    excluded: bool = Field(description="Papers that it matches are left out of the digest.")
    paused: bool
    replacements: bool = Field(description="New versions of its papers come again.")
    order: int
    created_at: datetime


class GivenKeyword(Given):
    rule: Rule
    label: Label = Field("", description="Empty: the rule itself.")
    excluded: bool = False
    past: bool = Field(True, description="Look at the papers of the last 30 days too.")


class KeywordChange(Given):
    """What is not given stays."""

    rule: Rule | None = None
    label: Label | None = None
    excluded: bool | None = None
    paused: bool | None = None
    replacements: bool | None = None
    past: bool = True


class GivenRule(Given):
    rule: Rule


class GivenOrder(Given):
    ids: list[Id] = Field(
        max_length=following.QUOTA, description="Those that are not named stay behind them."
    )


class TriedDay(Schema):
    day: date
    papers: int | None = Field(description="Null where the day is not here.")


class TriedPaper(Schema):
    arxiv_id: str
    title: str
    day: date


class Trial(Schema):
    """What a rule would have brought in the last 30 days."""

    canonical: str
    papers: int
    days: int
    papers_a_day: float
    too_wide: bool
    estimated: bool = Field(description="Reckoned from a sample.")
    by_day: list[TriedDay]
    newest: list[TriedPaper]


class Suggestion(Schema):
    rule: str
    followers: int


def followed(user: User, given: GivenKeyword) -> Subscription:
    """Follow for this reader. Raises RefusedError."""
    try:
        return following.follow(user, given.rule, label=given.label, excluded=given.excluded, past=given.past)
    except KeywordError as error:
        raise bad_rule(error, "rule") from error
    except FollowError as error:
        raise conflict(error) from error


def trial(rule: str) -> dict[str, Any]:
    """A dry run. Raises RefusedError."""
    try:
        found: Tried = tried(rule, Almanac.read(), timezone.now())
    except KeywordError as error:
        raise bad_rule(error, "rule") from error
    return {
        "canonical": found.form,
        "papers": found.papers,
        "days": found.days,
        "papers_a_day": found.a_day,
        "too_wide": found.many,
        "estimated": found.reckoned,
        "by_day": [{"day": bar.day, "papers": bar.count} for bar in found.bars],
        "newest": [{"arxiv_id": name, "title": title, "day": day} for name, title, day in found.newest],
    }


@router.get("", response=list[Keyword], summary="The reader's keywords, in their order")
def listed(request: ApiRequest) -> Any:
    return list(request.user.subscriptions.select_related("keyword"))


@router.post("", auth=WRITE, response={201: Keyword}, summary="Follow a rule, or leave out what it matches")
def follow(request: ApiRequest, given: GivenKeyword) -> Any:
    """A rule that is followed already is taken up again if it was paused."""
    return Status(201, followed(request.user, given))


@router.post("/try", response=Trial, summary="A dry run of a rule")
def try_rule(request: ApiRequest, given: GivenRule) -> Any:
    searching(request)
    return trial(given.rule)


@router.get(
    "/suggestions", response=list[Suggestion], summary="Rules with these words that several others follow"
)
def suggestions(request: ApiRequest, q: Annotated[str, Query(max_length=100, pattern=NO_NUL)]) -> Any:
    return [{"rule": rule, "followers": n} for rule, n in following.suggested(request.user, q)]


@router.put("/order", auth=WRITE, response=list[Keyword], summary="Put keywords in order")
def order(request: ApiRequest, given: GivenOrder) -> Any:
    following.reorder(request.user, given.ids)
    return listed(request)


@router.get("/{pk}", response=Keyword, summary="One keyword")
def one(request: ApiRequest, pk: Pk) -> Any:
    return get_object_or_404(request.user.subscriptions.select_related("keyword"), pk=pk)


@router.patch("/{pk}", auth=WRITE, response=Keyword, summary="Change a keyword")
def change(request: ApiRequest, pk: Pk, given: KeywordChange) -> Any:
    row = one(request, pk)
    changed(row, given)
    return one(request, pk)


def changed(row: Subscription, given: KeywordChange) -> None:
    """Raises RefusedError."""
    _rewrite(row, given)
    if given.paused is True:
        following.pause(row)
    elif given.paused is False and row.paused:
        following.resume(row)
    if given.replacements is not None:
        following.want_replacements(row, given.replacements)


def _rewrite(row: Subscription, given: KeywordChange) -> None:
    """Another rule, name or kind."""
    if given.rule is None and given.label is None and given.excluded is None:
        return
    label = given.label if given.label is not None else row.label if row.rule else ""
    excluded = row.excluded if given.excluded is None else given.excluded
    try:
        following.edit(row, given.rule or row.typed, label=label, past=given.past, excluded=excluded)
    except KeywordError as error:
        raise bad_rule(error, "rule") from error
    except FollowError as error:
        raise conflict(error) from error


@router.delete("/{pk}", auth=WRITE, response={204: None}, summary="Follow it no longer")
def remove(request: ApiRequest, pk: Pk) -> Status[None]:
    one(request, pk).delete()
    return Status(204, None)
