"""digest/search_form.py: what is typed, as what is asked."""

from datetime import date

from digest.following import follow
from digest.search import Asked
from digest.search_form import SearchForm


def asked(user, **fields: str) -> Asked:
    form = SearchForm(user, fields)
    assert form.is_valid(), form.errors
    return form.asked


def test_every_field_narrows(bob):
    keyword = follow(bob, "robot").keyword_id
    assert asked(
        bob, q=" robot ", author="Ada", category="CS.lg", since="2026-05-01", keyword=str(keyword)
    ) == Asked(text="robot", author="Ada", category="cs.LG", since=date(2026, 5, 1), keyword=keyword)


def test_an_order_alone_asks_for_nothing(bob):
    form = SearchForm(bob, {"order": "best"})
    assert form.is_valid()
    assert not form.says_something


def test_mine_asks_for_something(bob):
    form = SearchForm(bob, {"keyword": "mine"})
    assert form.is_valid()
    assert form.says_something
