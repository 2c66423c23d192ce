"""The search over everything that was announced."""

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Field, Query, Router

from digest import taxonomy
from digest.api.doors import READ, ApiRequest, searching
from digest.api.fields import NO_NUL, Day, GivenId, Switch
from digest.api.paging import Cursor, Page, numbers, written
from digest.api.shapes import Paper
from digest.formats import paper_data
from digest.search import MOST, Asked, Place, find, hits
from digest.search_query import LONGEST

router = Router(auth=READ, tags=["search"])
_CODES = tuple(dict.fromkeys(code for c in taxonomy.categories().values() for code in (c.archive, c.code)))
Category = Literal[_CODES]


class Hit(Paper):
    day: date = Field(description="Of its newest announcement.")
    excerpt: str
    excerpt_translated: str


class Hits(Page[Hit]):
    count: int = Field(description=f"Hits from this page on; {MOST} stands for more.")


@router.get("", response=Hits, summary="Search titles, abstracts and authors, in both languages")
def search(
    request: ApiRequest,
    q: Annotated[str, Query(max_length=LONGEST, pattern=NO_NUL, description='Words, "phrases", -word.')] = "",
    author: Annotated[str, Query(max_length=100, pattern=NO_NUL)] = "",
    category: Annotated[Category | None, Query(description="A category or an archive.")] = None,
    since: Annotated[Day | None, Query(description="Announced from this day on.")] = None,
    until: Annotated[Day | None, Query()] = None,
    mine: Annotated[Switch | None, Query(description="Only what the reader's keywords brought.")] = None,
    keyword: Annotated[GivenId | None, Query(description="Only of this `keyword_id`.")] = None,
    order: Literal["newest", "best"] = "newest",
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Twenty hits a page."""
    searching(request)
    asked = Asked(q, author, category or "", since, until, bool(mine), keyword, order == "best")
    upto, skip = numbers(cursor, 2) if cursor is not None else (0, 0)
    found = find(request.user, asked, Place(upto, min(skip, MOST)))
    following = found.following
    return {
        "items": [
            paper_data(hit.paper)
            | {"day": hit.day, "excerpt": str(hit.excerpt), "excerpt_translated": str(hit.excerpt_translated)}
            for hit in hits(request.user, found)
        ],
        "count": found.count,
        "next": written([following.upto, following.skip]) if following else None,
    }
