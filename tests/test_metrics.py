"""digest/metrics.py and digest/models/seeing.py: what Prometheus reads is in the rows, whoever is asked."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from digest.arxiv_days import feeds_turn
from digest.following import follow
from digest.metrics import registry
from digest.models import Alert, Category, Delivery, Lapse, Paper, Queue, Sentence, Tally, Worker
from tests.conftest import NOW
from tests.documents import Document
from tests.engines import FakeEngine
from tests.ledgers import TUESDAY
from tests.steps import channel, choose, publish, queries, sentence, translate
from worker.publish import publish_due

MINUTE = timedelta(minutes=1)


def samples(clock=NOW) -> dict[str, float]:
    """Every sample by name and labels, read by Prometheus' own parser."""
    text = generate_latest(registry(clock)).decode()
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


# --- totals -----------------------------------------------------------------------------------


def test_a_total_grows(db):
    Tally.add("papers", {"": 2})
    Tally.add("papers", {"": 3})
    assert samples()["paperglot_papers_total"] == 5


def test_totals_are_apart_by_their_labels(db):
    Tally.add("deliveries", {"mail sent": 2, "chat given up": 1})
    told = samples()
    assert told["paperglot_deliveries_total mail sent"] == 2
    assert told["paperglot_deliveries_total chat given up"] == 1


def test_what_is_stored_is_counted_once(announce):
    document = Document().add("2605.90001").add("2605.90002")
    announce(document)
    announce(document)
    told = samples()
    assert (told["paperglot_papers_total"], told["paperglot_paper_versions_total"]) == (2, 2)


def test_what_is_pruned_stays_counted(announce):
    announce(Document().add())
    Paper.objects.all().delete()
    assert samples()["paperglot_papers_total"] == 1


def test_sentences_are_counted_by_verdict_with_their_tokens_and_seconds(bob, announce):
    choose("fake")
    sentence("One two three.")
    sentence("Four five.")
    translate(FakeEngine(mistake=lambda text: ""))
    sentence("Six seven eight nine.")
    translate()
    told = samples()
    assert told["paperglot_sentences_total ok"] == 1
    assert sum(n for name, n in told.items() if name.startswith("paperglot_sentences_total")) == 3
    assert told["paperglot_translated_tokens_total"] == 9
    assert told["paperglot_translating_seconds_total"] > 0


def test_a_digest_is_counted_with_its_lateness(bob):
    publish(bob, Document().add(title="A robot"), "robot")
    told = samples()
    assert (told["paperglot_digests_total"], told["paperglot_digest_papers_total"]) == (1, 1)
    assert told["paperglot_digest_lateness_seconds_count"] == 1


def test_how_late_a_digest_was_counts_from_when_the_feeds_turned(bob):
    bob.date_joined = NOW - timedelta(days=9)
    bob.save()
    publish(bob, Document().add(title="A robot"), "robot")
    told = samples()
    assert (
        told["paperglot_digest_lateness_seconds_sum"] == (NOW - feeds_turn(TUESDAY)).total_seconds() == 7200
    )
    assert told["paperglot_digest_lateness_seconds_bucket 3600"] == 0
    assert told["paperglot_digest_lateness_seconds_bucket 10800"] == 1


def test_runs_are_counted_by_how_they_ended(bob):
    publish(bob, Document().add(title="A robot"), "robot")
    assert samples()["paperglot_runs_total ok publish"] == 1


# --- what waits -------------------------------------------------------------------------------


def test_what_waits_is_told_with_the_age_of_the_oldest(announce):
    announce(Document().add().add(), NOW - 5 * MINUTE)
    told = samples()
    assert told["paperglot_waiting_rows match"] == 2
    assert told["paperglot_waiting_oldest_seconds match"] == 300


def test_sentences_of_the_model_in_use_wait_for_a_translator(db):
    choose("fake")
    Sentence.objects.filter(pk=sentence("A.").pk).update(created_at=NOW - MINUTE)
    told = samples()
    assert told["paperglot_waiting_rows translate"] == 1
    assert told["paperglot_waiting_oldest_seconds translate"] == 60
    choose("better")
    assert samples()["paperglot_waiting_rows translate"] == 0


def test_a_message_that_waits_is_told(bob):
    Delivery.objects.create(
        channel=channel(bob), kind="test", day=TUESDAY, created_at=NOW - MINUTE, next_try_at=NOW
    )
    assert samples()["paperglot_waiting_oldest_seconds deliver"] == 60


def test_nothing_that_waits_has_no_age(db):
    assert samples()["paperglot_waiting_oldest_seconds match"] == 0


def test_a_category_that_is_due_waits_to_be_fetched(db):
    Category.objects.create(code="cs.LG", followed=True, next_fetch_at=NOW - MINUTE)
    told = samples()
    assert (told["paperglot_waiting_rows fetch"], told["paperglot_waiting_oldest_seconds fetch"]) == (1, 60)


