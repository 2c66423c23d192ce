"""digest/search.py and the index of the database under it: what is found, in either language."""

from datetime import date, timedelta

import pytest

from digest.following import follow
from digest.models import GlossaryTerm, Indexed, Paper, User
from digest.search import A_PAGE, Asked, Found, Place, find, hits
from tests.conftest import NOW, announced
from tests.documents import Document
from tests.steps import choose, match, publish
from worker.index import index_changed

BEGINNING = Place()


@pytest.fixture(autouse=True)
def _glossary(db):
    GlossaryTerm.objects.all().delete()
    GlossaryTerm.objects.create(term="reinforcement learning", renderings="强化学习")
    GlossaryTerm.objects.create(term="robot", renderings="机器人")


def put(
    *titles: str, day: date = date(2026, 5, 12), abstract: str = "Nothing else.", **fields: object
) -> None:
    """Announce papers of these titles on a day, and index them."""
    document = Document(day=day)
    for place, title in enumerate(titles):
        document.add(f"26{day:%m}.{day:%d}{place:03}", title=title, abstract=abstract, **fields)
    announced(document)
    index_changed(NOW)


def found(user: User, text: str = "", **asked: object) -> list[str]:
    """The titles of the first page."""
    return [hit.paper.title for hit in hits(user, look(user, text, **asked))]


def look(user: User, text: str = "", start: Place = BEGINNING, **asked: object) -> Found:
    return find(user, Asked(text=text, **asked), start)


def test_every_word_has_to_stand_somewhere_in_the_paper(bob):
    put("Robots that walk", "Robots that swim")
    assert found(bob, "walk robots") == ["Robots that walk"]


@pytest.mark.parametrize("typed", ["error", "errors", "Errors", "ÉRROR"])
@pytest.mark.parametrize("title", ["An error of measurement", "The errors of measurement"])
def test_forms_of_a_word_find_each_other(bob, typed, title):
    put(title)
    assert found(bob, typed) == [title]


def test_a_phrase_in_quotes_is_found_whole_and_in_its_order(bob):
    put("Learning with diffusion", "Diffusion learning")
    assert found(bob, '"diffusion learning"') == ["Diffusion learning"]


def test_a_phrase_may_be_made_of_words_that_say_nothing(bob):
    put("To be or not to be", "Being and being not")
    assert found(bob, '"to be or not to be"') == ["To be or not to be"]


def test_what_has_a_minus_must_not_be_there(bob):
    put("Robots that walk", "Robots that swim")
    assert found(bob, "robots -swim") == ["Robots that walk"]


def test_a_minus_alone_finds_all_others(bob):
    put("Robots that walk", "Robots that swim")
    assert found(bob, "-walk") == ["Robots that swim"]


@pytest.mark.parametrize(
    "typed", ["强化学习", '"强化学习"', "reinforcement learning", '"reinforcement learning"']
)
def test_a_term_of_the_glossary_finds_papers_in_either_language(bob, typed):
    put("Deep Reinforcement Learning", "强化学习综述", "Learning alone")
    assert sorted(found(bob, typed)) == ["Deep Reinforcement Learning", "强化学习综述"]


def test_terms_that_follow_one_another_in_chinese_are_carried_over_too(bob):
    put("Reinforcement learning for robots")
    assert found(bob, "强化学习机器人") == ["Reinforcement learning for robots"]


def test_a_run_of_chinese_is_a_phrase(bob):
    put("量子纠错码", "错纠子量")
    assert found(bob, "量子纠错") == ["量子纠错码"]
    assert found(bob, "码") == ["量子纠错码"]


def test_a_translation_is_found_in_its_own_words(bob, engine):
    publish(bob, Document().add(title="A Robot"), "robot")
    index_changed(NOW)
    translated = Paper.objects.get().latest.translations.get().title
    assert translated
    assert found(bob, translated) == ["A Robot"]


def test_what_a_formula_says_is_found(bob):
    put(r"Capture of CO$_2$ at $\alpha = 2$")
    assert found(bob, "CO2 alpha") == [r"Capture of CO$_2$ at $\alpha = 2$"]


@pytest.mark.parametrize("typed", ["Yann LeCun", "lecun", "LeCun, Yann", "Y. LeCun", "Yann A. LeCun"])
def test_an_author_is_found_by_name(bob, typed):
    put("One", authors="Ada Example, Yann A. LeCun")
    put("Two", authors="Yann Example", day=date(2026, 5, 11))
    assert found(bob, author=typed) == ["One"]


def test_a_name_does_not_reach_into_the_next(bob):
    put("One", authors="Ada Example, Bo Sample")
    assert found(bob, author="Example Bo") == []


def test_a_category_and_an_archive_narrow(bob):
    put("One", categories=("cs.LG", "stat.ML"))
    put("Two", categories=("math.AG",), day=date(2026, 5, 11))
    assert found(bob, category="stat.ML") == ["One"]
    assert found(bob, category="stat") == ["One"]
    assert found(bob, category="math") == ["Two"]


