"""worker/claims.py: which sentences a translator takes next, and which it gives up."""

from datetime import timedelta
from uuid import uuid4

import pytest

from digest.models import PaperVersion, Segment, Sentence
from tests.documents import Document
from tests.steps import MODEL, pending, queries, sentence
from worker.claims import claim, count_attempt, set_aside
from worker.heartbeat import HOLD
from worker.memory import plan

pytestmark = pytest.mark.django_db


def claimed(now, size: int = 64) -> list[str]:
    return [row.source for row in claim(pending(), now, size)]


# --- the order --------------------------------------------------------------------------------


def test_the_newest_sentence_comes_first(now):
    for number in range(3):
        sentence(f"Sentence {number}.")
    assert claimed(now) == ["Sentence 2.", "Sentence 1.", "Sentence 0."]


def test_a_claim_is_of_one_language(now):
    for number in range(3):
        sentence(f"Sentence {number}.", "ja")
        sentence(f"Sentence {number}.")
    batch = claim(pending(), now, 64)
    assert {row.language for row in batch} == {"zh-Hans"}
    assert len(batch) == 3


def test_the_other_language_is_claimed_next(now):
    sentence("One.", "ja")
    sentence("One.")
    assert [claim(pending(), now, 64)[0].language for _ in range(2)] == ["zh-Hans", "ja"]


def test_no_more_are_claimed_than_asked_for(now):
    for number in range(5):
        sentence(f"Sentence {number}.")
    assert [len(claimed(now, 2)) for _ in range(4)] == [2, 2, 1, 0]


def test_what_nobody_has_a_translation_of_comes_before_what_is_done_again(now):
    sentence("It was never translated.")
    sentence("It is to be done again.", finished_at=now, verdict="ok", again_at=now)
    assert claimed(now, 1) == ["It was never translated."]
    assert claimed(now, 1) == ["It is to be done again."]


def test_what_is_done_again_is_done_the_newest_first(now):
    for number in range(3):
        sentence(f"Sentence {number}.", finished_at=now, verdict="ok")
    Sentence.objects.all().again(now)
    assert claimed(now) == ["Sentence 2.", "Sentence 1.", "Sentence 0."]


def test_a_new_day_comes_before_what_another_model_left_to_do(announce, now):
    """Readers have the old model's text of old days, and no text at all of the new one."""
    for day in range(3):
        announce(Document().add(f"2605.9000{day}", title=f"Day {day}", abstract=f"We walk {day} times."))
    plan(PaperVersion.objects.order_by("id"), "zh-Hans", MODEL)
    announce(Document("cs.RO").add("2605.90009", title="Today", abstract="We run today."))
    plan(PaperVersion.objects.order_by("-id")[:1], "zh-Hans", MODEL)
    assert set(claimed(now, 2)) == {"Today", "We run today."}


def test_after_a_change_of_the_model_the_newest_papers_are_translated_first(announce, now, monkeypatch):
    monkeypatch.setattr("worker.memory._CHUNK", 2)
    for number in range(6):
        announce(Document().add(f"2605.9000{number}", title=f"Paper {number}"))
    plan(PaperVersion.objects.order_by("id"), "zh-Hans", "better#00000002")
    order = [
        set(Segment.objects.filter(sentence__in=batch, field="title").values_list("source", flat=True))
        for batch in iter(lambda: claim(pending(), now, 3), [])
    ]
    titles = [title for batch in order for title in sorted(batch)]
    assert {"Paper 4", "Paper 5"} & order[0]
    assert titles.index("Paper 5") < titles.index("Paper 0")


def test_a_claim_takes_as_many_queries_however_many_are_pending(now):
    for number in range(3):
        sentence(f"Sentence {number}.")
    few = queries(lambda: claim(pending(), now, 1))
    for number in range(3, 60):
        sentence(f"Sentence {number}.")
    assert queries(lambda: claim(pending(), now, 50)) == few


