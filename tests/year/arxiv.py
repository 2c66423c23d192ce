"""An arXiv of small days that goes by the clock: feeds, listings and catch-up pages of two categories, with the faults
that the real one has now and then."""

from datetime import date, datetime, timedelta
from datetime import time as clock_time
from functools import cache
from urllib.parse import urlsplit

from django.utils import timezone

from digest.arxiv_days import EASTERN, Calendar, announced, arxiv_day, feeds_turn
from tests.documents import Document, Item
from tests.listings import listing
from tests.replica import Replica, Reply, Request

CODES = ("cs.LG", "cs.CL")
SUBJECTS = ("robot", "policy", "graph", "sound")
"""What a day's papers are about, in turn; readers follow the first two."""


@cache
def papers(day: date) -> tuple[Item, ...]:
    """A day's new papers of cs.LG and cs.CL, three each; the first of cs.LG is cross-listed to cs.CL."""
    made = []
    for number in range(6):
        subject = SUBJECTS[(day.toordinal() + number) % len(SUBJECTS)]
        code = CODES[number // 3]
        categories = (code, CODES[1]) if number == 0 else (code,)
        made.append(
            Item(
                f"{day:%y%m}.{day.day * 100 + number:05d}",
                title=f"On a {subject} of {day:%d} {day:%B}, part {number}",
                abstract=f"We look at the {subject} of day {day.toordinal()}. It moves {number + 3} times.",
                categories=categories,
            )
        )
    return tuple(made)


class Arxiv(Replica):
    """`served` is what it has announced by day and category, told apart from what was asked for."""

    def __init__(self, calendar: Calendar, faults: bool = True) -> None:
        super().__init__()
        self.calendar, self.faults = calendar, faults
        self.answers_by_status: dict[int, int] = {}

    def document(self, code: str, day: date) -> Document:
        """What is announced in a category on a day; empty on one without an announcement."""
        document = Document(code, day)
        if self.calendar.why_empty(day):
            return document
        for item in papers(day):
            if item.categories[0] == code:
                document.items.append(item)
            elif code in item.categories:
                cross = Item(**{**vars(item), "announce_type": "cross"})
                document.items.append(cross)
        before = self.calendar.previous(day)
        for item in papers(before):
            if item.categories[0] == code and item.arxiv_id.endswith(("1", "4")):
                document.items.append(
                    Item(
                        **{
                            **vars(item),
                            "version": 2,
                            "announce_type": "replace",
                            "title": f"{item.title}, again",
                        }
                    )
                )
        return document

    def _answer(self, request: Request) -> Reply:
        reply = self._made(urlsplit(request.path).path, timezone.now())
        self.answers_by_status[reply.status] = self.answers_by_status.get(reply.status, 0) + 1
        return reply

    def _made(self, path: str, now: datetime) -> Reply:
        parts = path.strip("/").split("/")
        if parts[0] == "rss" and parts[1] in CODES:
            return self._fault(now) or self._feed(parts[1], now)
        if parts[0] == "list" and parts[1] in CODES:
            return Reply(listing(self.document(parts[1], self.calendar.newest(now))))
        if parts[0] == "catchup" and parts[1] in CODES:
            day = date.fromisoformat(parts[2])
            if announced(day) > now or now - feeds_turn(day) > timedelta(days=90):
                return Reply(b"no such day", 404)
            return Reply(listing(self.document(parts[1], day), catchup=True))
        return Reply(b"not here", 404)

    def _feed(self, code: str, now: datetime) -> Reply:
        """Stale now and then: yesterday's papers under today's date until the morning."""
        day = arxiv_day(now)
        document = self.document(code, day)
        number = day.toordinal()
        if self.faults and number % 17 == 0 and document.items and now < feeds_turn(day) + timedelta(hours=6):
            document.items = self.document(code, self.calendar.previous(day)).items
        return Reply(document.rss())

    def _fault(self, now: datetime) -> Reply | None:
        """What kept the feeds away on some days, for a while."""
        if not self.faults:
            return None
        since = now - datetime.combine(arxiv_day(now), clock_time(), EASTERN)
        number = arxiv_day(now).toordinal()
        if number % 23 == 0 and since < timedelta(hours=2):
            return Reply(b"over capacity", 503, {"Retry-After": "600"})
        if number % 29 == 0 and since < timedelta(minutes=30):
            return Reply(b"<html>Maintenance</html>")
        if number % 31 == 0 and since < timedelta(hours=1):
            return Reply(b"slower, please", 429)
        return None
