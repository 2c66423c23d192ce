"""Who belongs to a lab: invite, make owner, remove, leave."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from digest import labs, letters
from digest.lab_doors import mine, owned
from digest.models import Membership
from digest.people_forms import LabInvitationForm
from digest.views import ReaderRequest
from digest.views.people import sent


@never_cache
@login_required
def members(request: ReaderRequest, slug: str) -> HttpResponse:
    """For members only; the form that invites is for owners."""
    membership = owned(request.user, slug) if request.method == "POST" else mine(request.user, slug)
    form, shown = LabInvitationForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        told = sent(request, lab=membership.lab, **form.cleaned_data)
        if told is None:
            return redirect("lab-members", slug=slug)
        shown, form = told, LabInvitationForm()
    context = {
        "lab": membership.lab,
        "membership": membership,
        "here": "members",
        "members": membership.lab.memberships.select_related("user"),
        "invitations": membership.lab.invitations.open(timezone.now()) if membership.owns else (),
        "form": form,
        "shown": shown,
        "by_mail": letters.can_be_sent(),
    }
    return render(request, "labs/members.html", context)


@login_required
@require_POST
def change(request: ReaderRequest, slug: str, pk: int, what: str) -> HttpResponse:
    """`what` is owner, member or remove; owners do it. Oneself one may remove, too: that is leaving."""
    mine_ = mine(request.user, slug)
    other = get_object_or_404(mine_.lab.memberships.select_related("lab", "user"), pk=pk)
    if not (other.pk == mine_.pk and what == "remove"):
        owned(request.user, slug)
    try:
        if what in Membership.Role.values:
            labs.make(other, what)
        elif what == "remove":
            labs.leave(other)
        else:
            raise Http404
    except labs.LabError:
        messages.error(request, _("A lab has an owner: make somebody else one first, or close the lab."))
        return redirect("lab-members", slug=slug)
    if what == "remove" and other.user_id == request.user.pk:
        messages.info(request, _("You have left %(lab)s.") % {"lab": mine_.lab.name})
        return redirect("labs")
    messages.success(request, _("Saved."))
    return redirect("lab-members", slug=slug)


@login_required
@require_POST
def withdraw(request: ReaderRequest, slug: str, pk: int) -> HttpResponse:
    now = timezone.now()
    if not owned(request.user, slug).lab.invitations.open(now).filter(pk=pk).update(withdrawn_at=now):
        raise Http404
    messages.info(request, _("The invitation is withdrawn: its link no longer works."))
    return redirect("lab-members", slug=slug)
