"""Who reads, and what they would have to find: said again here, by other means than the product's."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from digest.arxiv_days import Calendar
from digest.following import follow
from digest.models import (
    Announcement,
    CaughtUp,
    Channel,
    Delivery,
    Digest,
    Run,
    Sentence,
    Slot,
    Translation,
    User,
)
from tests.year.arxiv import CODES, Arxiv
from tests.year.mail import SENT

FOLLOWED = {"alice": "robot", "bob": "robot", "charlie": "policy"}


def invite() -> None:
    """alice has her digests by mail, bob by feed in the morning of Shanghai, charlie once a week and at once."""
    alice = User.objects.create_superuser("alice", "alice@example.org", "alice-password")
    bob = User.objects.create_user(
        "bob", "bob@example.org", "bob-password", time_zone="Asia/Shanghai", delivery_hour=7
    )
    at_once = {"time_zone": "America/New_York", "delivery_hour": 6, "catch_up": "one"}
    charlie = User.objects.create_user("charlie", "charlie@example.org", "charlie-password", **at_once)
    for user in (alice, bob, charlie):
        follow(user, FOLLOWED[user.username])
    made = {
        "kind": "mail",
        "created_at": alice.date_joined,
        "since": alice.date_joined,
        "confirmed_at": alice.date_joined,
    }
    Channel.objects.create(user=alice, address=alice.email, **made)
    Channel.objects.create(user=charlie, address=charlie.email, frequency="weekly", weekday=4, **made)


def wanted(arxiv: Arxiv, day: date, word: str) -> set[str]:
    """The papers of a day that a keyword brings."""
    items = [item for code in CODES for item in arxiv.document(code, day).items]
    return {i.arxiv_id for i in items if i.announce_type in ("new", "cross") and word in i.title}


def violations(arxiv: Arxiv, calendar: Calendar, first: date, last: date) -> Iterator[str]:
    """Whatever is not as it has to be, in a sentence each."""
    days = sorted(calendar.days(first, last))
    yield from _announcements(arxiv, days)
    for user in User.objects.order_by("pk"):
        yield from _digests(arxiv, user, days)
    yield from _mails(days)
    for what, rows in {
        "runs that have not ended": Run.objects.filter(ended_at=None),
        "translations that have not ended": Translation.objects.unfinished(),
        "sentences that wait": Sentence.objects.pending(),
        "sentences that were left in English": Sentence.objects.exclude(verdict="ok"),
        "deliveries that wait": Delivery.objects.filter(state="waiting"),
        "turns that are held": Slot.objects.exclude(holder=None),
    }.items():
        if count := rows.count():
            yield f"{count} {what}: {rows[0]!r}"


def _announcements(arxiv: Arxiv, days: list[date]) -> Iterator[str]:
    rows = {(row.category.code, row.day): row for row in Announcement.objects.select_related("category")}
    for day in days:
        for code in CODES:
            row, items = rows.get((code, day)), arxiv.document(code, day).items
            if row is None or row.state != "complete" or not row.declared == row.stored == len(items):
                here = row and (row.state, row.declared, row.stored, row.note)
                yield f"{code} {day}: {here}, not {len(items)} papers"


def _digests(arxiv: Arxiv, user: User, days: list[date]) -> Iterator[str]:
    own = Counter(Digest.objects.filter(user=user).values_list("day", flat=True))
    own += Counter(CaughtUp.objects.filter(user=user).values_list("day", flat=True))
    for day in days:
        if own[day] != 1:
            yield f"{user} has {own[day]} digests of {day}"
    if more := set(own) - set(days):
        yield f"{user} has digests of days without an announcement: {sorted(more)}"
    here = Counter(user.digests.values_list("entries__paper__arxiv_id", flat=True))
    here.pop(None, None)
    expected = set().union(*(wanted(arxiv, day, FOLLOWED[user.username]) for day in days))
    if twice := [name for name, count in here.items() if count > 1]:
        yield f"{user} has papers twice: {twice[:5]}"
    if set(here) != expected:
        yield f"{user} lacks {sorted(expected - set(here))[:5]}, and has {sorted(set(here) - expected)[:5]} more"


def _mails(days: list[date]) -> Iterator[str]:
    told = Counter(name for name, _subject, _to in SENT)
    if twice := [name for name, count in told.items() if count > 1]:
        yield f"mails were sent twice: {twice[:5]}"
    daily = Delivery.objects.filter(kind="daily", channel__user__username="alice")
    for state in ("given up",):
        if lost := list(Delivery.objects.filter(state=state).values_list("day", flat=True)):
            yield f"deliveries were given up: {lost[:5]}"
    told_days = Counter(daily.filter(state="sent").values_list("day", flat=True))
    with_papers = set(
        Digest.objects.filter(user__username="alice", entries__isnull=False).values_list("day", flat=True)
    )
    if missing := with_papers - set(told_days):
        yield f"alice had no mail of {sorted(missing)[:5]}"
    keys = set(Delivery.objects.filter(state="sent").values_list("key", flat=True))
    if lost := keys - {name.strip("<>") for name in told}:
        yield f"{len(lost)} mails are noted as sent and were not"
