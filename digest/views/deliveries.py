"""Where a reader's digests, or a lab's, are pushed to: channels, tests, what was sent; and the addresses in mails.

A lab's are its owners'.
"""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from digest import pushing, tokens
from digest.channel_forms import ADD_FORMS, ChannelForm
from digest.channels import SERVICES
from digest.models import Channel, Delivery
from digest.models.delivery import MOST_CHANNELS
from digest.pushing import PushError
from digest.views import ReaderRequest
from digest.views.whose import Whose, whose

_SHOWN = 30
"""Deliveries on the page."""


@login_required
def deliveries(request: ReaderRequest, slug: str = "") -> HttpResponse:
    """All of it on one page; a POST adds a channel."""
    mine = whose(request, slug, owner=True)
    kind = request.POST.get("kind", "") if request.method == "POST" else ""
    forms = {name: form(request.POST if name == kind else None) for name, form in ADD_FORMS.items()}
    shown = None
    if kind in forms and forms[kind].is_valid():
        added = _add(request, mine, kind, forms[kind].cleaned_data["address"])
        if added and kind == "webhook":  # its secret is shown this once
            shown, forms[kind] = added, ADD_FORMS[kind]()
        elif added:
            return mine.to("deliveries")
    context = mine.context("deliveries") | {
        "forms": forms,
        "shown": shown,
        "channels": mine.reader.channels.kept(),
        "deliveries": Delivery.objects.filter(channel__user=mine.reader, channel__removed_at=None)
        .select_related("channel")
        .order_by("-created_at", "-id")[:_SHOWN],
        "services": SERVICES,
        "mail_is_set_up": bool(settings.EMAIL_HOST),
        "public_url": settings.PUBLIC_URL,
        "most": MOST_CHANNELS,
    }
    return render(request, "deliveries/deliveries.html", context)


def _add(request: ReaderRequest, mine: Whose, kind: str, address: str) -> Channel | None:
    """Add a channel, unless it is one too many or there already; a mail address that is not the account's is asked
    to confirm."""
    try:
        channel, asked = pushing.add(mine.reader, kind, address, timezone.now())
    except PushError as error:
        tell = messages.warning if error.there else messages.error
        tell(request, error.said(_))
        return None
    if channel.confirmed_at:
        messages.success(request, _("Added. Send a test to see that it works."))
    elif asked:
        messages.success(request, _("A mail with a link is on its way to that address: it begins with that."))
    else:
        messages.warning(request, _("You have asked for many mails in this hour: ask again later."))
    return channel


@login_required
def channel(request: ReaderRequest, pk: int, slug: str = "") -> HttpResponse:
    """How often, on which day, under which name."""
    mine = whose(request, slug, owner=True)
    row = get_object_or_404(mine.reader.channels.kept(), pk=pk)
    form = ChannelForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        row.refresh_from_db()  # the form has written on it
        pushing.change(row, form.cleaned_data, timezone.now())
        messages.success(request, _("Saved."))
        return mine.to("deliveries")
    context = mine.context("deliveries") | {"channel": row, "form": form}
    return render(request, "deliveries/channel.html", context)


@login_required
@require_POST
def change(request: ReaderRequest, pk: int, what: str, slug: str = "") -> HttpResponse:
    """A button beside a channel: test, confirm, pause, resume, remove."""
    mine = whose(request, slug, owner=True)
    row = get_object_or_404(mine.reader.channels.kept(), pk=pk)
    now = timezone.now()
    if what in ("test", "confirm"):
        _ask(request, row, what)
    elif what == "pause":
        row.pause(Channel.Paused.READER, now)
        messages.info(request, _("Paused: nothing goes through it until you resume it."))
    elif what == "resume":
        row.resume(now)
        messages.success(request, _("It goes on with the next digest."))
    elif what == "remove":
        row.remove(now)
        messages.info(request, _("Removed."))
    else:
        raise Http404
    return mine.to("deliveries")


def _ask(request: ReaderRequest, row: Channel, what: str) -> None:
    if (what == "test") != bool(
        row.confirmed_at
    ):  # no test to an address that nobody has confirmed, nor twice
        raise Http404
    if Delivery.ask(row, what, timezone.now()):
        messages.success(
            request, _("It is sent in some seconds; below you see how it went. Reload the page.")
        )
    else:
        messages.warning(request, _("You have asked for many tests in this hour: try again later."))


@login_required
@require_POST
def again(request: ReaderRequest, pk: int, slug: str = "") -> HttpResponse:
    mine = whose(request, slug, owner=True)
    row = get_object_or_404(Delivery, channel__user=mine.reader, channel__removed_at=None, pk=pk)
    if row.retry(timezone.now()):
        messages.success(request, _("It is tried again in some seconds. Reload the page to see how it went."))
    return mine.to("deliveries")


# --- what stands in mails: no login, one channel ----------------------------------------------


@csrf_exempt  # a mail provider's one click (RFC 8058) has no cookie; the address itself is signed
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing: mail programs look at links before their readers do."""
    row = tokens.to_unsubscribe(token)
    if row is None:
        raise Http404
    if request.method == "POST":
        row.pause(Channel.Paused.UNSUBSCRIBED, timezone.now())
        row.refresh_from_db()
    return render(request, "deliveries/unsubscribe.html", {"channel": row})


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    row = tokens.to_confirm(token)
    if row is None:
        raise Http404
    if request.method == "POST" and not row.confirmed_at:
        row.confirmed_at = row.since = timezone.now()
        row.save(update_fields=["confirmed_at", "since"])
    name = row.user.lab.name if row.user.is_lab else row.user.username
    return render(request, "deliveries/confirm.html", {"channel": row, "name": name})
