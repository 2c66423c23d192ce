"""arXiv on this machine: each day's feeds and catch-up pages by the simulated clock, and its moods."""

import gzip
import threading
from datetime import date, datetime, timedelta
from email.utils import format_datetime

from tests.chaos.clock import Clock
from tests.chaos.days import EASTERN, Day
from tests.documents import Document
from tests.listings import listing
from tests.replica import Replica, Reply, Request

MOODS = ("429", "503", "garbage", "slow", "cut", "empty", "stale", "500")


class Arxiv(Replica):
    """`mood` spoils so many of the next answers."""

    def __init__(self, days: list[Day], clock: Clock) -> None:
        super().__init__()
        self._days = {day.date: day for day in days}
        self._clock = clock
        self._mood, self._left = "", 0
        self._moods = threading.Lock()
        self.spoilt = 0

        def date_time_string(_handler: object, timestamp: float | None = None) -> str:
            return format_datetime(clock.now(), usegmt=True)

        self._server.RequestHandlerClass.date_time_string = date_time_string  # type: ignore[attr-defined]

    def be(self, mood: str, answers: int) -> None:
        with self._moods:
            self._mood, self._left = mood, answers

    def well(self) -> None:
        self.be("", 0)

    def _answer(self, request: Request) -> Reply:
        with self._moods:
            mood = self._mood if self._left > 0 else ""
            self._left -= bool(mood)
            self.spoilt += bool(mood)
        kind, _, rest = request.path.lstrip("/").partition("/")
        good = self._good(kind, rest, stale=mood == "stale")
        return _spoilt(mood, good) if mood else good

    def _good(self, kind: str, rest: str, *, stale: bool = False) -> Reply:
        if kind == "rss" and (day := self._showing(stale)):
            shown = self._clock.now().astimezone(EASTERN).date() if stale else day.date
            return Reply(_document(day, rest, shown).rss(), headers={"ETag": f'"{rest}-{day.date}-{stale}"'})
        if kind == "catchup":
            code, _, when = rest.partition("/")
            if day := self._days.get(date.fromisoformat(when[:10])):
                return Reply(listing(_document(day, code, day.date), catchup=True))
        return Reply(b"not here", 404)

    def _showing(self, stale: bool) -> Day | None:
        """The day that the feeds show; stale ones show the day before."""
        turned = [day for _, day in sorted(self._days.items()) if day.turns <= self._clock.now()]
        return turned[-2] if stale and len(turned) > 1 else turned[-1] if turned else None


def _document(day: Day, code: str, shown: date) -> Document:
    document = Document(
        code, shown, datetime.combine(shown, datetime.min.time(), EASTERN) + timedelta(seconds=9)
    )
    for paper in day.listings.get(code, []):
        document.add(paper.arxiv_id, version=paper.version, announce_type=paper.kind, title=paper.title,
                     abstract=paper.abstract, categories=paper.categories)  # fmt: skip
    return document


def _spoilt(mood: str, good: Reply) -> Reply:
    if mood == "429":
        return Reply(b"slow down", 429, {"Retry-After": "45"})
    if mood == "503":
        return Reply(b"unavailable", 503)
    if mood == "500":
        return Reply(b"error", 500)
    if mood == "garbage":
        return Reply(b"<html><body>Bad gateway &nbsp; <p>\x00\xff</html>" + gzip.compress(good.body)[:40])
    if mood == "slow":
        return Reply(good.body, good.status, good.headers, before=1.0, between=0.2)
    if mood == "cut":
        return Reply(good.body, good.status, good.headers, cut=len(good.body) // 2)
    return Reply(b"") if mood == "empty" else good
