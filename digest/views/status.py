"""Where things stand, for readers: is today's digest in, what is waited for, and when the next one comes."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from digest import board, proof
from digest.almanac import Almanac, upcoming
from digest.arxiv_days import EASTERN
from digest.models import Alert, User
from digest.views import ReaderRequest


@login_required
def status(request: ReaderRequest) -> HttpResponse:
    now, almanac = timezone.now(), Almanac.read()
    newest = almanac.day(board.default_until(almanac, now))
    lines = [(line, told(line, now)) for line in board.grid([newest], seen=True)]
    digests = request.user.digests.annotate(papers=Count("entries"))
    return render(
        request,
        "status/status.html",
        {
            "now": now,
            "newest": newest,
            "digest": digests.filter(day=newest.day).first(),
            "last": digests.filter(day__lt=newest.day).first(),
            "keywords": request.user.subscriptions.bringing().exists(),
            "lines": lines,
            "waited": [line.code for line, _told in lines if not line.cells[0].here],
            "upcoming": upcoming(almanac, now),
            "alerts": _alerts(request.user),
        },
    )


def _alerts(user: User) -> QuerySet[Alert]:
    """What readers wait for; whoever administrates sees the machines' troubles too."""
    rows = Alert.objects.filter(closed_at=None)
    return rows if user.is_staff or user.is_superuser else rows.filter(kind__in=["incomplete", "translator"])


@dataclass(frozen=True, slots=True)
class Told:
    """How complete a category's announcement is, in a sentence; `error` is what arXiv last answered instead."""

    text: str
    error: str = ""


def told(line: board.Line, now: datetime) -> Told:
    """A category on one day, as a reader understands it."""
    cell, category = line.cells[0], line.category
    texts = {
        "": _("not there yet"),
        "expected": _("not there yet"),
        "missing": _("no source could bring this day"),
    }
    text = texts.get(cell.state) or proof.line(proof.proof_of(cell.code, cell)).removeprefix(f"{cell.code}: ")
    if cell.settled or cell.state == "missing":
        return Told(text)
    planned = [at for at in (cell.next_try_at, category.next_fetch_at) if at]
    if planned:
        text = f"{text}; {_again(min(planned), cell.fetched_at is not None, now)}"
    return Told(text, category.last_error if category.failures else "")


def _again(at: datetime, asked: bool, now: datetime) -> str:
    if at <= now:
        return _("being asked now")
    return (_("asked again at %s") if asked else _("asked at %s")) % both(at, now)


def both(at: datetime, now: datetime) -> str:
    """A moment in arXiv's zone and in the reader's; with its date, where that is not today's."""
    here = timezone.get_current_timezone()
    there = _("%s US Eastern") % _clock(at.astimezone(EASTERN), now.astimezone(EASTERN))
    return f"{there} ({_clock(at.astimezone(here), now.astimezone(here))} {timezone.get_current_timezone_name()})"


def _clock(at: datetime, now: datetime) -> str:
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%Y-%m-%d %H:%M}"
