"""The day board: followed categories by days, what came for each, and the steps that can be done again."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import user_passes_test
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from digest import again as steps
from digest import audit, taxonomy
from digest import board as ledger
from digest.almanac import Almanac, reachable
from digest.fleet import fleet
from digest.models import Alert, Announcement, Category, CaughtUp, Digest, Listing, PaperVersion, Translation
from digest.views import ReaderRequest

_DAYS, _MOST_DAYS = 14, 90
_FIRST = date(1991, 8, 14)
"""arXiv began then."""


def _administrates(user: Any) -> bool:
    if user.is_authenticated and not (user.is_staff or user.is_superuser):
        raise PermissionDenied
    return user.is_authenticated


administrators_only = user_passes_test(_administrates)


@administrators_only
def board(request: ReaderRequest) -> HttpResponse:
    """The grid: `?days=` with an announcement, up to `?until=`."""
    now, almanac = timezone.now(), Almanac.read()
    newest = ledger.default_until(almanac, now)
    count = _number(request.GET.get("days"))
    until = min(max(_day(request.GET.get("until")) or newest, _FIRST), newest)
    days = almanac.columns(until, count)
    lines = ledger.grid(days)
    whole = [sum(line.cells[place].settled for line in lines) for place in range(len(days))]
    return render(
        request,
        "board/board.html",
        {
            "columns": list(zip(days, whole, strict=True)),
            "lines": lines,
            "count": count,
            "custom": count != _DAYS,
            "older": days[-1].day - timedelta(days=1),
            "newer": almanac.later(until, count, newest) if until < newest else None,
            "signs": [(state, ledger.SIGNS[state], state.label) for state in Announcement.State],
            "alerts": Alert.objects.filter(closed_at=None).exclude(kind="holidays"),  # they have a banner
            "overdue": almanac.calendar.overdue(now),
            "work": ledger.work(now),
            "fleet": fleet(now),
        },
    )


def _number(text: str | None) -> int:
    return min(max(int(text), 1), _MOST_DAYS) if text and text.isascii() and text.isdigit() else _DAYS


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


@administrators_only
def work(request: ReaderRequest) -> HttpResponse:
    """The part of the board that tells what is being done."""
    now = timezone.now()
    return render(request, "board/work.html", {"work": ledger.work(now), "fleet": fleet(now)})


@administrators_only
def cell(request: ReaderRequest, code: str, day: date) -> HttpResponse:
    """One category on one day."""
    category = get_object_or_404(Category, code=code)
    now, almanac = timezone.now(), Almanac.read()
    found, newest = ledger.cell(category, day), almanac.calendar.newest(now)
    if not found.state and not _FIRST <= day <= newest:
        raise Http404
    bars = ledger.bars_of_category(category, almanac, day)
    return render(
        request,
        "board/cell.html",
        {
            "category": category,
            "name": taxonomy.subject(code).name,
            "cell": found,
            "day": almanac.day(day),
            "before": almanac.columns(day - timedelta(days=1), 1)[-1].day,
            "after": almanac.calendar.next_day(day) if day < newest else None,
            "documents": [_document(document) for document in reversed(found.seen)],
            "runs": ledger.runs_of(code, day, almanac),
            "chart": ledger.chart(bars, "category", _("Papers a day in %s") % code) if bars else "",
            "reachable": reachable(day, now),
        },
    )


def _document(seen: dict[str, Any]) -> dict[str, Any]:
    """A document that came, for a page: its moment as one, its address only where it can be a link."""
    url = str(seen.get("url", ""))
    shown = {
        "at": _moment(str(seen.get("at", ""))),
        "url": url if url.startswith(("https://", "http://")) else "",
    }
    state = str(seen.get("state", ""))
    words = dict(Announcement.State.choices).get(state, state)
    return {**seen, **shown, "sign": ledger.SIGNS.get(state, "?"), "word": words}


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None


@administrators_only
@require_POST
def again(request: ReaderRequest, code: str, day: date, what: str) -> HttpResponse:
    """Do a step of a category's day again: `what` is fetch, catch-up, match, translate or publish."""
    category = get_object_or_404(Category, code=code)
    if what not in _STEPS:
        raise Http404
    if not category.followed and what in ("fetch", "catch-up"):
        messages.error(request, _("%s is not followed: nobody asks for it.") % code)
    else:
        with transaction.atomic():
            told = _STEPS[what](category, day)
            audit.note_done(request.user, Announcement, f"{code} {day}", what)
        messages.success(request, told)
    return redirect("board-cell", code=code, day=day)


def _fetch(category: Category, day: date) -> str:
    steps.fetch(Category.objects.filter(pk=category.pk), timezone.now())
    return _("%s is due now.") % category.code


def _catch_up(category: Category, day: date) -> str:
    now, almanac = timezone.now(), Almanac.read()
    if almanac.day(day).why or not reachable(day, now) or day > almanac.calendar.newest(now):
        raise Http404
    steps.catch_up_day(category, day, now)
    return _("arXiv's catch-up page is asked for the day in seconds.")


def _versions(category: Category, day: date) -> Any:
    listings = Listing.objects.filter(announcement__category=category, announcement__day=day)
    return PaperVersion.objects.filter(pk__in=listings.values("version"))


def _match(category: Category, day: date) -> str:
    return _("%d versions will be matched in seconds.") % steps.match(_versions(category, day))


def _translate(category: Category, day: date) -> str:
    made = Translation.objects.filter(version__in=_versions(category, day).values("pk"))
    count = steps.translate(made, timezone.now())
    return _("%d translations are waiting for the translator; what stands is shown until then.") % count


def _publish(category: Category, day: date) -> str:
    """Those of the day, and those that make up for it."""
    later = CaughtUp.objects.filter(day=day).values("digest")
    rows = Digest.objects.filter(Q(day=day) | Q(pk__in=later))
    return _("%d digests will be made again in seconds.") % steps.publish(rows, timezone.now())


_STEPS: dict[str, Callable[[Category, date], str]] = {
    "fetch": _fetch,
    "catch-up": _catch_up,
    "match": _match,
    "translate": _translate,
    "publish": _publish,
}
