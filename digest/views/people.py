"""People, for administrators: who is here, who asks to be let in, invitations, roles."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from digest import audit, inviting, letters, roles
from digest.addresses import absolute
from digest.models import Change, Invitation, Role, User
from digest.people_forms import InvitationForm, SearchForm
from digest.views import ReaderRequest

_A_PAGE = 50


def administrators_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @login_required
    @wraps(view)
    def guarded(request: ReaderRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_superuser:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@never_cache
@administrators_only
def people(request: ReaderRequest) -> HttpResponse:
    """The list, and the form that invites."""
    form, shown = InvitationForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        told = sent(request, **form.cleaned_data)
        if told is None:
            return redirect("people")
        shown, form = told, InvitationForm()
    search = SearchForm(request.GET)
    asked = search.cleaned_data["q"].strip() if search.is_valid() else ""
    editors = User.groups.through.objects.filter(user=OuterRef("pk"), group__name=User.EDITORS)
    rows = (
        User.objects.people().filter(waiting_since=None).annotate(edits=Exists(editors)).order_by("username")
    )
    if asked:
        rows = rows.filter(Q(username__icontains=asked) | Q(email__icontains=asked))
    return render(
        request,
        "people/list.html",
        {
            "page": Paginator(rows, _A_PAGE).get_page(request.GET.get("page")),
            "asked": asked,
            "search": search,
            "form": form,
            "shown": shown,
            "waiting": User.objects.people().exclude(waiting_since=None).order_by("waiting_since"),
            "invitations": Invitation.objects.open(timezone.now()).select_related("lab", "by"),
            "by_mail": letters.can_be_sent(),
        },
    )


def sent(request: ReaderRequest, **fields: Any) -> str | None:
    """Make an invitation and mail it; the link, to be shown this once, where it was not mailed."""
    told = inviting.send(request, request.user, **fields)
    if told is None:
        messages.error(request, _("That are many invitations in one hour. Please go on later."))
        return None
    if told.refused:
        messages.error(
            request, _("The mail server did not take the invitation. Here is the link, to pass on yourself.")
        )
    elif not told.link:
        messages.success(
            request, _("The invitation is on its way to %(email)s.") % {"email": told.invitation.email}
        )
    return told.link or None


@administrators_only
@require_POST
def withdraw(request: ReaderRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    invitation = get_object_or_404(Invitation.objects.open(now), pk=pk)
    with transaction.atomic():
        if not Invitation.objects.open(now).filter(pk=pk).update(withdrawn_at=now):
            raise Http404
        audit.note(request.user, Change.Action.DONE, invitation, what="withdraw")
    messages.info(request, _("The invitation is withdrawn: its link no longer works."))
    return redirect("people")


@never_cache
@administrators_only
@require_POST
def change(request: ReaderRequest, pk: int, what: str) -> HttpResponse:
    """`what` is one of CHANGES; its answer is told, or is a page."""
    user = get_object_or_404(User.objects.people(), pk=pk)
    if what not in CHANGES:
        raise Http404
    try:
        with transaction.atomic():
            audit.note(request.user, Change.Action.DONE, user, what=what)
            answer = CHANGES[what](request, user)
    except roles.LastAdministratorError:
        messages.error(
            request, _("%(name)s is the last administrator. Make somebody else one first.") % _name(user)
        )
        return redirect("people")
    if callable(answer):
        answer = answer()
    if isinstance(answer, HttpResponse):
        return answer
    messages.success(request, answer)
    return redirect("people")


def _name(user: User) -> dict[str, str]:
    return {"name": user.username}


def _approve(request: ReaderRequest, user: User) -> Callable[[], str]:
    if (
        not User.objects.filter(pk=user.pk)
        .exclude(waiting_since=None)
        .update(waiting_since=None, is_active=True)
    ):
        raise Http404
    return partial(_tell_approved, request, user)


def _tell_approved(request: ReaderRequest, user: User) -> str:
    """Once it is stored: a mail server may take its time."""
    link = absolute(request, reverse("login"))
    told = letters.send(
        [user.email] if user.email else [], _("you are in"), "people/mail/approved.txt", user=user, link=link
    )
    if told:
        return _("%(name)s is in, and was told by mail.") % _name(user)
    return _("%(name)s is in. Please tell them: no mail was sent.") % _name(user)


def _refuse(request: ReaderRequest, user: User) -> str:
    if user.waiting_since is None:
        raise Http404
    user.delete()
    return _("%(name)s is not let in; the account is gone.") % _name(user)


def _deactivate(request: ReaderRequest, user: User) -> str:
    roles.deactivate(user)
    return _("%(name)s can't log in any more. Their keywords and digests are kept.") % _name(user)


def _activate(request: ReaderRequest, user: User) -> str:
    if user.waiting_since is not None:
        raise Http404
    roles.activate(user)
    return _("%(name)s can log in again.") % _name(user)


def _role(role: Role) -> Callable[[ReaderRequest, User], str]:
    def give(request: ReaderRequest, user: User) -> str:
        roles.give(user, role)
        return _("%(name)s: %(role)s.") % {"name": user.username, "role": role.label}

    return give


def _password(request: ReaderRequest, user: User) -> HttpResponse:
    """A link for a new password, shown once: where there is no mail, or it does not arrive."""
    if not user.is_active:
        raise Http404
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    path = reverse(
        "account_reset_password_from_key", kwargs=dict(zip(("uidb36", "key"), key.split("-", 1), strict=True))
    )
    return render(request, "people/password.html", {"who": user, "link": absolute(request, path)})


Answer = str | HttpResponse | Callable[[], str]
CHANGES: dict[str, Callable[[ReaderRequest, User], Answer]] = {
    "approve": _approve,
    "refuse": _refuse,
    "deactivate": _deactivate,
    "activate": _activate,
    "password": _password,
    **{role.value: _role(role) for role in Role},
}
