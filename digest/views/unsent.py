"""What was typed into forms that could not be sent: to look at, to send, to throw away."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.defaults import permission_denied

from digest import unsent
from digest.unsent_words import shown
from digest.views import ReaderRequest


@never_cache
@login_required
def page(request: ReaderRequest) -> HttpResponse:
    if request.method == "POST":
        unsent.discard(request, request.POST.get("key", ""))
    rows = [(row, list(shown(row.fields))) for row in unsent.kept(request)]
    if not rows:
        return redirect("today")
    return render(request, "unsent.html", {"rows": rows, "hidden": unsent.SENT})


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is an old one: another tab has logged in since. What was typed in one of our own pages
    is offered again; a form of another site is refused."""
    if request.method != "POST" or not _from_here(request):
        return permission_denied(request, PermissionError(reason), "403_form.html")
    if request.path.startswith(unsent.ENTRANCE):
        messages.info(request, _("That page had grown old. Please try once more."))
        return redirect(request.get_full_path() if request.path != "/logout/" else "today")
    if unsent.keep(request):
        return redirect("unsent")
    return permission_denied(request, PermissionError(reason), "403_form.html")


def _from_here(request: HttpRequest) -> bool:
    """Whether a browser says that the form stood on a page of ours: another site can't make it say so."""
    origin = request.headers.get("Origin", "")
    if origin:
        return origin == f"{request.scheme}://{request.get_host()}" or origin in settings.CSRF_TRUSTED_ORIGINS
    referer = request.headers.get("Referer", "")
    hosts = {request.get_host(), *(urlsplit(origin).netloc for origin in settings.CSRF_TRUSTED_ORIGINS)}
    return bool(urlsplit(referer).netloc) and url_has_allowed_host_and_scheme(referer, hosts)
