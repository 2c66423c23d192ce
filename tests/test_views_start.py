"""digest/views/start.py: the set-up link, then categories, keywords and a model."""

import pytest
from django.urls import reverse
from django.utils import timezone

from digest import setup, taxonomy
from digest.model_choices import MODELS
from digest.models import Category, Download, User
from tests.steps import choose

ADA = {"username": "ada", "password": "correct-horse-9", "content_language": "ja", "time_zone": "Asia/Tokyo"}


@pytest.fixture
def link(db) -> str:
    return reverse("setup", args=[setup.new_token()])


@pytest.fixture
def as_alice(client, alice):
    client.force_login(alice)
    return client


def save(client, categories: list[str], phrases: str = "") -> str:
    answer = client.post(reverse("start"), {"categories": categories, "phrases": phrases}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


# --- the set-up link --------------------------------------------------------------------------


def test_the_link_asks_for_the_administrators_account(client, link):
    assert 'name="password"' in client.get(link).content.decode()


def test_the_link_makes_the_first_administrator(client, link):
    assert client.post(link, ADA).status_code == 302
    user = User.objects.get()
    assert (user.username, user.is_superuser, user.content_language, user.time_zone) == (
        "ada",
        True,
        "ja",
        "Asia/Tokyo",
    )


def test_who_has_used_the_link_is_logged_in_and_sent_to_the_choices(client, link):
    answer = client.post(link, ADA, follow=True)
    assert [where for where, _ in answer.redirect_chain] == ["/", reverse("start")]
    assert answer.status_code == 200


def test_who_has_used_the_link_stands_in_the_list_of_sessions(client, link):
    client.post(link, ADA)
    assert "127.0.0.1" in client.get(reverse("usersessions_list")).content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_link_works_once(client, link, method):
    client.post(link, ADA)
    client.logout()
    answer = getattr(client, method)(link, {**ADA, "username": "eve"})
    assert (answer.status_code, User.objects.count()) == (410, 1)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_wrong_token_makes_nobody(client, link, method):
    answer = getattr(client, method)(reverse("setup", args=["wrong"]), ADA)
    assert (answer.status_code, User.objects.count()) == (410, 0)


def test_where_there_is_an_administrator_the_link_is_void(client, link, alice):
    assert client.post(link, ADA).status_code == 410


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("password", "12345", "too short"),
        ("password", "password", "too common"),
        ("username", "", "required"),
        ("username", "a b/c", "valid username"),
        ("time_zone", "Mars/Olympus", "valid choice"),
        ("content_language", "tlh", "valid choice"),
        ("email", "nobody", "valid email"),
    ],
)
def test_a_mistake_is_told_and_the_link_still_works(client, link, field, value, told):
    answer = client.post(link, {**ADA, field: value})
    assert told in answer.content.decode()
    assert not User.objects.exists()
    assert client.post(link, ADA).status_code == 302


@pytest.mark.parametrize("name", ["bob", "BOB"])
def test_a_name_that_a_reader_has_is_taken_even_without_a_password(client, link, bob, name):
    User.objects.create(username=setup.SAMPLE_READER, password="!")
    bob.set_unusable_password()
    bob.save()
    assert "That name is taken." in client.post(link, {**ADA, "username": name}).content.decode()


def test_a_password_is_never_sent_back(client, link):
    answer = client.post(link, {**ADA, "username": ""})
    assert ADA["password"] not in answer.content.decode()


def test_no_cache_keeps_the_link(client, link):
    assert "no-store" in client.get(link)["Cache-Control"]


# --- who may choose ---------------------------------------------------------------------------

DOORS = [
    ("get", "start", []),
    ("post", "start", []),
    ("get", "start-models", []),
    ("post", "start-download", [MODELS[0].name]),
]


@pytest.mark.parametrize(("method", "name", "arguments"), DOORS)
def test_only_administrators_choose(client, bob, method, name, arguments):
    client.force_login(bob)
    answer = getattr(client, method)(reverse(name, args=arguments), {"categories": ["cs.LG"]})
    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("login"))
    assert Category.objects.count() == Download.objects.count() == 0


# --- categories and keywords ------------------------------------------------------------------


def test_every_active_category_can_be_chosen(as_alice):
    text = as_alice.get(reverse("start")).content.decode()
    assert all(f'value="{category.code}"' in text for category in taxonomy.active())