def test_the_days_of_announcement_narrow_both_ends_counted(bob):
    for day in (11, 12, 13):
        put(f"Robot {day}", day=date(2026, 5, day))
    assert found(bob, "robot", since=date(2026, 5, 12)) == ["Robot 13", "Robot 12"]
    assert found(bob, "robot", until=date(2026, 5, 12)) == ["Robot 12", "Robot 11"]
    assert found(bob, since=date(2026, 5, 12), until=date(2026, 5, 12)) == ["Robot 12"]


def test_mine_are_the_papers_that_my_keywords_brought(bob, charlie):
    publish(bob, Document().add(title="A Robot").add(title="A Graph").add(title="A Tree"), "robot", "graph")
    index_changed(NOW)
    assert sorted(found(bob, mine=True)) == ["A Graph", "A Robot"]
    assert found(bob, "robot", mine=True) == ["A Robot"]
    assert found(charlie, mine=True) == []
    assert found(charlie, "robot") == ["A Robot"]


def test_what_i_leave_out_is_not_mine(bob):
    publish(bob, Document().add(title="A Robot").add(title="A Survey of Robots"), "robot")
    follow(bob, "survey", excluded=True)
    match()
    index_changed(NOW)
    assert found(bob, mine=True) == ["A Robot"]


def test_a_keyword_that_only_leaves_out_brings_nothing(bob):
    publish(bob, Document().add(title="A Robot").add(title="A Survey"), "robot")
    subscription = follow(bob, "survey", excluded=True)
    match()
    index_changed(NOW)
    assert found(bob, keyword=subscription.keyword_id) == []


def test_one_of_my_keywords_narrows_and_anothers_finds_nothing(bob, charlie):
    publish(bob, Document().add(title="A Robot").add(title="A Graph"), "robot", "graph")
    index_changed(NOW)
    keyword = bob.subscriptions.get(label="graph").keyword_id
    assert found(bob, keyword=keyword) == ["A Graph"]
    assert found(charlie, keyword=keyword) == []


def test_best_first_has_the_title_before_the_abstract(bob):
    put("Robots", abstract="They walk.")
    put("Legs", abstract="Of robots.", day=date(2026, 5, 13))
    assert found(bob, "robots") == ["Legs", "Robots"]
    assert found(bob, "robots", best=True) == ["Robots", "Legs"]


@pytest.mark.parametrize("best", [False, True])
def test_a_page_goes_on_where_the_last_one_ended_whatever_comes_in_between(bob, best):
    put(*[f"Robot {n}" for n in range(A_PAGE + 3)])
    first = look(bob, "robot", best=best)
    put("Robot of tomorrow", day=date(2026, 5, 13))
    assert first.following
    second = look(bob, "robot", first.following, best=best)
    assert len({*first.keys, *second.keys}) == A_PAGE + 3
    assert second.following is None


def test_a_paper_is_where_it_was_announced_first(bob):
    put("Robot", day=date(2026, 5, 12))
    (hit,) = hits(bob, look(bob, "robot"))
    assert hit.day == date(2026, 5, 12)


def test_a_paper_that_is_gone_is_not_found(bob):
    put("A Robot")
    Paper.objects.all().delete()
    assert look(bob, "robot").keys == []
    assert not Indexed.objects.exists()


def test_rows_that_are_restored_are_found(bob):
    put("A Robot")
    row = Indexed.objects.get()
    Indexed.objects.all().delete()
    assert found(bob, "robot") == []
    Indexed.objects.bulk_create([row])
    assert found(bob, "robot") == ["A Robot"]


HOSTILE = [
    *'" - * () (robot robot) title:x a:b ^a AND NOT -" { :* ! & <-> \\ % "" 😀 ﷺ'.split(" "),
    *["NEAR(a b)", "OR OR", "' OR 1", "a''b", "\x00", "- - -x", "a" * 5000, "𠀀" * 400, "\ufffd\uffff"],
]


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize("best", [False, True])
def test_nothing_typed_is_an_error(bob, typed, best):
    put("A Robot")
    look(bob, typed, best=best)
    look(bob, "robot", author=typed, category="cs.LG", best=best)


def test_a_page_takes_as_many_queries_whatever_its_size(bob, django_assert_max_num_queries):
    put(*[f"Robot {n}" for n in range(A_PAGE)])
    with django_assert_max_num_queries(10):
        assert len(found(bob, "robot")) == A_PAGE


def test_a_new_version_is_found_by_its_words_and_the_old_one_is_not(bob):
    put("A Robot")
    announced(
        Document(day=date(2026, 5, 13)).add("2605.12000", title="A Drone", version=2, announce_type="replace")
    )
    index_changed(NOW + timedelta(days=1))
    assert found(bob, "robot") == []
    assert found(bob, "drone") == ["A Drone"]


def test_a_model_that_is_chosen_has_its_words(bob):
    choose("fake")
    put("A Robot")
    assert found(bob, "robot") == ["A Robot"]


@pytest.mark.parametrize("typed", ["用", "用GPT", "GPT的", "的模型", "GPT的模", "我们用GPT的模型"])
def test_a_run_is_found_however_it_begins_and_ends(bob, typed):
    put("我们用GPT的模型")
    assert found(bob, typed) == ["我们用GPT的模型"]
