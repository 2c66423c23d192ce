"""Feed addresses: made, given anew, revoked."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from digest import feed_addresses
from digest.api.doors import ACCOUNT, ApiRequest
from digest.api.fields import Given, Id, Pk
from digest.api.problems import conflict
from digest.feed_addresses import TooManyFeedsError
from digest.models import FeedToken

router = Router(auth=ACCOUNT, tags=["feeds"])


class FeedRow(Schema):
    id: int
    scope: str
    label: str
    keyword_id: int | None
    created_at: datetime
    last_used_at: datetime | None


class NewFeed(FeedRow):
    addresses: dict[str, str] = Field(description="By kind: atom, rss, json. Shown this once.")


class GivenFeed(Given):
    """`keyword` is one of the reader's `keyword_id`s: the papers of that one; else `scope` says which."""

    scope: Literal["all", "daily"] = "all"
    keyword: Id | None = None


class GivenAll(Given):
    revoke: bool = Field(False, description="Revoke all older addresses.")


def _row(token: FeedToken, label: str) -> dict[str, Any]:
    return {"label": label} | {name: getattr(token, name) for name in FeedRow.model_fields if name != "label"}


def _new(request: ApiRequest, token: FeedToken, secret: str) -> dict[str, Any]:
    return _row(token, token.label) | {"addresses": feed_addresses.addresses(request, token, secret)}


@router.get("", response=list[FeedRow], summary="Addresses in use")
def listed(request: ApiRequest) -> Any:
    return [_row(token, label) for token, label in feed_addresses.in_use(request.user)]


@router.post("", response={201: NewFeed}, summary="Make a new address")
def make(request: ApiRequest, given: GivenFeed) -> Any:
    scope: str = given.scope
    keyword = None
    if given.keyword is not None:
        keyword = get_object_or_404(request.user.subscriptions, keyword=given.keyword).keyword
        scope = "keyword"
    try:
        token, secret = feed_addresses.make(request.user, scope, keyword)
    except TooManyFeedsError as error:
        raise conflict(error) from error
    return Status(201, _new(request, token, secret))


@router.post("/opml", summary="New addresses of all feeds, as OPML", openapi_extra={
    "responses": {200: {"description": "The file", "content": {"text/x-opml": {"schema": {"type": "string"}}}}}
})  # fmt: skip
def opml(request: ApiRequest, given: GivenAll) -> HttpResponse:
    """The file holds secrets."""
    try:
        text = feed_addresses.all_anew(request, request.user, given.revoke)
    except TooManyFeedsError as error:
        raise conflict(error) from error
    return HttpResponse(text, "text/x-opml; charset=utf-8")


def _mine(request: ApiRequest, pk: int) -> FeedToken:
    return get_object_or_404(
        request.user.feed_tokens.select_related("user", "keyword"), pk=pk, revoked_at=None
    )


@router.post("/{pk}/rotate", response={201: NewFeed}, summary="A new address; the old one stops at once")
def rotate(request: ApiRequest, pk: Pk) -> Any:
    return Status(201, _new(request, *feed_addresses.rotate(_mine(request, pk))))


@router.delete("/{pk}", response={204: None}, summary="Revoke an address")
def revoke(request: ApiRequest, pk: Pk) -> Status[None]:
    feed_addresses.revoke(_mine(request, pk))
    return Status(204, None)
