"""Pages that need no account: about, health, the icon."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.cache import never_cache

from digest.model_choices import MODELS


def about(request: HttpRequest) -> HttpResponse:
    return render(request, "about.html", {"models": MODELS})


@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """ok, where the web process and its database answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


def favicon(_request: HttpRequest) -> HttpResponse:
    return redirect(static("digest/icon.svg"), permanent=True)
