"""worker/download.py: a model that somebody asked for is got, told of while it comes, and taken up."""

from datetime import timedelta
from uuid import uuid4

import pytest

from digest.models import Download, Installation, Run
from tests.steps import choose
from worker import download as module
from worker.download import download_next
from worker.hub import HubError
from worker.registry import KNOWN

NAME = "nllb-200-distilled-600M"
SIZE = KNOWN[NAME].size


@pytest.fixture
def hub(monkeypatch):
    """In place of worker.hub.download: set `tells` and `error`; `asked` is what it was asked for."""

    class Hub:
        asked: list[str] = []
        tells: list[tuple[int, int]] = []
        error: Exception | None = None

        def get(self, model, models, hub_url, told):
            self.asked.append(model.name)
            for done, total in self.tells:
                told(done, total)
            if self.error:
                raise self.error
            return models / model.name

    Hub.asked = []
    hub = Hub()
    monkeypatch.setattr(module, "get", hub.get)
    monkeypatch.setattr(module, "_TELL_EVERY", 0.0)
    return hub


@pytest.fixture
def asked(db, now) -> Download:
    return Download.request(NAME, now)


def test_where_nothing_was_asked_for_nothing_is_got(db, hub, now):
    assert download_next(now) is False


def test_a_model_that_was_asked_for_is_got_once(asked, hub, now):
    assert [download_next(now), download_next(now)] == [True, False]
    assert hub.asked == [NAME]


def test_a_model_that_has_come_is_finished_and_free(asked, hub, now):
    download_next(now)
    asked.refresh_from_db()
    assert asked.finished_at
    assert (asked.percent, asked.lease, asked.leased_until) == (100, None, None)


def test_how_far_it_has_come_can_be_seen_meanwhile(asked, hub, now):
    hub.tells, hub.error = [(SIZE // 4, SIZE)], HubError("broken off")
    download_next(now)
    asked.refresh_from_db()
    assert asked.percent == 25


@pytest.mark.parametrize("before", ["", "demo"])
def test_the_first_model_that_comes_is_taken_up(asked, hub, now, before):
    choose(before)
    download_next(now)
    assert Installation.current().model == NAME


def test_a_model_that_is_in_use_stays_in_use(asked, hub, now):
    choose("nllb-200-3.3B")
    download_next(now)
    assert Installation.current().model == "nllb-200-3.3B"


def test_a_failure_is_told(asked, hub, now):
    hub.error = HubError("The hub answers 404.")
    assert download_next(now) is True
    asked.refresh_from_db()
    assert (asked.error, asked.finished_at) == ("The hub answers 404.", None)
    assert Installation.current().model == ""


def test_a_failure_is_recorded_in_its_run(asked, hub, now):
    hub.error = HubError("The hub answers 404.")
    download_next(now)
    assert Run.objects.get().error == "HubError: The hub answers 404."


def test_what_has_failed_is_not_tried_again_by_itself(asked, hub, now):
    hub.error = HubError("The hub answers 404.")
    download_next(now)
    assert download_next(now + timedelta(days=1)) is False


def test_what_has_failed_is_tried_at_once_when_it_is_asked_for_again(asked, hub, now):
    hub.error = HubError("The hub answers 404.")
    download_next(now)
    hub.error = None
    Download.request(NAME, now)
    assert download_next(now) is True
    asked.refresh_from_db()
    assert asked.finished_at


def test_a_model_that_nobody_knows_is_told(db, hub, now):
    Download.request("gpt-9", now)
    download_next(now)
    assert Download.objects.get().error == "There is no model 'gpt-9' to download."


def test_a_download_that_another_worker_is_at_is_left_to_it(asked, hub, now):
    Download.objects.update(lease=uuid4(), leased_until=now + timedelta(seconds=30))
    assert download_next(now) is False


def test_a_download_whose_worker_died_is_taken_up(asked, hub, now):
    Download.objects.update(lease=uuid4(), leased_until=now)
    assert download_next(now) is True


def test_models_come_in_the_order_in_which_they_were_asked_for(db, hub, now):
    Download.request("nllb-200-3.3B", now)
    Download.request(NAME, now - timedelta(seconds=1))
    while download_next(now):
        pass
    assert hub.asked == [NAME, "nllb-200-3.3B"]
