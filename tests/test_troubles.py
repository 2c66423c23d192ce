"""worker/troubles.py: what is wrong, as the rows tell it, and what is not."""

from datetime import UTC, datetime, timedelta

import pytest

from digest.models import Category, Channel, Delivery, Holiday, Installation, Lapse, Sentence, Worker
from tests.conftest import NOW
from tests.ledgers import TUESDAY
from tests.steps import channel, choose, sentence
from worker.troubles import troubles

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def kinds(now: datetime = NOW) -> list[str]:
    return [trouble.kind for trouble in troubles(now)]


def worker(
    name: str, queue: str, since: timedelta = HOUR, age: timedelta = timedelta(), **disk: int
) -> Worker:
    return Worker.objects.create(
        name=name, host="here", queues=[queue], started_at=NOW - since, seen_at=NOW - age, **disk
    )


def test_a_new_installation_has_none(db):
    assert kinds() == []


# --- the translator ---------------------------------------------------------------------------


def test_a_translator_that_was_not_seen_for_three_minutes_is_missed(db):
    choose("fake")
    worker("io@here", "default")
    worker("mt@here", "translate", age=3 * MINUTE)
    assert kinds() == ["translator"]


def test_one_that_starts_again_is_not(db):
    choose("fake")
    worker("io@here", "default")
    worker("mt@here", "translate", age=2 * MINUTE)
    assert kinds() == []


def test_after_a_start_nobody_is_missed(db):
    choose("fake")
    worker("io@here", "default", since=2 * MINUTE)
    assert kinds() == []


def test_where_nothing_is_translated_no_translator_is_missed(db):
    choose("")
    worker("io@here", "default")
    assert kinds() == []


# --- sentences --------------------------------------------------------------------------------


@pytest.mark.parametrize(("age", "told"), [(HOUR, []), (HOUR + MINUTE, ["pending"])])
def test_a_sentence_that_waits_for_more_than_an_hour_is_told(db, age, told):
    choose("fake")
    Sentence.objects.filter(pk=sentence("A.").pk).update(created_at=NOW - age)
    assert kinds() == told


def test_what_is_only_to_be_done_once_more_may_wait(db):
    choose("fake")
    row = sentence("A.", finished_at=NOW - 9 * HOUR, again_at=NOW - 9 * HOUR)
    Sentence.objects.filter(pk=row.pk).update(created_at=NOW - 9 * HOUR)
    assert kinds() == []


def test_sentences_of_another_model_wait_for_nobody(db):
    choose("better")
    Sentence.objects.filter(pk=sentence("A.").pk).update(created_at=NOW - 9 * HOUR)
    assert kinds() == []


# --- disks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("free", "told"), [(10, []), (9, ["disk"])])
def test_a_disk_of_which_less_than_a_tenth_is_free_is_told(db, free, told):
    worker("io@here", "default", disk_free=free, disk_total=100)
    assert kinds() == told


def test_each_machine_has_its_own_disk(db):
    worker("io@here", "default", disk_free=1, disk_total=100)
    Worker.objects.create(name="mt@there", host="there", queues=[], started_at=NOW, seen_at=NOW,
                          disk_free=1, disk_total=100)  # fmt: skip
    assert [trouble.subject for trouble in troubles(NOW)] == ["here", "there"]


def test_a_worker_that_could_not_ask_its_disk_is_not_told(db):
    worker("io@here", "default")
    assert kinds() == []


# --- leases -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "age", "told"), [(2, HOUR, []), (3, HOUR, ["lapses"]), (3, 25 * HOUR, [])])
def test_a_lease_that_ran_out_thrice_in_a_day_is_told(db, count, age, told):
    Lapse.objects.create(table="category", row=1, count=count, last_at=NOW - age)
    assert kinds() == told


def test_many_rows_of_a_table_are_one_trouble(db):
    for row in range(5):
        Lapse.objects.create(table="sentence", row=row, count=3, last_at=NOW)
    assert [(trouble.kind, trouble.subject) for trouble in troubles(NOW)] == [("lapses", "sentence")]


# --- mail -------------------------------------------------------------------------------------


def delivery(to: Channel, **fields: object) -> Delivery:
    told = {"kind": "daily", "day": TUESDAY, "created_at": NOW - HOUR, "error": "535 wrong password"}
    return Delivery.objects.create(channel=to, **told | fields)


def test_a_mail_that_waits_after_a_refusal_is_told(bob):
    delivery(channel(bob), attempts=1, next_try_at=NOW)
    assert kinds() == ["mail"]


def test_a_mail_that_was_given_up_lately_is_told(bob):
    delivery(channel(bob, failures=1), state="given up", attempts=9)
    assert kinds() == ["mail"]
    assert kinds(NOW + 25 * HOUR) == []


def test_a_mail_that_went_out_at_last_is_not(bob):
    delivery(channel(bob), state="sent", attempts=2, error="")
    assert kinds() == []


def test_a_chat_that_is_refused_is_not_the_mail(bob):
    delivery(channel(bob, "chat", "json://example.org", failures=1), attempts=1, next_try_at=NOW)
    assert kinds() == []


# --- holidays, backups ------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "told"), [((10, 31), []), ((11, 2), ["holidays"])])
def test_the_next_years_holidays_are_missed_from_november_on(db, day, told):
    Category.objects.create(code="cs.LG", followed=True)
    assert kinds(datetime(2026, *day, 12, tzinfo=UTC)) == told
    Holiday.objects.create(evening="2027-01-18")
    assert kinds(datetime(2026, *day, 12, tzinfo=UTC)) == []


@pytest.mark.parametrize(("hours", "age", "told"), [(0, 999, []), (24, 23, []), (24, 25, ["backup"])])
def test_a_backup_that_is_older_than_was_set_is_told(db, settings, hours, age, told):
    settings.BACKUP_HOURS = hours
    Installation.current()
    Installation.objects.update(backed_up_at=NOW - age * HOUR)
    assert kinds() == told


def test_an_installation_that_never_had_a_backup_is_as_old_as_itself(db, settings):
    settings.BACKUP_HOURS = 24
    Installation.current()
    Installation.objects.update(created_at=NOW - 25 * HOUR)
    assert kinds() == ["backup"]
