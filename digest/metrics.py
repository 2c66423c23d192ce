"""What Prometheus reads, from rows: whichever process is asked tells the same, and none of them keeps a counter.

What grows without end is a running total (`Tally`); what is counted here is what waits, and no more of it than
`_MOST`. Names follow Prometheus' conventions: base units, `_total` for what only grows.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Min, QuerySet
from django.utils import timezone
from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from digest.arxiv_days import feeds_turn
from digest.lateness import BUCKETS
from digest.models import (
    Alert,
    Announcement,
    Category,
    Delivery,
    Digest,
    Holiday,
    Installation,
    Leased,
    PaperVersion,
    Queue,
    Run,
    Sentence,
    Slot,
    Subscription,
    Tally,
    Translation,
    Worker,
)
from digest.models.alerts import TEXTS

_MOST = 100_000
"""So many waiting rows are counted; more are as bad."""
COUNTED = {
    "papers": ("papers", "Papers that were stored.", ()),
    "versions": ("paper_versions", "Versions of papers that were stored.", ()),
    "sentences": ("sentences", "Sentences that were translated, by the verdict of the checks.", ("verdict",)),
    "tokens": ("translated_tokens", "Tokens of the sentences that were translated.", ()),
    "translating_seconds": ("translating_seconds", "Seconds that translators took for them.", ()),
    "digests": ("digests", "Digests that were published.", ()),
    "digest_papers": ("digest_papers", "Papers that were put into digests.", ()),
    "deliveries": ("deliveries", "Deliveries by channel and how they ended.", ("channel", "result")),
    "arxiv_answers": (
        "arxiv_answers",
        "Answers of arXiv by HTTP status, or what kept them away.",
        ("status",),
    ),
    "feed_answers": ("feed_answers", "Answers to feed readers by HTTP status.", ("status",)),
    "leases_expired": ("leases_expired", "Leases that somebody else took up, by table.", ("table",)),
    "runs": ("runs", "Runs of the verbs and how they ended.", ("verb", "result")),
}
"""By the tally's name: the metric's, what it is, and its labels, which the tally's label has in one word each."""


class Rows(Collector):
    """Reads the rows when it is asked."""

    def __init__(self, clock: datetime | None = None) -> None:
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        now = self._clock or timezone.now()
        tallies = list(Tally.objects.order_by("name", "label").values_list("name", "label", "total"))
        yield from _counters(tallies)
        yield _lateness(tallies)
        yield from _waiting(now)
        yield from _queues(now)
        yield from _leases(now)
        yield from _workers(now)
        yield from _days(now)
        yield from _moments(now)
        open_alerts = list(Alert.objects.filter(closed_at=None).values_list("kind", flat=True))
        yield _gauge(
            "alerts", "Open alerts by kind.", ["kind"], [((k,), open_alerts.count(k)) for k in TEXTS]
        )


def registry(clock: datetime | None = None) -> CollectorRegistry:
    made = CollectorRegistry()
    made.register(Rows(clock))
    return made


def _gauge(
    name: str, about: str, labels: Iterable[str], rows: Iterable[tuple[Iterable[str], float]]
) -> Metric:
    metric = GaugeMetricFamily(f"paperglot_{name}", about, labels=list(labels))
    for values, number in rows:
        metric.add_metric(list(values), float(number))
    return metric


def _counters(tallies: list[tuple[str, str, float]]) -> Iterator[Metric]:
    for name, (told, about, labels) in COUNTED.items():
        metric = CounterMetricFamily(f"paperglot_{told}", about, labels=list(labels))
        rows = [(label, total) for known, label, total in tallies if known == name]
        if not labels and not rows:
            rows = [("", 0)]
        for label, total in rows:
            first, _, rest = label.partition(" ")
            metric.add_metric(([first, rest] if len(labels) == 2 else [label])[: len(labels)], total)
        yield metric


def _lateness(tallies: list[tuple[str, str, float]]) -> Metric:
    """From when a digest could first be there to when it was (digest.lateness)."""
    known = {(name, label): total for name, label, total in tallies}
    total, buckets = 0.0, []
    for bound in (*map(str, BUCKETS), "+Inf"):
        total += known.get(("digests_late", bound), 0)
        buckets.append((bound, total))
    metric = HistogramMetricFamily(
        "paperglot_digest_lateness_seconds", "From when a digest could first be there to when it was."
    )
    metric.add_metric([], buckets, known.get(("digests_late_seconds", ""), 0.0))
    return metric


