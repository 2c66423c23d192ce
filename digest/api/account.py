"""The reader's profile, layout, own data, and tokens."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.forms import model_to_dict
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from digest import own_data, roles
from digest.api.doors import ACCOUNT, ApiRequest
from digest.api.fields import Given, Language, Pk, Zone
from digest.api.problems import checked
from digest.forms import ProfileForm
from digest.models import ApiToken, Desk, User

router = Router(auth=ACCOUNT, tags=["account"])
Interface = Literal[("", *(code for code, _name in settings.LANGUAGES))]
Display = Literal[tuple(User.Display.values)]
Formulas = Literal[tuple(User.Formulas.values)]
CatchUp = Literal[tuple(User.CatchUp.values)]


class Profile(Schema):
    username: str
    email: str
    role: str
    content_language: str
    interface_language: str
    time_zone: str
    delivery_hour: int | None = Field(description="Null: as soon as it is ready.")
    catch_up: str
    display: str
    formulas: str
    one_list: bool = Field(description="One list of papers, without sections.")


class ProfileChange(Given):
    """What is not given stays. Addresses and passwords are changed on the pages."""

    content_language: Language | None = None
    interface_language: Interface | None = None
    time_zone: Zone | None = None
    delivery_hour: Annotated[int, Field(ge=0, le=23)] | Literal["any"] | None = None
    catch_up: CatchUp | None = None
    display: Display | None = None
    formulas: Formulas | None = None
    one_list: bool | None = None


class TokenRow(Schema):
    id: int
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    this: bool = Field(description="The one that this request came with.")


def _profile(user: User) -> dict[str, Any]:
    desk = Desk.objects.filter(user=user).first()
    told = {name: getattr(user, name) for name in Profile.model_fields if name not in ("role", "one_list")}
    return told | {"role": roles.role_of(user).value, "one_list": bool(desk and desk.one_list)}


@router.get("", response=Profile, summary="The reader's profile")
def profile(request: ApiRequest) -> Any:
    return _profile(request.user)


@router.patch("", response=Profile, summary="Change the profile")
def change(request: ApiRequest, given: ProfileChange) -> Any:
    wanted = given.dict(exclude_none=True)
    one_list = wanted.pop("one_list", None)
    if wanted:
        if wanted.get("delivery_hour") == "any":
            wanted["delivery_hour"] = None
        before = model_to_dict(request.user, ProfileForm.Meta.fields)
        form = ProfileForm(before | wanted, instance=request.user)
        checked(form)
        form.save()
    if one_list is not None:
        Desk.objects.update_or_create(user=request.user, defaults={"one_list": one_list})
    return _profile(request.user)


@router.get("/data", response=dict[str, Any], summary="All that is kept of the reader")
def data(request: ApiRequest) -> HttpResponse:
    return JsonResponse(own_data.exported(request.user, timezone.now()))


@router.get("/tokens", response=list[TokenRow], summary="Tokens in use; they are made on the page")
def tokens(request: ApiRequest) -> Any:
    rows = ApiToken.objects.filter(user=request.user).in_use(timezone.now())
    return [
        {name: getattr(row, name) for name in TokenRow.model_fields if name != "this"}
        | {"this": row.pk == request.auth.pk}
        for row in rows
    ]


@router.delete("/tokens/{pk}", response={204: None}, summary="Revoke a token, this one too")
def revoke(request: ApiRequest, pk: Pk) -> Status[None]:
    rows = ApiToken.objects.filter(user=request.user).in_use(timezone.now())
    get_object_or_404(rows, pk=pk).revoke(timezone.now())
    return Status(204, None)
