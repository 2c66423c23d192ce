"""A reader's keywords, or a lab's: try, add, change, pause, take up again, remove, reorder.

Any member of a lab tries and adds; its owners change what is there.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from digest import following, taxonomy
from digest.almanac import Almanac
from digest.board import bars_of_keywords, chart
from digest.forms import KeywordForm
from digest.keywords import LONGEST_RULE
from digest.models import Subscription, User
from digest.trial import MANY, MOST_READ, tried
from digest.views import ReaderRequest
from digest.views.whose import Whose, whose

_MOST_CHARTS = 60
"""Keywords with a chart on the page; of five hundred it would be megabytes."""


@login_required
def keywords(request: ReaderRequest, slug: str = "") -> HttpResponse:
    """The page, with `?q=` as the rule that is typed already; a POST follows."""
    mine = whose(request, slug)
    if request.method != "POST":
        return _page(request, mine, KeywordForm(initial=_prefilled(request)))
    form = KeywordForm(request.POST)
    if form.is_valid() and _follow(request, mine, form):
        return mine.to("keywords")
    return _page(request, mine, form)


def _prefilled(request: ReaderRequest) -> dict[str, object]:
    kind = KeywordForm.LEAVE_OUT if request.GET.get("kind") == KeywordForm.LEAVE_OUT else KeywordForm.FOLLOW
    given = {
        name: request.GET.get(key, "")[:LONGEST_RULE] for key, name in (("q", "phrase"), ("label", "label"))
    }
    return {**given, "kind": kind, "past": True}


def _follow(request: ReaderRequest, mine: Whose, form: KeywordForm) -> bool:
    """Whether it is followed now; if not, the form says why."""
    past = form.cleaned_data["past"]
    try:
        subscription = following.follow(
            mine.reader,
            form.cleaned_data["phrase"],
            label=form.cleaned_data["label"],
            excluded=form.leaves_out,
            past=past,
        )
    except following.FollowError as error:
        form.add_error(None, error.said(_))
        return False
    values = {"label": subscription.label}
    if mine.lab and subscription.excluded:
        told = _("Papers that “%(label)s” matches stay out of the lab's digests from now on.")
    elif mine.lab:
        told = _("The lab follows “%(label)s”.")
    elif subscription.excluded:
        told = _("Papers that “%(label)s” matches stay out of your digests from now on.")
    elif past:
        told = _("You follow “%(label)s”. Papers of the last days join your newest digest in a minute.")
    else:
        told = _("You follow “%(label)s”. It brings papers from now on.")
    messages.success(request, told % values)
    return True


@login_required
@require_POST
def try_rule(request: ReaderRequest, slug: str = "") -> HttpResponse:
    """A dry run; with htmx only its outcome, else the page as it was typed with the outcome on it."""
    mine, form = whose(request, slug), KeywordForm(request.POST)
    context = outcome(form)
    if request.htmx:
        return render(request, "keywords/trial.html", {"form": form, **context})
    return _page(request, mine, form, **context)


def outcome(form: KeywordForm) -> dict[str, object]:
    """What keywords/trial.html shows of a dry run; nothing of a rule that is none."""
    if not form.is_valid():
        return {}
    trial = tried(form.cleaned_data["phrase"], Almanac.read(), timezone.now())
    drawn = chart(trial.bars, "trial", _("Papers a day that the rule would have brought"))
    return {"trial": trial, "trial_chart": drawn, "many": MANY, "most_read": MOST_READ}


@login_required
@require_POST
def simple(request: ReaderRequest, slug: str = "") -> HttpResponse:
    """Follow an author or a category: one click makes the rule."""
    mine = whose(request, slug)
    author, code = request.POST.get("author", "").strip(), request.POST.get("category", "").strip()
    label = ""
    if author:
        phrase, label = 'au:"{}"'.format(author.replace('"', "")), author[:200]
    elif code:
        phrase = f"cat:{code}"
        label = taxonomy.subject(code).label
    else:
        messages.warning(request, _("Write an author's name, or choose a category."))
        return mine.to("keywords")
    form = KeywordForm({"phrase": phrase, "label": label, "kind": KeywordForm.FOLLOW, "past": "on"})
    if form.is_valid() and _follow(request, mine, form):
        return mine.to("keywords")
    return _page(request, mine, form)


@login_required
@require_safe
def suggest(request: ReaderRequest) -> HttpResponse:
    """Keywords that several others follow, as options of a list."""
    found = following.suggested(request.user, request.GET.get("phrase", "")[:100])
    return render(request, "keywords/suggestions.html", {"suggestions": found})


@login_required
def edit(request: ReaderRequest, pk: int, slug: str = "") -> HttpResponse:
    """Another rule or name for a subscription; `try` in the form tries it first."""
    mine = whose(request, slug, owner=True)
    subscription = mine.reader.subscriptions.filter(pk=pk).first()
    if subscription is None:
        return _gone(request, mine)
    kind = KeywordForm.LEAVE_OUT if subscription.excluded else KeywordForm.FOLLOW
    initial = {"phrase": subscription.typed, "label": subscription.label if subscription.rule else "", "kind": kind,
               "past": True}  # fmt: skip
    form = KeywordForm(request.POST or None, initial=initial)
    context: dict[str, object] = mine.context("keywords")
    if request.method == "POST" and "try" in request.POST:
        context |= outcome(form)
    elif request.method == "POST" and _another(request, subscription):
        words = _("This rule was changed meanwhile, in another tab perhaps: it is “%(rule)s” now, called "
                  "“%(label)s”. Save once more to put what you typed in its place.")  # fmt: skip
        form.add_error(None, words % {"rule": subscription.typed, "label": subscription.label})
    elif request.method == "POST" and form.is_valid():
        try:
            following.edit(
                subscription,
                form.cleaned_data["phrase"],
                label=form.cleaned_data["label"],
                past=form.cleaned_data["past"],
                excluded=form.leaves_out,
            )
            messages.success(request, _("“%(label)s” is changed.") % {"label": subscription.label})
            return mine.to("keywords")
        except following.FollowError as error:
            form.add_error(None, error.said(_))
    context |= {"form": form, "subscription": subscription, "before": _state(subscription)}
    return render(request, "keywords/edit.html", context)


def _state(subscription: Subscription) -> str:
    """What its page shows of a subscription, in one line."""
    return f"{subscription.typed} = {subscription.label} {subscription.excluded:d}"


def _another(request: ReaderRequest, subscription: Subscription) -> bool:
    """Whether the form was made for a rule that has been changed since; a form that doesn't say is taken as it is."""
    return request.POST.get("before", _state(subscription)) != _state(subscription)


