"""digest/views/deliveries.py: channels are added, tried, paused and removed; one click in a mail ends it."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digest import tokens
from digest.models import Channel, Delivery

PAGE = "/account/deliveries/"
SLACK = "slack://T0000000A/B0000000A/abcdefghijklmnopqrstuvwx/#papers"


@pytest.fixture
def as_bob(client, bob) -> Client:
    client.force_login(bob)
    return client


@pytest.fixture
def mail(bob) -> Channel:
    return Channel.objects.create(user=bob, kind="mail", address=bob.email, confirmed_at=timezone.now())


def add(client: Client, kind: str, address: str):
    return client.post(PAGE, {"kind": kind, "address": address}, follow=True)


def press(client: Client, channel: Channel, what: str):
    return client.post(reverse("channel-change", args=[channel.pk, what]), follow=True)


# --- adding -----------------------------------------------------------------------------------


def test_the_accounts_own_address_needs_no_confirmation(as_bob, bob):
    EmailAddress.objects.create(user=bob, email=bob.email, verified=True, primary=True)
    add(as_bob, "mail", "Bob@example.org")
    channel = Channel.objects.get()
    assert channel.confirmed_at
    assert not Delivery.objects.exists()


def test_another_address_is_asked_to_confirm(as_bob):
    answer = add(as_bob, "mail", "else@example.org")
    assert Channel.objects.get().confirmed_at is None
    assert Delivery.objects.get().kind == "confirm"
    assert "Not confirmed yet" in answer.content.decode()


def test_a_chats_address_is_never_shown_again(as_bob):
    answer = add(as_bob, "chat", SLACK)
    assert Channel.objects.get().address == SLACK
    assert "abcdefghijklmnopqrstuvwx/#" not in answer.content.decode().split("<details")[0]
    assert "slack://…" in answer.content.decode()


def test_a_webhooks_secret_is_shown_once(as_bob):
    answer = as_bob.post(PAGE, {"kind": "webhook", "address": "https://hooks.example.org/x"})
    secret = Channel.objects.get().secret
    assert secret in answer.content.decode()
    assert secret not in as_bob.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("kind", "address", "words"),
    [
        ("mail", "bob", "valid email"),
        ("mail", "bob@example.org\nBcc: eve@example.org", "valid email"),
        ("chat", "file:///etc/passwd", "none of the services"),
        ("chat", "nonsense", "no address of a chat service"),
        ("chat", "https://hooks.slack.com/x", "is a webhook"),
        ("webhook", "ftp://example.org", "https://"),
        ("webhook", "", "required"),
    ],
)
def test_a_wrong_address_is_told_and_stays_in_its_field(as_bob, kind, address, words):
    answer = add(as_bob, kind, address).content.decode()
    assert words in answer
    assert not Channel.objects.exists()
    assert address.split("\n")[0] in answer


def test_an_unknown_kind_adds_nothing(as_bob):
    assert add(as_bob, "pigeon", "x").status_code == 200
    assert not Channel.objects.exists()


def test_the_same_channel_is_there_once(as_bob):
    add(as_bob, "chat", SLACK)
    assert "already" in add(as_bob, "chat", SLACK).content.decode()
    assert Channel.objects.count() == 1


def test_ten_channels_are_enough(as_bob):
    for number in range(11):
        answer = add(as_bob, "webhook", f"https://hooks.example.org/{number}")
    assert Channel.objects.count() == 10
    assert "remove one first" in answer.content.decode()


# --- buttons ----------------------------------------------------------------------------------


def test_a_test_becomes_a_row(as_bob, mail):
    answer = press(as_bob, mail, "test")
    assert (Delivery.objects.get().kind, Delivery.objects.get().state) == ("test", "waiting")
    assert "some seconds" in answer.content.decode()


def test_tests_are_limited_and_removing_the_channel_does_not_help(as_bob, mail):
    for _ in range(6):
        answer = press(as_bob, mail, "test")
    assert Delivery.objects.count() == 5
    assert "many tests" in answer.content.decode()
    press(as_bob, mail, "remove")
    add(as_bob, "mail", "victim@example.org")
    assert Delivery.objects.count() == 5


def test_an_address_that_is_not_confirmed_gets_no_test(as_bob, mail):
    Channel.objects.update(confirmed_at=None)
    assert press(as_bob, mail, "test").status_code == 404


def test_pause_and_resume(as_bob, mail):
    press(as_bob, mail, "pause")
    mail.refresh_from_db()
    assert mail.paused_why == "reader"
    press(as_bob, mail, "resume")
    before, since = mail.since, Channel.objects.get().since
    assert Channel.objects.get().paused_at is None
    assert since > before, "what was published meanwhile does not come"


def test_what_is_removed_is_forgotten(as_bob, bob, mail):
    press(as_bob, mail, "remove")
    mail.refresh_from_db()
    assert (mail.address, mail.secret, mail.label) == ("", "", "")
    assert bob.email not in as_bob.get(PAGE).content.decode()
    assert press(as_bob, mail, "resume").status_code == 404


def test_rhythm_and_name_are_changed(as_bob, mail):
    address = reverse("channel", args=[mail.pk])
    as_bob.post(address, {"label": "<b>lab", "frequency": "weekly", "weekday": "0", "send_empty": "on"})
    mail.refresh_from_db()
    assert (mail.label, mail.frequency, mail.weekday, mail.send_empty) == ("<b>lab", "weekly", 0, True)
    page = as_bob.get(PAGE).content.decode()
    assert "&lt;b&gt;lab" in page
    assert "once a week, Monday" in page


def test_an_unknown_button_does_nothing(as_bob, mail):
    assert press(as_bob, mail, "explode").status_code == 404


def test_buttons_are_pressed_not_followed(as_bob, mail):
    assert as_bob.get(reverse("channel-change", args=[mail.pk, "remove"])).status_code == 405


# --- what was sent ----------------------------------------------------------------------------


@pytest.fixture
def given_up(mail) -> Delivery:
    now = timezone.now()
    return Delivery.objects.create(
        channel=mail, kind="daily", day=now.date(), state="given up", created_at=now, attempts=9, again=1,
        error="The mail server refused the address: 550 <x>",
    )  # fmt: skip


def test_the_page_says_why_and_offers_to_try_again(as_bob, given_up):
    page = as_bob.get(PAGE).content.decode()
    assert "550 &lt;x&gt;" in page
    assert "Sent again 1 time" in page
    as_bob.post(reverse("delivery-again", args=[given_up.pk]))
    given_up.refresh_from_db()
    assert (given_up.state, given_up.attempts) == ("waiting", 0)


def test_what_was_sent_is_not_tried_again(as_bob, given_up):
    Delivery.objects.update(state="sent")
    as_bob.post(reverse("delivery-again", args=[given_up.pk]))
    assert Delivery.objects.get().state == "sent"


def test_an_installation_that_can_not_mail_says_so(as_bob, settings):
    settings.EMAIL_HOST = settings.PUBLIC_URL = ""
    page = as_bob.get(PAGE).content.decode()
    assert "PAPERGLOT_MAIL_URL" in page
    assert "PAPERGLOT_PUBLIC_URL" in page


def test_the_account_leads_there(as_bob):
    assert PAGE in as_bob.get("/account/").content.decode()


# --- addresses in mails -----------------------------------------------------------------------


def test_one_click_unsubscribes_without_login_cookie_or_csrf(mail):
    address = reverse("unsubscribe", args=[tokens.unsubscribing(mail)])
    answer = Client(enforce_csrf_checks=True).post(address, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    mail.refresh_from_db()
    assert mail.paused_why == "unsubscribed"


def test_looking_at_the_link_changes_nothing(client, mail):
    answer = client.get(reverse("unsubscribe", args=[tokens.unsubscribing(mail)]))
    assert "Stop them?" in answer.content.decode()
    mail.refresh_from_db()
    assert mail.paused_at is None


def test_the_link_of_one_channel_does_not_stop_another(bob, mail):
    other = Channel.objects.create(user=bob, kind="chat", address=SLACK, confirmed_at=timezone.now())
    Client().post(reverse("unsubscribe", args=[tokens.unsubscribing(other)]))
    mail.refresh_from_db()
    assert mail.paused_at is None


@pytest.mark.parametrize("name", ["unsubscribe", "mail-confirm"])
def test_a_guessed_or_altered_link_is_none(client, mail, name):
    token = tokens.unsubscribing(mail) if name == "mail-confirm" else tokens.confirming(mail)
    for wrong in ("guessed", token, token[:-1]):
        assert client.post(reverse(name, args=[wrong])).status_code == 404


def test_a_link_of_a_removed_channel_is_none(client, mail):
    address = reverse("unsubscribe", args=[tokens.unsubscribing(mail)])
    mail.remove(timezone.now())
    assert client.get(address).status_code == 404


def test_confirming_takes_a_press_of_the_button(client, mail):
    Channel.objects.update(confirmed_at=None)
    address = reverse("mail-confirm", args=[tokens.confirming(mail)])
    assert "Confirm" in client.get(address).content.decode()
    assert Channel.objects.get().confirmed_at is None
    client.post(address)
    assert Channel.objects.get().confirmed_at


def test_a_week_later_it_can_not_be_confirmed(client, mail, time_machine):
    address = reverse("mail-confirm", args=[tokens.confirming(mail)])
    time_machine.move_to(timezone.now() + timedelta(days=8))
    assert client.get(address).status_code == 404


# --- the admin --------------------------------------------------------------------------------


def test_the_admin_sees_whether_things_arrive_and_no_secret(client, alice, bob, given_up):
    client.force_login(alice)
    channel = Channel.objects.create(
        user=bob, kind="chat", address=SLACK, secret="hidden-secret", label="mine"
    )
    Delivery.objects.create(channel=channel, kind="daily", day="2026-05-12", created_at=timezone.now())
    for address in (
        reverse("admin:digest_delivery_changelist") + "?state__exact=waiting&channel__kind__exact=chat",
        reverse("admin:digest_delivery_changelist"),
        reverse("admin:digest_delivery_change", args=[channel.deliveries.get().pk]),
        reverse("admin:digest_channel_changelist"),
        reverse("admin:digest_channel_change", args=[channel.pk]),
    ):
        page = client.get(address).content.decode()
        assert "abcdefghijklmnopqrstuvwx" not in page
        assert "hidden-secret" not in page


def test_the_admin_tries_again(client, alice, given_up):
    client.force_login(alice)
    client.post(
        reverse("admin:digest_delivery_changelist"),
        {"action": "try_again", "_selected_action": [given_up.pk]},
    )
    assert Delivery.objects.get().state == "waiting"
