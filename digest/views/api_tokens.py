"""Tokens for programs, and what the API is: a page of tokens, and one of documentation."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from digest.addresses import absolute
from digest.api import api, handbook, problems
from digest.models import ApiToken
from digest.models.api_tokens import MOST_TOKENS
from digest.views import ReaderRequest


class TokenForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        choices=ApiToken.Scope.choices,
        initial=[ApiToken.Scope.READ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose what it may do.")},
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Good for"),
        coerce=int,
        initial=90,
        choices=[
            (7, gettext_lazy("a week")),
            (30, gettext_lazy("30 days")),
            (90, gettext_lazy("90 days")),
            (365, gettext_lazy("a year")),
            (0, gettext_lazy("until it is revoked")),
        ],
    )

    class Meta:
        model = ApiToken
        fields = ["name"]


@login_required
@never_cache
def tokens(request: ReaderRequest) -> HttpResponse:
    """The reader's tokens; a new one is shown this once."""
    form, shown = TokenForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        now, given = timezone.now(), form.cleaned_data
        if ApiToken.objects.filter(user=request.user).in_use(now).count() >= MOST_TOKENS:
            form.add_error(None, _("You have %(n)d tokens: revoke some first.") % {"n": MOST_TOKENS})
        else:
            until = now + timedelta(days=given["days"]) if given["days"] else None
            shown = ApiToken.make(request.user, given["name"], given["scopes"], now, until)
            form = TokenForm()
    return _page(request, form, shown)


def _page(request: ReaderRequest, form: TokenForm, shown: tuple[ApiToken, str] | None) -> HttpResponse:
    rows = request.user.api_tokens.filter(revoked_at=None)
    context = {"form": form, "shown": shown, "tokens": rows, "now": timezone.now()}
    return render(request, "account/api_tokens.html", context)


@login_required
@require_POST
@never_cache
def change(request: ReaderRequest, pk: int, what: str) -> HttpResponse:
    """`what` is revoke or rotate: a new secret in its place, the old one gone at once."""
    token = get_object_or_404(request.user.api_tokens, pk=pk, revoked_at=None)
    if what == "rotate":
        return _page(request, TokenForm(), token.rotate(timezone.now()))
    if what != "revoke":
        raise Http404
    token.revoke(timezone.now())
    messages.info(
        request, _("“%(name)s” is revoked: programs that use it are refused.") % {"name": token.name}
    )
    return redirect("api-tokens")


@login_required
@require_safe
def documentation(request: ReaderRequest) -> HttpResponse:
    """Every operation, and what each error means; what draws it is served from here."""
    context = {
        "problems": problems.TYPES,
        "areas": handbook.areas(api.document),
        "address": absolute(request, "/api/v1"),
        "api_limit": settings.LIMITS["api"][0],
        "search_limit": settings.LIMITS["search"][0],
    }
    return render(request, "api/documentation.html", context)


@csrf_exempt
def nothing(_request: HttpRequest, rest: str) -> HttpResponse:
    """Below /api/v1/ an address that is none says so as all else there does."""
    return problems.answer("not-found")
