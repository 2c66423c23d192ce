"""digest/api/paging.py: whatever arrives between two pages, no row comes twice and none is passed over."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from digest import labs, reading
from digest.api import api
from digest.models import Channel, Delivery, Digest, Entry, LabPaper, Paper, User
from tests.conftest import NOW, announced
from tests.documents import Document
from tests.steps import channel, publish
from worker.index import index_changed

FIRST = 5


def paper(number: int) -> Paper:
    """One more paper, announced."""
    arxiv_id = f"2605.8{number:04}"
    announced(Document().add(arxiv_id, title=f"Robot {number}"), NOW + timedelta(minutes=number))
    return Paper.objects.get(arxiv_id=arxiv_id)


def digest_of(user: User, number: int) -> None:
    day, at = (NOW + timedelta(days=number)).date(), NOW + timedelta(days=number)
    Digest.objects.create(user=user, day=day, language="en", published_at=at, changed_at=at)


def entry_of(user: User, number: int) -> None:
    digest = user.digests.first() or publish(user, Document().add(title="A Robot"), "robot")
    fields = {"paper": paper(number), "section": digest.sections.first(), "added_at": NOW}
    version = fields["paper"].versions.get()
    Entry.objects.create(digest=digest, version=version, guid=f"a-guid-{number}", **fields)


def save(user: User, number: int) -> None:
    reading.mark(user, paper(number), "save", NOW)  # all at the same moment: the row's number decides


def deliver(user: User, number: int) -> None:
    row = user.channels.first() or channel(user)
    Delivery.objects.create(channel=row, kind="daily", day=NOW.date() + timedelta(days=number), state="sent",
                            created_at=NOW)  # fmt: skip


def add(user: User, number: int) -> None:
    LabPaper.objects.create(lab=user.labs.get(), paper=paper(number), added_by=user, added_at=NOW)


def of_lab(make: Callable[[User, int], None]) -> Callable[[User, int], None]:
    return lambda user, number: make(user.labs.get().reader, number)


LISTS: dict[str, Callable[[User, int], None]] = {
    "/digests": digest_of,
    "/papers": entry_of,
    "/saved": save,
    "/deliveries": deliver,
    "/labs/{slug}/papers": add,
    "/labs/{slug}/digests": of_lab(digest_of),
    "/labs/{slug}/deliveries": of_lab(deliver),
}
"""Each list that comes in pages, and what puts one more row before its first."""


def keys(page: dict[str, Any]) -> list[Any]:
    return [row.get("id") or row.get("arxiv_id") or row["day"] for row in page["items"]]


def test_every_list_in_pages_is_tried():
    paged = {
        path.removeprefix("/api/v1")
        for path, methods in api.get_openapi_schema()["paths"].items()
        if any(p["name"] == "cursor" for p in methods.get("get", {}).get("parameters", ()))
    }
    assert paged == {*LISTS, "/search"}


@pytest.mark.parametrize("path", LISTS)
def test_what_arrives_between_pages_neither_repeats_nor_hides_a_row(bob, bobs_program, path, engine):
    labs.found(bob, "Robots")
    assert Channel.objects.count() == 0
    for number in range(FIRST):
        LISTS[path](bob, number)
    address = path.format(slug="robots")
    wanted = keys(bobs_program.get(f"{address}?limit=100"))
    seen, page, number = [], bobs_program.get(f"{address}?limit=2"), FIRST
    while True:
        seen += keys(page)
        LISTS[path](bob, number)
        number += 1
        if page["next"] is None:
            break
        page = bobs_program.get(f"{address}?limit=2&cursor={page['next']}")
    assert seen == wanted
    assert len(keys(bobs_program.get(f"{address}?limit=100"))) > len(wanted)


def test_a_search_goes_on_behind_its_last_hit_while_papers_arrive(bob, bobs_program):
    for number in range(45):
        paper(number)
    index_changed(NOW)
    seen, page, number = [], bobs_program.get("/search?q=robot"), 45
    wanted = {f"2605.8{n:04}" for n in range(45)}
    while True:
        seen += keys(page)
        paper(number)
        index_changed(NOW)
        number += 1
        if page["next"] is None:
            break
        page = bobs_program.get(f"/search?q=robot&cursor={page['next']}")
    assert len(seen) == len(set(seen))
    assert set(seen) == wanted
