"""worker/alerts.py: a working day that is late is told once, to whoever can act."""

import json
from datetime import date, timedelta

import pytest
from django.core import mail

from digest.arxiv_days import feeds_turn
from digest.models import Alert, Announcement, Category, Installation
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
