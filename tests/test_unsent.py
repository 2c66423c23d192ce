"""digest/unsent.py: what was typed into a form after the session had ended is not lost."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from digest import unsent
from digest.models import Subscription, User

BOB = {"login": "bob", "password": "bob-password"}
TYPED = {"phrase": "<b>graph</b> neural network"}


@pytest.fixture
def expired(client, bob) -> Client:
    """Bob's session ended while he was typing."""
    client.force_login(bob)
    client.session.flush()
    return client


def log_in(client: Client, where: str) -> str:
    """Log in on the page that one was led to; returns the page that follows."""
    assert where.startswith(reverse("login"))
    return client.post(where, {**BOB, "next": reverse("unsent")}, follow=True).content.decode()


def send(client: Client, text: str) -> str:
    """Send the first form of the page again, as it stands there."""
    form = re.search(r'<form method="post" action="([^"]+)" class="bare">(.+?)</form>', text, re.DOTALL)
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[2])
    fields += re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', form[2], re.DOTALL)
    data = {html.unescape(name): html.unescape(value) for name, value in fields}
    return client.post(html.unescape(form[1]), data, follow=True).content.decode()


def test_it_is_shown_after_the_log_in_and_can_be_sent(expired, bob):
    where = expired.post(reverse("keywords"), TYPED).url
    assert not Subscription.objects.exists()
    text = log_in(expired, where)
    assert "&lt;b&gt;graph&lt;/b&gt; neural network" in text
    send(expired, text)
    assert bob.subscriptions.get().label == TYPED["phrase"]
    assert expired.get(reverse("unsent")).url == reverse("today")


def test_every_value_and_every_line_is_kept(expired):
    lines = 'one\n\n  two\n"three" & 四'
    where = expired.post("/keywords/?from=here", {"phrase": lines, "many": ["a", "b", ""]}).url
    log_in(expired, where)
    (row,) = unsent.kept(expired_request(expired))
    assert row.path == "/keywords/?from=here"
    assert row.fields == [("phrase", lines), ("many", "a"), ("many", "b"), ("many", "")]


def expired_request(client: Client):
    """A request that has the client's session."""
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.session = client.session
    return request


def test_two_tabs_lose_nothing_of_either(expired):
    expired.post(reverse("keywords"), {"phrase": "one"})
    where = expired.post(reverse("keywords"), {"phrase": "two"}).url
    text = log_in(expired, where)
    assert text.index("one</textarea>") < text.index("two</textarea>")


def test_it_can_be_thrown_away(expired):
    log_in(expired, expired.post(reverse("keywords"), TYPED).url)
    (key,) = [row.key for row in unsent.kept(expired_request(expired))]
    assert expired.post(reverse("unsent"), {"key": key}).url == reverse("today")


def test_passwords_and_tokens_are_never_kept(expired):
    where = expired.post(
        reverse("account"), {"email": "b@example.org", "new_password": "hush", "api_token": "hush"}
    ).url
    assert "hush" not in log_in(expired, where)
    assert "hush" not in str(dict(expired.session.items()))


def test_a_file_has_to_be_chosen_again_and_its_reader_is_told(expired):
    file = SimpleUploadedFile("rules.txt", b"robot")
    where = expired.post(reverse("keywords"), {**TYPED, "file": file}).url
    text = log_in(expired, where)
    assert "rules.txt" in text
    assert "neural network" in text


def test_what_is_too_long_is_not_kept_and_leads_to_the_log_in_all_the_same(expired, monkeypatch):
    monkeypatch.setattr(unsent, "LONGEST", 100)
    where = expired.post(reverse("keywords"), {"phrase": "x" * 101}).url
    assert "unsent" not in where
    assert unsent.KEY not in expired.session


def test_nobody_fills_the_database_with_it(db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"unsent": "2/m/ip"}
    kept = [unsent.KEY in (c := Client(), c.post(reverse("keywords"), TYPED))[0].session for _ in range(4)]
    assert kept == [True, True, False, False]


