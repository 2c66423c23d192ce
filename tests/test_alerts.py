"""worker/alerts.py: a working day that is late is told once, to whoever can act."""

import json
from datetime import date, timedelta

import pytest
from django.core import mail

from digest.arxiv_days import feeds_turn
from digest.models import Alert, Announcement, Category, Installation, Worker
from digest.models.alerts import TEXTS
from worker.alerts import watch

TUESDAY = date(2026, 5, 12)
LATE = feeds_turn(TUESDAY) + timedelta(hours=8)


@pytest.fixture
def row(db) -> Announcement:
    """cs.LG of Tuesday, stale."""
    category = Category.objects.create(code="cs.LG", followed=True, next_fetch_at=LATE)
    return Announcement.objects.create(category=category, day=TUESDAY, state="stale")


def test_a_day_that_is_not_complete_in_time_is_told(row):
    watch(LATE)
    alert = Alert.objects.get()
    assert (alert.day, alert.text) == (TUESDAY, "arXiv 2026-05-12: cs.LG not complete.")
    assert (alert.raised_at, alert.told_at, alert.closed_at) == (LATE, LATE, None)


def test_before_its_hour_nothing_is_told(row):
    watch(LATE - timedelta(minutes=1))
    assert not Alert.objects.exists()


@pytest.mark.parametrize("state", ["complete", "early", "holiday"])
def test_a_day_that_is_over_is_not_told(row, state):
    Announcement.objects.update(state=state)
    watch(LATE)
    assert not Alert.objects.exists()


def test_a_category_that_is_not_followed_is_not_told(row):
    Category.objects.update(followed=False)
    watch(LATE)
    assert not Alert.objects.exists()


def test_an_alert_is_told_once(row, alice, settings):
    settings.EMAIL_HOST = "localhost"
    watch(LATE)
    watch(LATE + timedelta(minutes=1))
    assert [message.to for message in mail.outbox] == [["alice@example.org"]]
    assert mail.outbox[0].subject == "Paperglot: arXiv 2026-05-12: cs.LG not complete."


def test_without_a_mail_server_nothing_is_mailed(row, alice, settings):
    settings.EMAIL_HOST = ""
    watch(LATE)
    assert mail.outbox == []


def test_a_day_that_was_healed_closes_its_alert(row):
    watch(LATE)
    Announcement.objects.update(state="complete")
    watch(LATE + timedelta(hours=1))
    assert Alert.objects.get().closed_at == LATE + timedelta(hours=1)


def test_a_webhook_hears_of_it_as_json(row, monkeypatch):
    heard = []

    monkeypatch.setattr("worker.alerts.webhook.post", lambda url, body, **how: heard.append((url, body)))
    Installation.objects.update_or_create(pk=1, defaults={"webhook": "https://hooks.example.org/x"})
    watch(LATE)
    ((url, body),) = heard
    assert url == "https://hooks.example.org/x"
    assert json.loads(json.dumps(body)) | {"at": ""} == {
        "event": "incomplete",
        "day": "2026-05-12",
        "categories": ["cs.LG"],
        "text": "arXiv 2026-05-12: cs.LG not complete.",
        "at": "",
    }


@pytest.mark.parametrize("inside", [frozenset(), frozenset({"127.0.0.1"})])
def test_a_webhook_that_is_away_or_inside_hinders_nothing(row, settings, inside):
    settings.INSIDE_HOSTS = inside
    Installation.objects.update_or_create(pk=1, defaults={"webhook": "http://127.0.0.1:9/x"})
    watch(LATE)
    assert Alert.objects.get().told_at == LATE


# --- what is no day ---------------------------------------------------------------------------


HOUR = timedelta(hours=1)


@pytest.fixture
def full(db, settings, alice) -> Worker:
    """A machine whose disk is nearly full; alice has mail."""
    settings.EMAIL_HOST = "localhost"
    return Worker.objects.create(
        name="io@here", host="here", started_at=LATE, seen_at=LATE, disk_free=5, disk_total=100
    )


def look(worker: Worker, minute: int, free: int) -> None:
    at = LATE + timedelta(minutes=minute)
    Worker.objects.filter(pk=worker.pk).update(disk_free=free, seen_at=at)
    watch(at)


def subjects() -> list[str]:
    return [message.subject.removeprefix("Paperglot: ") for message in mail.outbox]


DISK = "Less than 10 % of the disk of here is free."


def test_a_trouble_is_told_once_and_once_when_it_is_over(full):
    for minute in range(5):
        look(full, minute, 5)
    assert subjects() == [DISK]
    for minute in range(5, 20):
        look(full, minute, 50)
    assert subjects() == [DISK, f"Over: {DISK}"]
    assert Alert.objects.get().closed_at == LATE + timedelta(minutes=14)


def test_what_comes_and_goes_is_one_alert(full):
    for minute in range(30):
        look(full, minute, 5 if minute % 5 == 0 else 50)
    assert subjects() == [DISK]


def test_what_comes_again_another_day_is_told_again(full):
    for minute, free in ((0, 5), (60, 50), (120, 5)):
        look(full, minute, free)
    assert subjects() == [DISK, f"Over: {DISK}", DISK]
    assert [alert.closed_at is None for alert in Alert.objects.all()] == [True, False]


def test_a_day_that_is_whole_after_all_is_told_too(row, alice, settings):
    settings.EMAIL_HOST = "localhost"
    watch(LATE)
    Announcement.objects.update(state="complete")
    watch(LATE + HOUR)
    watch(LATE + 2 * HOUR)
    assert subjects() == [
        "arXiv 2026-05-12: cs.LG not complete.",
        "Over: arXiv 2026-05-12: cs.LG not complete.",
    ]


def test_a_webhook_hears_that_it_is_over_under_another_key(full, monkeypatch):
    heard = []
    monkeypatch.setattr(
        "worker.alerts.webhook.post", lambda url, body, **how: heard.append((body, how["key"]))
    )
    Installation.objects.update_or_create(pk=1, defaults={"webhook": "https://hooks.example.org/x"})
    for minute, free in ((0, 5), (20, 50)):
        look(full, minute, free)
    (began, key), (over, other) = heard
    assert {name: began[name] for name in ("event", "subject", "text")} == {
        "event": "disk", "subject": "here", "text": DISK
    }  # fmt: skip
    assert {name: over[name] for name in ("event", "of", "subject")} == {
        "event": "over", "of": "disk", "subject": "here"
    }  # fmt: skip
    assert key != other


def test_pages_say_it_in_the_readers_language(full):
    look(full, 0, 5)
    alert = Alert.objects.get()
    assert alert.words == alert.text == DISK


def test_every_kind_has_its_words(db):
    values = {"day": "x", "codes": "x", "minutes": 3, "hours": 1, "percent": 10, "host": "x", "table": "x", "times": 3,
              "year": 2027, "kind": "mail"}  # fmt: skip
    for kind, text in TEXTS.items():
        assert Alert(kind=kind, values=values, text="").words == text % values


def test_closed_alerts_are_dropped_after_a_year(db):
    Alert.objects.create(kind="disk", text="x", raised_at=LATE, closed_at=LATE - timedelta(days=401))
    watch(LATE)
    assert not Alert.objects.exists()
