"""Past digests, the reader's own or a lab's, by calendar."""

from calendar import Calendar
from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext_lazy

from digest import reading
from digest.models import Digest, User
from digest.views import ReaderRequest
from digest.views.whose import Whose, shown

_MONDAY_FIRST = Calendar()
_COLUMNS = [
    pgettext_lazy("column of a calendar", "Mon"),
    pgettext_lazy("column of a calendar", "Tue"),
    pgettext_lazy("column of a calendar", "Wed"),
    pgettext_lazy("column of a calendar", "Thu"),
    pgettext_lazy("column of a calendar", "Fri"),
    pgettext_lazy("column of a calendar", "Sat"),
    pgettext_lazy("column of a calendar", "Sun"),
]


@login_required
def past(request: ReaderRequest) -> HttpResponse:
    """A month of digests, that of `?month=2026-05`, or of the newest one."""
    return _page(request, Whose(request.user))


def of_lab(request: HttpRequest, slug: str) -> HttpResponse:
    """The same of a lab, for whoever may read it; what is unread is so for them."""
    return _page(request, shown(request, slug))


def _page(request: HttpRequest, of: Whose) -> HttpResponse:
    days = of.reader.digests.order_by("day").values_list("day", flat=True)
    first, last = days.first(), days.last()
    if first is None or last is None:
        return render(request, "digests/list.html", of.context("past"))
    month = _month(request.GET.get("month", ""), first, last)
    after = (month + timedelta(days=31)).replace(day=1)
    counted = reading.with_unread(of.reader, request.user if isinstance(request.user, User) else None)
    rows = counted.filter(day__gte=month, day__lt=after).order_by("day")
    by_day: dict[date, Digest] = {row.day: row for row in rows}
    caught_up = of.reader.caught_up.filter(day__gte=month, day__lt=after)
    later = dict(caught_up.values_list("day", "digest__day"))
    weeks = _MONDAY_FIRST.monthdatescalendar(month.year, month.month)
    return render(
        request,
        "digests/list.html",
        of.context("past")
        | {
            "month": month,
            "weeks": [
                [(day, day.month == month.month, by_day.get(day), later.get(day)) for day in week]
                for week in weeks
            ],
            "weekdays": list(zip(weeks[0], _COLUMNS, strict=True)),
            "digests": list(by_day.values()),
            "before": (month - timedelta(days=1)).replace(day=1) if first < month else None,
            "after": after if last >= after else None,
            "first": first,
            "last": last,
        },
    )


def _month(asked: str, first: date, last: date) -> date:
    """The first of the month that was asked for; what is none, or has nothing, is the nearest that has."""
    try:
        month = date.fromisoformat(f"{asked}-01")
    except ValueError:
        month = last
    return max(first.replace(day=1), min(month, last)).replace(day=1)
