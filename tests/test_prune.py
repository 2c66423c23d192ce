"""`manage.py prune`: it says what, asks, and only then deletes."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from digest.arxiv_days import arxiv_day
from digest.models import Announcement, Digest, Entry, Paper
from tests.conftest import announced
from tests.documents import Document


@pytest.fixture(autouse=True)
def no_pause(monkeypatch) -> None:
    monkeypatch.setattr("worker.management.commands.prune._LONGEST_PAUSE", 0.0)


@pytest.fixture
def papers(db) -> None:
    """Three papers of 400 days ago, one of 355: weekends and holidays put a day up to four days back."""
    for days, ids in ((400, ["1", "2", "3"]), (355, ["4"])):
        document = Document(day=arxiv_day(timezone.now()) - timedelta(days=days))
        for number in ids:
            document.add(f"2605.9000{number}")
        announced(document, timezone.now())


@pytest.fixture
def prune(capsys, monkeypatch):
    """Run it, with these answers to what it asks; returns what it says."""

    def prune(*arguments: str, answer: str | None = None) -> str:
        def asked(question: str) -> str:
            capsys.readouterr()
            if answer is None:
                raise EOFError
            return answer

        monkeypatch.setattr("builtins.input", asked)
        call_command("prune", *arguments)
        return capsys.readouterr().out

    return prune


def left() -> list[str]:
    return sorted(Paper.objects.values_list("arxiv_id", flat=True))


def test_it_says_what_it_would_delete_before_it_asks(papers, capsys, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda _: "n")
    call_command("prune", "--older-than", "365")
    told = capsys.readouterr().out
    for line in ("3 papers", "3 versions of them", "0 translations", "Announcements, corrections"):
        assert line in told
    assert "Nothing was deleted." in told
    assert len(left()) == 4


@pytest.mark.parametrize(
    ("answer", "gone"), [("y", True), ("YES", True), ("", False), ("no", False), ("x", False)]
)
def test_it_deletes_only_on_a_yes(papers, prune, answer, gone):
    told = prune("--older-than", "365", answer=answer)
    assert (left() == ["2605.90004"]) == gone
    assert ("Deleted: 3 papers." in told) == gone


def test_where_nobody_can_be_asked_nothing_is_deleted(papers, prune):
    with pytest.raises(CommandError, match="--yes"):
        prune("--older-than", "365")
    assert len(left()) == 4


def test_with_yes_it_does_not_ask(papers, prune):
    announced_days = Announcement.objects.count()
    assert "Deleted: 3 papers." in prune("--older-than", "365", "--yes")
    assert left() == ["2605.90004"]
    assert Announcement.objects.count() == announced_days >= 2  # a weekend is told of as well


def test_where_nothing_is_old_it_says_so_and_does_not_ask(papers, prune):
    assert prune("--older-than", "401").startswith("Nothing is older than ")


@pytest.mark.parametrize("days", ["29", "0", "-1", "x", "1e3", "99999"])
def test_what_is_worked_with_can_not_be_deleted(papers, prune, days):
    with pytest.raises(CommandError, match=r"days"):
        prune("--older-than", days, "--yes")
    assert len(left()) == 4


def test_an_age_has_to_be_given(db, prune):
    with pytest.raises(CommandError, match="--older-than"):
        prune("--yes")


def test_digests_go_only_with_their_switch(bobs_digest, prune):
    days = (arxiv_day(timezone.now()) - bobs_digest.day).days
    Digest.objects.update(day=bobs_digest.day - timedelta(days=500 - days))
    Announcement.objects.update(day=bobs_digest.day - timedelta(days=500 - days))
    assert prune("--older-than", "365", "--yes").startswith("Nothing is older")
    told = prune("--older-than", "365", "--yes", "--with-digests")
    assert "1 digests, 2 papers" in told
    assert (Digest.objects.count(), Entry.objects.count(), left()) == (0, 0, [])


def test_what_a_keyword_brought_stays_with_its_switch(bobs_digest, prune):
    Announcement.objects.update(day=arxiv_day(timezone.now()) - timedelta(days=500))
    Digest.objects.all().delete()
    assert prune("--older-than", "365", "--yes", "--keep-matched").startswith("Nothing is older")
    assert "2 papers" in prune("--older-than", "365", "--yes")


def test_when_it_is_stopped_it_says_that_it_can_be_called_again(papers, prune, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("digest.retention._delete", stopped)
    with pytest.raises(CommandError, match="call it again"):
        prune("--older-than", "365", "--yes")
    monkeypatch.undo()
    assert len(left()) == 4
