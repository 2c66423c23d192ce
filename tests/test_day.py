"""`manage.py day`: what came of an arXiv day, in the terminal."""

import json
import subprocess
import sys
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from digest.models import Category
from tests.house import CHECKOUT
from tests.ledgers import MONDAY, TUESDAY, category, row, seen
from tests.steps import queries


@pytest.fixture(autouse=True)
def clock(time_machine, now):
    time_machine.move_to(now)


def day(*arguments: str) -> str:
    out = StringIO()
    call_command("day", *arguments, stdout=out)
    return out.getvalue()


def failed(*arguments: str) -> tuple[str, str, int]:
    """What it printed, why it failed, and its exit code."""
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("day", *arguments, stdout=out)
    return out.getvalue(), str(error.value), error.value.returncode


def test_a_day_is_shown_category_by_category(db):
    row("cs.LG", count=1101, source="https://rss.arxiv.org/rss/cs.LG")
    row("math.OC", count=7)
    text = day()
    assert text.splitlines() == [
        "2026-05-12 Tuesday",
        "✓ cs.LG    complete    1101 of 1101   https://rss.arxiv.org/rss/cs.LG",
        "✓ math.OC  complete       7 of 7",
    ]


def test_a_day_that_is_not_complete_ends_with_one(db):
    row("cs.LG", count=3)
    row("cs.AI", state="stale", note="All of its papers were announced on days before.")
    category("cs.RO")
    text, why, code = failed("2026-05-12")
    assert "! cs.AI  stale" in text
    assert "All of its papers were announced on days before." in text
    assert (why, code) == ("2026-05-12 is not complete: cs.AI (stale), cs.RO (no row).", 1)


def test_a_day_that_is_only_early_is_not_complete(db):
    row("cs.LG", state="early", count=3)
    assert failed()[2] == 1


def test_the_newest_announced_day_is_shown(db):
    row("cs.LG", MONDAY)
    row("cs.LG", TUESDAY)
    row("cs.LG", TUESDAY + timedelta(days=1), "expected")
    assert day().startswith("2026-05-12 Tuesday")
    assert day("2026-05-11").startswith("2026-05-11 Monday")


@pytest.mark.parametrize(
    ("asked", "words"),
    [("2026-05-10", "Sunday, weekend"), ("2026-11-27", "Friday, holiday: Thanksgiving")],
)
def test_a_day_without_an_announcement_is_complete(db, asked, words):
    category("cs.LG")
    assert f"{words}: no announcement" in day(asked)


def test_as_json_it_has_the_documents_that_came(db, now):
    row("cs.LG", count=3, source="feed", seen=[seen(now)], complete_at=now)
    told = json.loads(day("--json"))
    assert (told["day"], told["complete"]) == ("2026-05-12", True)
    (one,) = told["categories"]
    assert (one["code"], one["state"], one["declared"], one["source"]) == ("cs.LG", "complete", 3, "feed")
    assert one["complete_at"] == "2026-05-12T06:00:00+00:00"
    assert one["seen"][0]["source"] == "rss"


def test_json_of_a_day_that_is_not_complete_is_json_too(db):
    row("cs.LG", state="partial", declared=4, stored=3)
    text, _why, code = failed("--json")
    assert json.loads(text)["complete"] is False
    assert code == 1


def test_many_categories_take_as_many_queries_as_one(db):
    row("cs.LG")
    few = queries(lambda: day("--json"))
    for code in ("cs.AI", "cs.RO", "cs.CL"):
        row(code)
    assert queries(lambda: day("--json")) == few


# --- errors -----------------------------------------------------------------------------------


def test_without_a_followed_category_there_is_nothing_to_show(db):
    row("cs.LG")
    Category.objects.update(followed=False)
    assert "No category is followed" in failed()[1]


def test_a_day_to_come_is_said(db):
    category("cs.LG")
    assert failed("2026-05-14")[1] == "2026-05-14 has not been announced yet."


def test_what_is_no_day_is_said(db):
    with pytest.raises(CommandError, match="'2026-13-01' is not a day: YYYY-MM-DD"):
        day("2026-13-01")


def test_without_a_database_it_says_what_to_do(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "day"],
        cwd=CHECKOUT,
        env={"PATH": "", "PAPERGLOT_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "manage.py migrate" in done.stderr
    assert "Traceback" not in done.stderr