def test_chosen_categories_are_followed_and_due_at_once(as_alice):
    before = timezone.now()
    save(as_alice, ["cs.LG", "math-ph"])
    rows = {c.code: c for c in Category.objects.all()}
    assert set(rows) == {"cs.LG", "math-ph"}
    assert all(c.followed and before <= c.next_fetch_at <= timezone.now() for c in rows.values())


def test_categories_that_are_left_out_are_followed_no_more(as_alice):
    save(as_alice, ["cs.LG", "cs.AI"])
    save(as_alice, ["cs.AI"])
    assert [c.code for c in Category.objects.followed()] == ["cs.AI"]
    assert Category.objects.get(code="cs.LG").next_fetch_at is None


def test_a_category_that_stays_keeps_its_turn(as_alice, now):
    save(as_alice, ["cs.LG"])
    Category.objects.update(next_fetch_at=now)
    save(as_alice, ["cs.LG", "cs.AI"])
    assert Category.objects.get(code="cs.LG").next_fetch_at == now


def test_followed_categories_are_ticked(as_alice):
    save(as_alice, ["cs.LG"])
    assert 'value="cs.LG" checked' in as_alice.get(reverse("start")).content.decode()


def test_at_least_one_category_has_to_be_chosen(as_alice):
    save(as_alice, ["cs.LG"])
    assert "Choose at least one category." in save(as_alice, [], "robot")
    assert Category.objects.followed().count() == 1


def test_an_unknown_category_is_refused(as_alice):
    assert "cs.XX" in save(as_alice, ["cs.XX"])
    assert not Category.objects.exists()


def test_keywords_are_followed_one_a_line(as_alice, alice):
    save(as_alice, ["cs.LG"], "reinforcement learning\r\n\r\n  diffusion policy  \n")
    assert [s.label for s in alice.subscriptions.all()] == ["reinforcement learning", "diffusion policy"]


def test_a_bad_keyword_is_told_and_nothing_is_saved(as_alice, alice):
    assert "at most 200 characters" in save(as_alice, ["cs.LG"], "robot\n" + "x" * 10_000)
    assert not Category.objects.exists()
    assert not alice.subscriptions.exists()


def test_what_was_ticked_stays_ticked_after_a_mistake(as_alice):
    assert 'value="cs.LG" checked' in save(as_alice, ["cs.LG"], "?!")


# --- the model --------------------------------------------------------------------------------


def fragment(client) -> str:
    return client.get(reverse("start-models")).content.decode()


def ask(client, model: str, **headers: str):
    return client.post(reverse("start-download", args=[model]), headers=headers)


def test_asking_for_a_model_leaves_a_row_for_a_worker(as_alice):
    assert ask(as_alice, MODELS[0].name).status_code == 302
    assert Download.objects.values_list("model", "finished_at", "error").get() == (MODELS[0].name, None, "")


def test_asking_by_htmx_answers_with_the_part_of_the_page(as_alice):
    answer = ask(as_alice, MODELS[0].name, HX_Request="true")
    assert answer.content.decode().startswith('<section id="models"')


def test_an_unknown_model_is_not_there(as_alice):
    assert ask(as_alice, "gpt-9").status_code == 404
    assert not Download.objects.exists()


def test_while_a_model_comes_the_page_looks_again(as_alice, now):
    Download.objects.create(model=MODELS[0].name, requested_at=now, done_bytes=41, total_bytes=100)
    text = fragment(as_alice)
    assert 'hx-trigger="every 2s"' in text
    assert 'value="41"' in text


def test_when_nothing_comes_the_page_is_quiet(as_alice):
    assert "hx-trigger" not in fragment(as_alice)


def test_a_download_that_failed_says_why_and_can_be_asked_for_again(as_alice, now):
    Download.objects.create(model=MODELS[0].name, requested_at=now, error="The disk is <full>.")
    text = fragment(as_alice)
    assert "The disk is &lt;full&gt;." in text
    assert "hx-trigger" not in text
    ask(as_alice, MODELS[0].name)
    assert Download.objects.get().error == ""


def test_a_model_that_has_come_can_not_be_asked_for_again_on_the_page(as_alice, now):
    for model in MODELS:
        Download.objects.create(model=model.name, requested_at=now, finished_at=now)
    assert "<button>" not in fragment(as_alice)


@pytest.mark.parametrize(("model", "told"), [("demo", "In use: demo"), ("", "None yet")])
def test_the_page_says_which_model_is_in_use(as_alice, model, told):
    choose(model)
    assert told in fragment(as_alice)


def test_every_model_says_its_licence_before_it_is_asked_for(as_alice):
    assert "CC-BY-NC 4.0" in fragment(as_alice)