# --- leases, queues, workers ------------------------------------------------------------------


def test_leases_are_held_or_expired(db):
    Category.objects.create(code="cs.LG", followed=True, next_fetch_at=NOW)
    Category.objects.due(NOW).claim(NOW, 1, MINUTE)
    assert samples()["paperglot_leases held category"] == 1
    assert samples(NOW + 2 * MINUTE)["paperglot_leases expired category"] == 1


def test_a_lease_that_another_takes_up_is_counted(db):
    row = Category.objects.create(code="cs.LG", followed=True, next_fetch_at=NOW)
    for minute in range(3):
        Category.objects.due(NOW).claim(NOW + 2 * minute * MINUTE, 1, MINUTE)
    assert samples()["paperglot_leases_expired_total category"] == 2
    assert Lapse.objects.values_list("table", "row", "count").get() == ("category", row.pk, 2)


def test_a_lease_that_was_given_back_has_not_expired(db):
    Category.objects.create(code="cs.LG", followed=True, next_fetch_at=NOW)
    (claimed,) = Category.objects.due(NOW).claim(NOW, 1, MINUTE)
    Category.objects.all().give_back(claimed.lease)
    Category.objects.due(NOW).claim(NOW + 2 * MINUTE, 1, MINUTE)
    assert not Lapse.objects.exists()


def test_queues_are_told_with_the_age_of_the_count(db):
    Queue.objects.create(name="translate", length=7, counted_at=NOW - MINUTE)
    told = samples()
    assert told["paperglot_queue_length translate"] == 7
    assert told["paperglot_queue_count_age_seconds translate"] == 60


def test_workers_that_live_are_counted_by_queue(db):
    for name, age in (("mt@here", 0), ("mt@there", 5), ("mt@gone", 90)):
        at = NOW - timedelta(seconds=age)
        Worker.objects.create(
            name=name, host="here", queues=["translate"], started_at=at, seen_at=at, disk_free=1, disk_total=4
        )
    told = samples()
    assert (told["paperglot_workers translate"], told["paperglot_workers fetch"]) == (2, 0)
    assert (told["paperglot_disk_free_bytes here"], told["paperglot_disk_size_bytes here"]) == (1, 4)


# --- the day ----------------------------------------------------------------------------------


def test_a_digest_that_nobody_has_is_owed_since_the_feeds_turned(bob, announce):
    follow(bob, "robot")
    announce(Document().add(title="A robot"))
    assert samples()["paperglot_digest_overdue_seconds"] == 7200
    choose("")
    from worker.match import apply_keywords, match_versions

    match_versions(NOW)
    apply_keywords(NOW)
    publish_due(NOW)
    assert samples()["paperglot_digest_overdue_seconds"] == 0


def test_the_newest_day_is_told_by_state_and_count(announce):
    announce(Document().add().add())
    told = samples()
    assert told["paperglot_day_categories complete"] == 1
    assert (told["paperglot_day_papers_declared"], told["paperglot_day_papers_stored"]) == (2, 2)


def test_open_alerts_are_counted_by_kind(db):
    Alert.objects.create(kind="disk", subject="here", text="x", raised_at=NOW)
    Alert.objects.create(kind="disk", subject="there", text="x", raised_at=NOW, closed_at=NOW)
    told = samples()
    assert (told["paperglot_alerts disk"], told["paperglot_alerts mail"]) == (1, 0)


# --- form -------------------------------------------------------------------------------------


@pytest.fixture
def families(db) -> list:
    for name, label in {"sentences": "ok", "deliveries": "mail sent", "runs": "fetch ok"}.items():
        Tally.add(name, {label: 1})
    return list(text_string_to_metric_families(generate_latest(registry(NOW)).decode()))


def test_names_are_as_prometheus_wants_them(families):
    for family in families:
        assert re.fullmatch(r"paperglot_[a-z_]+", family.name)
        assert family.documentation.endswith(".")
        for sample in family.samples:
            assert sample.name.endswith("_total") == (family.type == "counter")
            assert not re.search(r"_(minutes|hours|ms|kb|mb|percent)(_|$)", sample.name)


def test_no_label_names_a_person_or_a_paper(families):
    labels = {name for family in families for sample in family.samples for name in sample.labels}
    assert labels <= {
        "verdict",
        "channel",
        "result",
        "status",
        "table",
        "state",
        "verb",
        "queue",
        "host",
        "kind",
        "le",
    }


def test_two_processes_tell_the_same(db):
    Tally.add("papers", {"": 2})
    assert generate_latest(registry(NOW)) == generate_latest(registry(NOW))


def test_it_takes_as_many_queries_however_much_is_here(bob, announce, client: Client):
    samples()
    few = queries(samples)
    document = Document()
    for _ in range(20):
        document.add()
    announce(document)
    follow(bob, "robot")
    assert queries(samples) <= few + 2  # whether a digest is owed is asked only where papers are
