"""An invitation, opened: sign up by it, or join its lab."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from digest import inviting
from digest.entrance import INVITED
from digest.models import Invitation


@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites to what. A POST is from somebody who is logged in and joins the lab."""
    now = timezone.now()
    found = Invitation.objects.of(token).open(now).select_related("lab", "by").first()
    if found is None or (settings.SIGNUP == "closed" and not found.lab):
        return render(request, "invitations/gone.html", status=410)
    user = request.user
    if user.is_authenticated and request.method == "POST" and found.lab:
        lab = inviting.join(found.pk, user, now)
        if lab is None:
            return render(request, "invitations/gone.html", status=410)
        messages.success(request, _("You are a member of %(lab)s now.") % {"lab": lab.name})
        return redirect("lab", slug=lab.slug)
    if not user.is_authenticated:
        request.session[INVITED] = found.pk
    return render(request, "invitations/invitation.html", {"invitation": found, "path": request.path})