def _gone(request: ReaderRequest, mine: Whose) -> HttpResponse:
    """What was typed for a rule that is there no more, removed in another tab perhaps, as a new one to be followed."""
    if request.method != "POST":
        raise Http404
    messages.warning(
        request,
        _("This rule was removed meanwhile. What you typed stands below: follow it anew if you wish."),
    )
    answer = _page(request, mine, KeywordForm(request.POST))
    answer.status_code = 404
    return answer


def _page(request: ReaderRequest, mine: Whose, form: KeywordForm, **context: object) -> HttpResponse:
    rows = _with_charts(mine.reader)
    context |= mine.context("keywords") | {
        "form": form,
        "subscriptions": [row for row in rows if not row[0].excluded],
        "exclusions": [row[0] for row in rows if row[0].excluded],
        "quota": following.QUOTA,
        "categories": taxonomy.active(),
        "link": request.build_absolute_uri(reverse("keywords")),
    }
    return render(request, "keywords/list.html", context)


def _with_charts(reader: User) -> list[tuple[Subscription, int, SafeString]]:
    """The reader's keywords, how many papers each brought in two months, and a chart of them."""
    rows = list(reader.subscriptions.select_related("keyword"))
    bars = bars_of_keywords([row.keyword_id for row in rows], Almanac.read(), timezone.now())
    return [
        (
            row,
            sum(bar.count or 0 for bar in bars[row.keyword_id]),
            chart(bars[row.keyword_id], str(row.pk), _("Papers a day with “%s”") % row.label)
            if place < _MOST_CHARTS
            else SafeString(""),
        )
        for place, row in enumerate(rows)
    ]


@login_required
@require_POST
def change(request: ReaderRequest, pk: int, what: str, slug: str = "") -> HttpResponse:
    """`what` is pause, resume, replacements, no-replacements, remove, up or down."""
    mine = whose(request, slug, owner=True)
    subscription = get_object_or_404(mine.reader.subscriptions, pk=pk)
    if what == "pause":
        following.pause(subscription)
    elif what == "resume":
        following.resume(subscription)
    elif what in ("replacements", "no-replacements"):
        following.want_replacements(subscription, what == "replacements")
    elif what == "remove":
        subscription.delete()
        told = _("“%(label)s” is no longer followed.") if mine.lab else _("You no longer follow “%(label)s”.")
        messages.info(request, told % {"label": subscription.label})
    elif what in ("up", "down"):
        following.move(subscription, -1 if what == "up" else 1)
    else:
        raise Http404
    return mine.to("keywords")
