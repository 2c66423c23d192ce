"""The reader's sessions, each ended by itself. The list, and the end of all others at once, are allauth's."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digest.views import ReaderRequest


@login_required
@require_POST
def end(request: ReaderRequest, pk: int) -> HttpResponse:
    """This session's end is a log-out."""
    row = get_object_or_404(UserSession, user=request.user, pk=pk)
    here = row.session_key == request.session.session_key
    row.end()
    if here:
        request.session.flush()
        return redirect("login")
    messages.info(request, _("That session is ended: whoever used it has to log in again."))
    return redirect("usersessions_list")