def _waiting(now: datetime) -> Iterator[Metric]:
    """What waits in the rows, and since when the oldest does. Each is found by an index of what waits only."""
    model = Installation.current().model
    pending = Sentence.objects.pending()
    mine = pending.filter(model__startswith=f"{model}#") if model else pending.none()
    ready = Delivery.objects.filter(state=Delivery.State.WAITING)
    rows: dict[str, tuple[QuerySet, str]] = {
        "fetch": (Category.objects.due(now), "next_fetch_at"),
        "heal": (Announcement.objects.due(now), "next_try_at"),
        "match": (PaperVersion.objects.unmatched(), "first_seen_at"),
        "translate": (mine.filter(finished_at=None), "created_at"),
        "retranslate": (mine.filter(again_at__isnull=False), "again_at"),
        "deliver": (ready, "created_at"),
        "index": (Translation.objects.unindexed(), "finished_at"),
    }
    counted, ages = [], []
    for verb, (waiting, since) in rows.items():
        few = waiting.order_by("pk")[:_MOST].values("pk")
        told = waiting.model._default_manager.filter(pk__in=few).aggregate(since=Min(since))["since"]
        counted.append(((verb,), few.count()))
        ages.append(((verb,), max((now - told).total_seconds(), 0.0) if told else 0.0))
    yield _gauge("waiting_rows", f"Rows that wait for a verb, at most {_MOST:,}.", ["verb"], counted)
    yield _gauge("waiting_oldest_seconds", "How long the oldest of them has waited.", ["verb"], ages)


def _queues(now: datetime) -> Iterator[Metric]:
    rows = list(Queue.objects.all())
    yield _gauge("queue_length", "Bells in the broker that nobody had heard yet when a worker counted them.",
                 ["queue"], [((row.name,), row.length) for row in rows])  # fmt: skip
    yield _gauge("queue_count_age_seconds", "How long ago that was.", ["queue"],
                 [((row.name,), (now - row.counted_at).total_seconds()) for row in rows])  # fmt: skip


def _leases(now: datetime) -> Iterator[Metric]:
    counted = []
    for model in Leased.__subclasses__():
        held = model.objects.exclude(lease=None)
        table = str(model._meta.model_name)
        counted.append(((table, "held"), held.filter(leased_until__gt=now)[:_MOST].count()))
        counted.append(((table, "expired"), held.filter(leased_until__lte=now)[:_MOST].count()))
    held_slots = Slot.objects.exclude(holder=None)
    counted.append((("slot", "held"), held_slots.filter(held_until__gt=now).count()))
    counted.append((("slot", "expired"), held_slots.filter(held_until__lte=now).count()))
    yield _gauge(
        "leases", "Rows that somebody holds, or held and never gave back.", ["table", "state"], counted
    )


def _workers(now: datetime) -> Iterator[Metric]:
    alive = [row for row in Worker.objects.all() if row.alive(now)]
    heard = [queue for row in alive for queue in set(row.queues)]
    names = sorted({"default", "fetch", "translate", *heard})
    yield _gauge("workers", "Workers that live, by a queue that they hear.", ["queue"],
                 [((name,), heard.count(name)) for name in names])  # fmt: skip
    disks = {row.host: row for row in alive if row.disk_total}
    for name, about in (("free", "Free bytes of a worker's disk."), ("total", "Bytes of a worker's disk.")):
        sizes = [((host,), float(getattr(row, f"disk_{name}") or 0)) for host, row in sorted(disks.items())]
        yield _gauge(f"disk_{'free' if name == 'free' else 'size'}_bytes", about, ["host"], sizes)


def _days(now: datetime) -> Iterator[Metric]:
    """The newest day whose feeds have turned: how complete it is, and since when a digest of it is owed."""
    calendar = Holiday.calendar()
    day = calendar.newest(now)
    while feeds_turn(day) > now:
        day = calendar.previous(day)
    rows = Announcement.objects.filter(day=day, category__followed=True)
    states = list(rows.values_list("state", "declared", "stored"))
    counts = {state: sum(state == s for s, _d, _n in states) for state in Announcement.State.values}
    yield _gauge("day_categories", "Categories of the newest day whose feeds have turned, by state.", ["state"],
                 [((state,), count) for state, count in counts.items()])  # fmt: skip
    declared, stored = sum(d for _s, d, _n in states), sum(n for _s, _d, n in states)
    yield _gauge("day_papers_declared", "What arXiv declared of that day.", [], [((), declared)])
    yield _gauge("day_papers_stored", "What of it is here.", [], [((), stored)])
    owed = stored or not all(Announcement(state=s).settled for s, _d, _n in states)
    owed = owed and Subscription.objects.bringing().exists() and not Digest.objects.filter(day=day).exists()
    overdue = (now - feeds_turn(day)).total_seconds() if owed else 0.0
    yield _gauge("digest_overdue_seconds", "Since that day's feeds turned, while nobody has a digest of it.", [],
                 [((), overdue)])  # fmt: skip


def _moments(now: datetime) -> Iterator[Metric]:
    installation = Installation.current()
    last = Run.objects.order_by("-began_at").values_list("began_at", flat=True).first()
    moments = {
        "backup_timestamp_seconds": (
            "When a backup was last made; 0 where none was.",
            installation.backed_up_at,
        ),
        "run_timestamp_seconds": ("When a verb last had something to do; 0 where none had.", last),
    }
    for name, (about, moment) in moments.items():
        yield _gauge(name, about, [], [((), moment.timestamp() if moment else 0.0)])
    yield _gauge("runs_open", "Runs that have begun and not ended.", [],
                 [((), Run.objects.filter(ended_at=None)[:_MOST].count())])  # fmt: skip