# --- attempts ---------------------------------------------------------------------------------


def test_a_claim_is_not_an_attempt_yet(now):
    """Between the two a broker or a database may fail, which says nothing of the sentence."""
    sentence("One.")
    batch = claim(pending(), now, 64)
    assert Sentence.objects.get().attempts == 0
    count_attempt(batch)
    assert Sentence.objects.get().attempts == 1


def test_an_attempt_of_a_lost_lease_is_not_counted(now):
    sentence("One.")
    batch = claim(pending(), now, 64)
    Sentence.objects.update(lease=uuid4())
    count_attempt(batch)
    assert Sentence.objects.get().attempts == 0


def test_sentences_that_have_seen_a_crash_come_after_the_others_in_small_batches(now):
    for number in range(40):
        sentence(f"Sentence {number}.", attempts=1)
    sentence("Fresh.")
    assert [len(claimed(now)) for _ in range(4)] == [1, 32, 8, 0]


def test_a_sentence_that_has_seen_two_crashes_is_claimed_alone(now):
    sentence("Two.", attempts=2)
    sentence("One.", attempts=1)
    sentence("Poisoned.", attempts=2)
    assert [claimed(now) for _ in range(4)] == [["One."], ["Poisoned."], ["Two."], []]


def test_what_another_holds_is_not_claimed(now):
    sentence("One.", lease=uuid4(), leased_until=now + HOLD)
    assert claimed(now) == []


def test_what_a_dead_worker_held_is_claimed_again(now):
    sentence("One.", lease=uuid4(), leased_until=now, attempts=1)
    assert claimed(now) == ["One."]


def test_what_is_set_aside_is_not_claimed(now):
    sentence("Poisoned.", attempts=3)
    assert claimed(now) == []


# --- setting aside ----------------------------------------------------------------------------


def test_a_sentence_that_has_crashed_three_times_is_set_aside(now):
    sentence("Poisoned.", attempts=3)
    assert set_aside(pending(), now) == 1
    assert Sentence.objects.values_list("verdict", "finished_at").get() == ("crash", now)


def test_one_that_was_good_stays_as_it_was(now):
    before = now - timedelta(days=1)
    sentence("It is poison now.", attempts=3, again_at=now, text="好。", verdict="ok", finished_at=before)
    assert set_aside(pending(), now) == 1
    row = Sentence.objects.get()
    assert (row.text, row.verdict, row.finished_at, row.again_at) == ("好。", "ok", before, None)


def test_a_third_attempt_that_is_still_running_is_not_set_aside(now):
    sentence("Slow.", attempts=3, lease=uuid4(), leased_until=now + HOLD)
    assert set_aside(pending(), now) == 0


def test_where_nothing_is_poisoned_nothing_is_set_aside(now):
    sentence("One.")
    assert set_aside(pending(), now) == 0
    assert pending().count() == 1


# --- once more --------------------------------------------------------------------------------


def test_what_is_done_again_has_all_its_attempts(now):
    sentence("It was poison.", attempts=3, finished_at=now, verdict="crash")
    assert Sentence.objects.all().again(now) == 1
    assert claimed(now) == ["It was poison."]


def test_doing_it_again_takes_the_lease_of_who_is_at_it(now):
    """Their answer is from before the glossary changed: it is not stored."""
    sentence("New.")
    sentence("Old.", finished_at=now, verdict="ok", text="旧。", again_at=now)
    for _ in range(2):
        claim(pending(), now, 1)
    Sentence.objects.all().again(now)
    assert not Sentence.objects.exclude(lease=None).exists()
    assert set(claimed(now)) == {"New.", "Old."}


def test_what_waits_for_its_first_translation_goes_on_waiting(now):
    sentence("New.", attempts=1)
    assert Sentence.objects.all().again(now) == 0
    assert Sentence.objects.values_list("again_at", "attempts").get() == (None, 1)
