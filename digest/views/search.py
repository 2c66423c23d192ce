"""The search over everything that was announced."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from digest.limits import limited
from digest.search import MOST, Place, find, hits
from digest.search_form import SearchForm
from digest.views import ReaderRequest
from digest.views.reading import display_of

_LARGEST = 2**62


@login_required
@require_safe
@limited("search")
def search(request: ReaderRequest) -> HttpResponse:
    """What is typed stands in the address: a search can be kept and shared, and the back button works."""
    form = SearchForm(request.user, request.GET or None)
    shown: dict[str, object] = {"form": form}
    if form.is_bound and form.is_valid() and form.says_something:
        found = find(request.user, form.asked, _place(request.GET))
        shown |= {
            "asked": form.asked,
            "found": found,
            "hits": hits(request.user, found),
            "first": "upto" not in request.GET,
            "most": MOST,
            "display": display_of(request.user),
            "following": _address(request.GET, found.following),
            "beginning": _address(request.GET, Place()),
        }
    return render(request, "search/search.html", shown)


def _place(given: QueryDict) -> Place:
    """Where a page begins, as its address says; what nobody's page has said is the beginning."""
    upto, skip = (_number(given.get(name, "")) for name in ("upto", "skip"))
    return Place(upto, min(skip, MOST))


def _number(text: str) -> int:
    return min(int(text), _LARGEST) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def _address(given: QueryDict, place: Place | None) -> str:
    """The same search at another page; empty where there is none."""
    if place is None:
        return ""
    values = given.copy()
    for name, value in (("upto", place.upto), ("skip", place.skip)):
        values.pop(name, None)
        if value:
            values[name] = str(value)
    return f"?{values.urlencode()}"
