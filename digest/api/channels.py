"""Where digests are pushed to, and what was delivered."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Body, Field, Router, Schema, Status

from digest import channels as known
from digest import pushing
from digest.api.doors import ACCOUNT, ApiRequest
from digest.api.fields import NO_NUL, Given, Pk
from digest.api.paging import Cursor, Limit, Page, page
from digest.api.problems import RefusedError, checked, conflict
from digest.channel_forms import ADD_FORMS
from digest.models import Channel, Delivery, User
from digest.pushing import PushError

router = Router(auth=ACCOUNT, tags=["deliveries"])
Name = Annotated[str, Field(max_length=60, pattern=NO_NUL)]


class ChannelRow(Schema):
    id: int
    kind: str
    service: str
    shown: str = Field(description="The address without what may be secret in it.")
    label: str
    frequency: str
    weekday: int = Field(description="0 is Monday; for once a week.")
    send_empty: bool
    confirmed_at: datetime | None
    paused_at: datetime | None
    paused_why: str
    failures: int


class NewChannel(ChannelRow):
    secret: str | None = Field(
        None, description="Of a webhook: what its posts are signed with. Shown this once."
    )


def _address(format: str, longest: int = known.LONGEST) -> Any:
    return Field(min_length=1, max_length=longest, json_schema_extra={"format": format})


class GivenMail(Given):
    kind: Literal["mail"]
    address: str = _address("paperglot-mail", 254)


class GivenChat(Given):
    kind: Literal["chat"]
    address: str = _address("paperglot-chat")


class GivenWebhook(Given):
    kind: Literal["webhook"]
    address: str = _address("paperglot-webhook")


GivenChannel = Annotated[GivenMail | GivenChat | GivenWebhook, Body(discriminator="kind")]


class ChannelChange(Given):
    """What is not given stays."""

    label: Name | None = None
    frequency: Literal["daily", "weekly"] | None = None
    weekday: Annotated[int, Field(ge=0, le=6)] | None = None
    send_empty: bool | None = None
    paused: bool | None = None


class DeliveryRow(Schema):
    id: int
    channel_id: int
    kind: str
    day: date
    state: str
    created_at: datetime
    next_try_at: datetime | None
    attempts: int
    sent_at: datetime | None
    again: int
    error: str


def of(reader: User, pk: int) -> Channel:
    return get_object_or_404(reader.channels.kept(), pk=pk)


def added(reader: User, given: GivenMail | GivenChat | GivenWebhook) -> Status[dict[str, Any]]:
    """For this reader. Raises RefusedError."""
    form = ADD_FORMS[given.kind]({"address": given.address})
    checked(form)
    try:
        channel, _asked = pushing.add(reader, given.kind, form.cleaned_data["address"], timezone.now())
    except PushError as error:
        raise conflict(error) from error
    told = {name: getattr(channel, name) for name in ChannelRow.model_fields}
    return Status(201, told | {"secret": channel.secret if given.kind == "webhook" else None})


def changed(row: Channel, given: ChannelChange) -> None:
    now, wanted = timezone.now(), given.dict(exclude_none=True)
    paused = wanted.pop("paused", None)
    if wanted:
        pushing.change(row, wanted, now)
    if paused:
        row.pause(Channel.Paused.READER, now)
    elif paused is False:
        row.resume(now)


def asked(row: Channel, what: str) -> Status[Delivery]:
    """A test, or a mail that asks to confirm. Raises RefusedError."""
    if (what == "test") != bool(row.confirmed_at):
        words = _("Nobody has confirmed this address.") if what == "test" else _("It is confirmed already.")
        raise RefusedError("conflict", words)
    delivery = Delivery.ask(row, what, timezone.now())
    if delivery is None:
        words = _("You have asked for many tests in this hour: try again later.")
        raise RefusedError("too-many", words, wait=3600)
    return Status(202, delivery)


def delivered(reader: User) -> Any:
    return Delivery.objects.filter(channel__user=reader, channel__removed_at=None)


def retried(reader: User, pk: int) -> Status[Delivery]:
    """Raises RefusedError."""
    row = get_object_or_404(delivered(reader), pk=pk)
    if not row.retry(timezone.now()):
        raise RefusedError("conflict", _("It is not given up, or its channel is paused."))
    row.refresh_from_db()
    return Status(202, row)


@router.get("/channels", response=list[ChannelRow], summary="The reader's channels")
def listed(request: ApiRequest) -> Any:
    return list(request.user.channels.kept())


@router.post("/channels", response={201: NewChannel}, summary="Add a channel")
def add(request: ApiRequest, given: GivenChannel) -> Any:
    """A mail address that is not the account's is asked to confirm first."""
    return added(request.user, given)


@router.get("/channels/{pk}", response=ChannelRow, summary="One channel")
def one(request: ApiRequest, pk: Pk) -> Any:
    return of(request.user, pk)


@router.patch("/channels/{pk}", response=ChannelRow, summary="Change, pause, resume a channel")
def change(request: ApiRequest, pk: Pk, given: ChannelChange) -> Any:
    changed(of(request.user, pk), given)
    return of(request.user, pk)


@router.delete("/channels/{pk}", response={204: None}, summary="Remove a channel")
def remove(request: ApiRequest, pk: Pk) -> Status[None]:
    of(request.user, pk).remove(timezone.now())
    return Status(204, None)


@router.post("/channels/{pk}/test", response={202: DeliveryRow}, summary="Send a test")
def test(request: ApiRequest, pk: Pk) -> Any:
    return asked(of(request.user, pk), "test")


@router.post(
    "/channels/{pk}/confirm", response={202: DeliveryRow}, summary="Ask a mail address to confirm once more"
)
def confirm(request: ApiRequest, pk: Pk) -> Any:
    return asked(of(request.user, pk), "confirm")


@router.get("/deliveries", response=Page[DeliveryRow], summary="What was delivered, the newest first")
def deliveries(request: ApiRequest, limit: Limit = 30, cursor: Cursor = None) -> dict[str, Any]:
    rows, following = page(delivered(request.user), ("created_at", "pk"), cursor, limit)
    return {"items": rows, "next": following}


@router.post("/deliveries/{pk}/retry", response={202: DeliveryRow}, summary="Try again what was given up")
def retry(request: ApiRequest, pk: Pk) -> Any:
    return retried(request.user, pk)
