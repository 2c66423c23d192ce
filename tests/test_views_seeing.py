"""digest/views/seeing.py: /readyz says what is missing, /metrics is for whoever may see it."""

from collections import namedtuple
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from digest.models import Queue

Disk = namedtuple("Disk", "total used free")
METRICS, READY = "/metrics", "/readyz"


def elsewhere(client, **headers):
    return client.get(METRICS, REMOTE_ADDR="192.0.2.7", headers=headers)


# --- ready ------------------------------------------------------------------------------------


def test_where_all_is_there_it_is_ready(db, client):
    answer = client.get(reverse("readyz"))
    assert answer.status_code == 200
    assert answer.content.decode() == "disk: ok\ndatabase: ok\nmigrations: ok\nbroker: ok\n"
    assert "no-store" in answer["Cache-Control"]


def test_without_a_database_it_is_not(db, client, monkeypatch):
    def away(*_: object) -> None:
        raise DatabaseError

    monkeypatch.setattr("digest.views.seeing.MigrationRecorder.applied_migrations", away)
    answer = client.get(READY)
    assert answer.status_code == 503
    assert "database: does not answer" in answer.content.decode()


def test_a_migration_that_is_not_applied_is_named(db, client, monkeypatch):
    monkeypatch.setattr("digest.views.seeing._migrations", lambda: frozenset({("digest", "9999_next")}))
    answer = client.get(READY)
    assert answer.status_code == 503
    assert "migrations: not applied: digest.9999_next" in answer.content.decode()


@pytest.mark.parametrize(("free", "status"), [(30, 200), (20, 200), (19, 503)])
def test_a_disk_of_which_two_percent_are_free_will_do(db, client, monkeypatch, free, status):
    monkeypatch.setattr("digest.views.seeing.shutil.disk_usage", lambda _: Disk(1000, 1000 - free, free))
    assert client.get(READY).status_code == status


def test_a_folder_that_is_not_there_is_told(db, client, settings, tmp_path):
    settings.DATA = tmp_path / "gone"
    assert "disk: can't be asked" in client.get(READY).content.decode()


@pytest.mark.parametrize(("minutes", "status"), [(1, 200), (5, 503)])
def test_a_broker_that_the_workers_counted_lately_is_there(db, client, minutes, status):
    Queue.objects.create(name="fetch", length=0, counted_at=timezone.now() - timedelta(minutes=minutes))
    answer = client.get(READY)
    assert answer.status_code == status
    assert ("counted last at" in answer.content.decode()) == (status == 503)


def test_a_broker_of_which_no_worker_has_told_is_missed(db, client, settings):
    settings.BROKER_URL = "redis://nobody.invalid"
    answer = client.get(READY)
    assert answer.status_code == 503
    assert "no worker has counted" in answer.content.decode()


# --- metrics ----------------------------------------------------------------------------------


def test_this_machine_reads_the_metrics(db, client):
    answer = client.get(METRICS)
    assert answer["Content-Type"].startswith("text/plain; version=")
    assert list(text_string_to_metric_families(answer.content.decode()))


def test_from_elsewhere_they_are_not_there(db, client, settings):
    settings.METRICS_TOKEN = ""
    assert elsewhere(client).status_code == 404
    assert elsewhere(client, authorization="Bearer ").status_code == 404


@pytest.mark.parametrize(
    ("told", "status"), [("Bearer s3cret", 200), ("Bearer guessed", 404), ("Bearer é", 404)]
)
def test_with_the_token_they_are(db, client, settings, told, status):
    settings.METRICS_TOKEN = "s3cret"
    assert elsewhere(client, authorization=told).status_code == status


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_what_a_proxy_on_this_machine_passes_on_is_not_this_machine(db, client, header):
    assert client.get(METRICS, headers={header: "192.0.2.7"}).status_code == 404


def test_behind_a_proxy_nobody_is_this_machine(db, client, settings):
    settings.BEHIND_PROXY = True
    assert client.get(METRICS).status_code == 404


def test_whoever_watches_from_inside_is_not_sent_to_tls(db, client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(READY).status_code == 200
    assert client.get("/about/").status_code == 301


def test_openmetrics_is_spoken_too(db, client):
    answer = client.get(METRICS, headers={"accept": "application/openmetrics-text; version=1.0.0"})
    assert answer["Content-Type"].startswith("application/openmetrics-text")
    assert answer.content.endswith(b"# EOF\n")
