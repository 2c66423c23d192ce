"""Where a lab's digests are pushed to: what readers have for their own, for a lab's owners."""

from typing import Any

from django.utils import timezone
from ninja import Router, Status

from digest import lab_doors
from digest.api import channels
from digest.api.channels import ChannelChange, ChannelRow, DeliveryRow, GivenChannel, NewChannel
from digest.api.doors import ACCOUNT, ApiRequest
from digest.api.fields import Pk, Slug
from digest.api.paging import Cursor, Limit, Page, page
from digest.models import User

router = Router(auth=ACCOUNT, tags=["labs"])


def _reader(request: ApiRequest, slug: str) -> User:
    return lab_doors.owned(request.user, slug).lab.reader


@router.get("/{slug}/channels", response=list[ChannelRow], summary="A lab's channels, for owners")
def listed(request: ApiRequest, slug: Slug) -> Any:
    return list(_reader(request, slug).channels.kept())


@router.post("/{slug}/channels", response={201: NewChannel}, summary="Add a channel to a lab, for owners")
def add(request: ApiRequest, slug: Slug, given: GivenChannel) -> Any:
    return channels.added(_reader(request, slug), given)


@router.get("/{slug}/channels/{pk}", response=ChannelRow, summary="One channel of a lab, for owners")
def one(request: ApiRequest, slug: Slug, pk: Pk) -> Any:
    return channels.of(_reader(request, slug), pk)


@router.patch("/{slug}/channels/{pk}", response=ChannelRow, summary="Change, pause, resume it, for owners")
def change(request: ApiRequest, slug: Slug, pk: Pk, given: ChannelChange) -> Any:
    reader = _reader(request, slug)
    channels.changed(channels.of(reader, pk), given)
    return channels.of(reader, pk)


@router.delete("/{slug}/channels/{pk}", response={204: None}, summary="Remove it, for owners")
def remove(request: ApiRequest, slug: Slug, pk: Pk) -> Status[None]:
    channels.of(_reader(request, slug), pk).remove(timezone.now())
    return Status(204, None)


@router.post("/{slug}/channels/{pk}/test", response={202: DeliveryRow}, summary="Send a test, for owners")
def test(request: ApiRequest, slug: Slug, pk: Pk) -> Any:
    return channels.asked(channels.of(_reader(request, slug), pk), "test")


@router.post(
    "/{slug}/channels/{pk}/confirm", response={202: DeliveryRow}, summary="Ask to confirm again, for owners"
)
def confirm(request: ApiRequest, slug: Slug, pk: Pk) -> Any:
    return channels.asked(channels.of(_reader(request, slug), pk), "confirm")


@router.get("/{slug}/deliveries", response=Page[DeliveryRow], summary="What was delivered, for owners")
def deliveries(request: ApiRequest, slug: Slug, limit: Limit = 30, cursor: Cursor = None) -> dict[str, Any]:
    rows, following = page(channels.delivered(_reader(request, slug)), ("created_at", "pk"), cursor, limit)
    return {"items": rows, "next": following}


@router.post("/{slug}/deliveries/{pk}/retry", response={202: DeliveryRow}, summary="Try again, for owners")
def retry(request: ApiRequest, slug: Slug, pk: Pk) -> Any:
    return channels.retried(_reader(request, slug), pk)