def test_a_page_that_htmx_asks_for_leaves_for_the_log_in(expired):
    answer = expired.post(reverse("keywords"), TYPED, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith(reverse("login"))


def test_a_piece_of_a_page_that_htmx_asks_for_leads_back_to_its_page(client, db):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/board/?days=7"}
    answer = client.get(reverse("board-work"), headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/login/?next=%2Fboard%2F")


@pytest.mark.parametrize("name", ["keyword-suggest", "start-models"])
def test_what_htmx_asks_for_beside_a_form_takes_nobody_away_from_what_they_type(client, db, name):
    answer = client.get(reverse(name), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers.get("HX-Redirect")) == (204, None)


def test_a_form_of_the_admin_is_kept_too(client, alice):
    where = reverse("admin:digest_glossaryterm_add")
    answer = client.post(where, {"term": "policy", "renderings": "策略"})
    assert answer.url == "/login/?next=%2Funsent%2F"
    client.force_login(alice)
    assert "策略" in client.get(reverse("unsent")).content.decode()


def test_logging_out_keeps_nothing(client, bob):
    client.force_login(bob)
    client.post(reverse("logout"))
    assert unsent.KEY not in client.session


def test_a_form_with_mistakes_that_is_sent_again_shows_them(expired):
    text = log_in(expired, expired.post(reverse("keywords"), {"phrase": "x" * 5000}).url)
    answer = send(expired, text)
    assert 'class="error"' in answer
    assert "x" * 5000 in answer


# --- another tab has logged in since: the form's token is an old one ------------------------------


@pytest.fixture
def strict(bob) -> Client:
    """A browser that is held to CSRF tokens, logged in."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(bob)
    browser.get(reverse("keywords"))
    return browser


HERE = {"Origin": "http://testserver"}


def test_an_old_token_loses_nothing(strict, bob):
    answer = strict.post(reverse("keywords"), {**TYPED, "csrfmiddlewaretoken": "old"}, headers=HERE)
    assert answer.url == reverse("unsent")
    text = strict.get(answer.url).content.decode()
    send(strict, text)
    assert bob.subscriptions.get().label == TYPED["phrase"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.example"])
def test_a_form_of_another_site_is_refused(strict, origin):
    answer = strict.post(reverse("keywords"), TYPED, headers={"Origin": origin})
    assert answer.status_code == 403
    assert unsent.KEY not in strict.session


def test_a_form_of_nowhere_is_refused(strict):
    answer = strict.post(reverse("keywords"), TYPED)
    assert answer.status_code == 403
    assert "Go back" in answer.content.decode()


def test_an_old_log_in_page_is_simply_shown_anew(db):
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(reverse("login"), BOB, headers=HERE, follow=True)
    assert "grown old" in answer.content.decode()
    assert User.objects.count() == 0


def test_keys_that_are_pressed_after_the_session_push_nothing_out_that_was_typed(expired):
    where = expired.post(reverse("keywords"), TYPED).url
    for _ in range(unsent.MOST):
        expired.post(reverse("mark", args=["2605.90001", "read"]), headers={"accept": "application/json"})
    assert "neural network" in log_in(expired, where)


def test_the_address_of_a_chat_holds_a_token_and_is_not_kept(expired):
    where = expired.post(reverse("deliveries"), {"kind": "chat", "address": "slack://T1/B2/s3cr3t"}).url
    assert "s3cr3t" not in str(expired.session.items())
    assert "s3cr3t" not in log_in(expired, where)


def test_a_mail_address_for_the_digest_is_no_secret_and_is_kept(expired):
    where = expired.post(reverse("deliveries"), {"kind": "mail", "address": "bob@example.org"}).url
    page = log_in(expired, where)
    assert "bob@example.org" in page
    assert "was not kept" not in page
