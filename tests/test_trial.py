"""digest/trial.py: what a rule would have brought."""

from datetime import date, timedelta

import pytest

from digest.almanac import Almanac
from digest.keywords import KeywordError
from digest.models import Announcement
from digest.trial import tried
from tests.documents import Document

TUESDAY = date(2026, 5, 12)


def outcome(rule: str, now):
    return tried(rule, Almanac.read(), now)


@pytest.fixture
def papers(announce, document):
    document.add("2605.90001", title="A Robot Arm", authors="Yoshua Bengio")
    document.add("2605.90002", title="A Robot Leg", announce_type="cross")
    document.add("2605.90003", version=2, title="An Old Robot", announce_type="replace")
    document.add("2605.90004", title="Graphs")
    announce(document)


def test_papers_are_counted_and_the_newest_named(papers, now):
    trial = outcome("robot", now)
    assert (trial.papers, trial.days, trial.a_day) == (2, 1, 2.0)
    assert {(arxiv_id, title) for arxiv_id, title, _ in trial.newest} == {
        ("2605.90001", "A Robot Arm"),
        ("2605.90002", "A Robot Leg"),
    }
    assert [bar.count for bar in trial.bars if bar.day == TUESDAY] == [2]


@pytest.mark.parametrize(
    ("rule", "papers_found"),
    [
        ("robot -leg", 1),
        ("au:bengio", 1),
        ("cat:cs.LG", 3),
        ("unicorn", 0),
        ("ti:robot OR ti:graph", 3),
        ("cat:cs.LG robot", 2),
    ],
)
def test_a_rule_is_tried_as_it_would_match(papers, now, rule, papers_found):
    trial = outcome(rule, now)
    assert trial.papers == papers_found
    assert trial.none == (papers_found == 0)


def test_a_paper_of_two_categories_counts_once(papers, announce, now):
    announce(Document("cs.RO").add("2605.90001", title="A Robot Arm", announce_type="cross"))
    assert outcome("robot arm", now).papers == 1


def test_days_before_the_thirty_do_not_count(announce, document, now):
    announce(document.add(title="A Robot"))
    Announcement.objects.update(day=TUESDAY - timedelta(days=31))
    assert outcome("robot", now).papers == 0


def test_too_many_are_told(papers, now, monkeypatch):
    monkeypatch.setattr("digest.trial.MANY", 1)
    assert outcome("robot", now).many
    assert not outcome("arm", now).many


def test_where_nothing_is_here_nothing_is_told(db, now):
    trial = outcome("robot", now)
    assert (trial.days, trial.none, trial.many) == (0, False, False)


def test_a_bad_rule_is_an_error(db, now):
    with pytest.raises(KeywordError):
        outcome("(robot", now)


def test_of_very_many_a_part_is_tried_and_the_rest_reckoned(announce, document, now, monkeypatch):
    monkeypatch.setattr("digest.trial._ALL", 2)
    monkeypatch.setattr("digest.trial._SAMPLE", 3)
    for _ in range(20):
        document.add(title="A Robot")
    announce(document)
    trial = outcome("robot", now)
    assert trial.reckoned
    assert trial.papers == 20
    assert len(trial.newest) == 5
    assert not outcome("unicorn", now).reckoned
