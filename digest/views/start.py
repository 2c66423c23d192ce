"""The first minutes: the one-time set-up link, then categories, keywords and a model."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required, user_passes_test
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from digest import audit, following, setup, taxonomy
from digest.forms import AdministratorForm, CategoriesForm, KeywordsForm
from digest.model_choices import MODELS
from digest.models import Category, Change, Download, Installation
from digest.views import ReaderRequest

administrators_only = user_passes_test(lambda user: user.is_superuser)


@never_cache
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the link that `up` printed becomes the first administrator; it works once."""
    if not setup.accepts(token):
        return render(request, "start/used.html", status=410)
    form = AdministratorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = setup.first_administrator(**form.profile())
        if user is None:
            return render(request, "start/used.html", status=410)
        login(request, user, backend="digest.entrance.Backend")
        UserSession.objects.create_from_request(request)  # for the list of sessions
        return redirect("today")
    return render(request, "start/administrator.html", {"form": form})


@login_required
@administrators_only
def start(request: ReaderRequest) -> HttpResponse:
    """Categories and keywords on one page, the model beside them; it can be come back to."""
    followed = list(Category.objects.followed().values_list("code", flat=True))
    posted = request.POST if request.method == "POST" else None
    categories = CategoriesForm(posted, initial={"categories": followed})
    keywords = KeywordsForm(posted)
    if posted is not None and categories.is_valid() and keywords.is_valid():
        with transaction.atomic():
            for category in follow_categories(categories.cleaned_data["categories"]):
                audit.note(request.user, Change.Action.CHANGED, category, followed=category.followed)
        for phrase in keywords.cleaned_data["phrases"]:
            following.follow(request.user, phrase)
        messages.success(request, _("Saved. arXiv is being asked now, one category every three seconds."))
        return redirect("today")
    return render(
        request,
        "start/start.html",
        {
            "categories": categories,
            "keywords": keywords,
            "groups": by_group(),
            "chosen": set(posted.getlist("categories") if posted is not None else followed),
            **_model_state(),
        },
    )


def follow_categories(codes: list[str]) -> list[Category]:
    """Follow exactly these categories; new ones are due at once. Returns those that have changed."""
    others = Category.objects.followed().exclude(code__in=codes)
    changed = [*others]
    for category in changed:
        category.followed = False
    others.update(followed=False, next_fetch_at=None)
    now = timezone.now()
    for code in codes:
        category, _made = Category.objects.get_or_create(code=code)
        if not category.followed or category.next_fetch_at is None:
            category.followed, category.next_fetch_at = True, now
            category.save(update_fields=["followed", "next_fetch_at"])
            changed.append(category)
    return changed


def by_group() -> dict[str, list[taxonomy.Category]]:
    groups: dict[str, list[taxonomy.Category]] = {}
    for category in taxonomy.active():
        groups.setdefault(category.group_name, []).append(category)
    return {
        name: sorted(groups[name], key=lambda category: category.code)
        for name in sorted(groups, key=lambda name: (name != "Computer Science", name))
    }


def _model_state() -> dict[str, object]:
    downloads = {row.model: row for row in Download.objects.all()}
    return {
        "models": [(choice, downloads.get(choice.name)) for choice in MODELS],
        "in_use": Installation.current().model,
        "running": any(row.finished_at is None and not row.error for row in downloads.values()),
    }


@login_required
@administrators_only
@require_POST
def download(request: ReaderRequest, model: str) -> HttpResponse:
    """Ask for a model; a worker gets it."""
    if model not in {choice.name for choice in MODELS}:
        raise Http404
    audit.note(request.user, Change.Action.DONE, Download.request(model, timezone.now()), what="download")
    return redirect("start") if not request.htmx else models(request)


@login_required
@administrators_only
def models(request: ReaderRequest) -> HttpResponse:
    """The part of the start page about models, for its progress bar."""
    return render(request, "start/models.html", _model_state())
