"""worker/deliver.py: each digest goes once through each channel; what is refused is tried again."""

from datetime import date, datetime, timedelta

import pytest

from digest.models import Channel, Delivery, Digest, Run
from tests.conftest import NOW
from tests.steps import channel
from worker.deliver import deliver_next, make_due

BEFORE = NOW - timedelta(hours=1)


@pytest.fixture
def server(smtp, settings):
    settings.PUBLIC_URL = "https://papers.example.org"
    return smtp


@pytest.fixture
def listener(inside):
    return inside


def deliver(now: datetime = NOW) -> int:
    """Everything that is due; returns how many were tried."""
    make_due(now)
    tried = 0
    while deliver_next(lambda: now):
        tried += 1
    return tried


@pytest.fixture(autouse=True)
def _bob_reads_english(bob) -> None:
    bob.interface_language = "en"
    bob.save()


@pytest.fixture
def mails(bob, bobs_digest, server) -> Channel:
    return channel(bob)


# --- what is sent -----------------------------------------------------------------------------


def test_a_digest_is_mailed_once(mails, server):
    deliver()
    deliver(NOW + timedelta(hours=1))
    (kept,) = server.kept
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.again, row.sent_at, row.begun_at) == ("sent", 1, 0, NOW, None)
    assert kept["Message-ID"] == f"<{row.key}>"
    assert kept["To"] == "bob@example.org"


def test_each_channel_has_it(bob, bobs_digest, server, listener):
    channel(bob)
    channel(bob, "webhook", f"{listener.url}/hook")
    channel(bob, "chat", f"ntfy://127.0.0.1:{listener.port}/topic")
    assert deliver() == 3
    assert len(server.kept) == 1
    assert sorted(path for path, *_ in listener.heard) == ["/", "/hook"]


def test_a_run_is_recorded(mails):
    deliver()
    run = Run.objects.get(verb="deliver")
    assert (run.subject, run.counts, run.error) == ("bob daily 2026-05-12", {"sent": 1, "again": 0}, "")


@pytest.mark.parametrize(
    "fields",
    [
        {"confirmed_at": None},
        {"paused_at": BEFORE},
        {"removed_at": BEFORE},
        {"since": NOW + timedelta(seconds=1)},
        {"frequency": "weekly", "weekday": 0},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_nothing_goes_through_a_channel_that_is_not_open(bob, bobs_digest, server, fields):
    channel(bob, **fields)
    assert deliver() == 0


def test_nothing_goes_to_a_reader_who_is_gone(mails, bob):
    bob.is_active = False
    bob.save()
    assert deliver() == 0


def test_a_digest_of_last_week_is_no_news(mails, bobs_digest):
    assert deliver(NOW + timedelta(days=3, seconds=1)) == 0


def test_only_what_is_news_comes_of_several_digests(mails, bob, charlie, bobs_digest):
    """Another reader's digests, older ones and such as were out before the channel do not come with it."""
    for user, day, published in [
        (bob, 7, NOW - timedelta(days=5)),
        (bob, 8, NOW - timedelta(hours=2)),
        (charlie, 12, NOW),
        (charlie, 11, NOW),
    ]:
        Digest.objects.create(
            user=user, day=date(2026, 5, day), language="ja", published_at=published, changed_at=published
        )
    Channel.objects.update(send_empty=True)
    assert make_due(NOW) == 1
    assert Delivery.objects.get().day == bobs_digest.day


def test_no_third_message_begins_while_two_are_under_way(mails, bob):
    make_due(NOW)
    others = [
        Channel.objects.create(user=bob, kind="webhook", address=f"https://example.org/{n}") for n in (1, 2)
    ]
    for other in others:
        Delivery.objects.create(channel=other, kind="daily", day=NOW.date(), created_at=NOW,
                                leased_until=NOW + timedelta(seconds=9))  # fmt: skip
    assert deliver_next(lambda: NOW) is False


def test_a_digest_that_grows_is_not_mailed_again(mails, bobs_digest, server):
    deliver()
    bobs_digest.changed_at = NOW + timedelta(hours=1)
    bobs_digest.save()
    deliver(NOW + timedelta(hours=1))
    assert len(server.kept) == 1


def test_an_empty_digest_is_sent_only_where_asked(bob, charlie, server):
    for user in (bob, charlie):
        Digest.objects.create(
            user=user, day=date(2026, 5, 12), language="ja", published_at=NOW, changed_at=NOW
        )
    channel(bob)
    channel(charlie, send_empty=True)
    deliver()
    assert [kept["To"] for kept in server.kept] == ["charlie@example.org"]
    assert "no papers" in server.kept[0]["Subject"]


def test_an_empty_digest_that_papers_come_into_is_sent_then(bob, bobs_digest, server):
    channel(bob)
    entries = list(bobs_digest.entries.all())
    bobs_digest.entries.all().delete()
    assert deliver() == 0
    for entry in entries:
        entry.save(force_insert=True)
    assert deliver(NOW + timedelta(hours=2)) == 1


def test_a_digest_that_was_pruned_meanwhile_is_nothing_to_send(mails, bobs_digest, server):
    make_due(NOW)
    bobs_digest.delete()
    deliver_next(lambda: NOW)
    assert (Delivery.objects.get().state, server.kept) == ("nothing", [])


def test_what_mail_providers_read_stands_on_one_line(mails, server):
    """Python folds or encodes long headers, and a provider then offers no button to unsubscribe."""
    deliver()
    (raw,) = server.raw
    (line,) = [line for line in raw.splitlines() if line.lower().startswith(b"list-unsubscribe:")]
    assert line.startswith(b"List-Unsubscribe: <https://papers.example.org/mail/")
    assert line.endswith(b"/unsubscribe/>")


# --- weeks ------------------------------------------------------------------------------------


def test_a_week_is_sent_at_its_hour_once(bob, bobs_digest, server):
    bob.delivery_hour, bob.time_zone = 9, "Asia/Shanghai"
    bob.save()
    channel(bob, frequency="weekly", weekday=4)
    friday = datetime.fromisoformat("2026-05-15T01:00:00+00:00")
    assert deliver(friday - timedelta(minutes=1)) == 0
    assert deliver(friday + timedelta(minutes=1)) == 1
    assert deliver(friday + timedelta(days=1)) == 0
    assert "2 papers" in server.kept[0]["Subject"]


def test_two_weeks_have_no_paper_twice_even_if_the_day_changes(bob, bobs_digest, server):
    weekly = channel(bob, frequency="weekly", weekday=4)
    friday = datetime.fromisoformat("2026-05-15T09:00:00+00:00")
    deliver(friday)
    Channel.objects.filter(pk=weekly.pk).update(weekday=6)
    deliver(friday + timedelta(days=2, hours=1))
    assert len(server.kept) == 1
    assert Delivery.objects.order_by("day").last().state == "nothing"


# --- what goes wrong --------------------------------------------------------------------------


def test_a_refusal_for_now_is_tried_again_under_the_same_key(mails, server):
    server.answers["RCPT"] = "450 later"
    deliver()
    row = Delivery.objects.get()
    assert (row.state, row.next_try_at, row.again) == ("waiting", NOW + timedelta(minutes=1), 0)
    assert "450 later" in row.error
    server.answers.clear()
    assert deliver(NOW + timedelta(seconds=59)) == 0
    deliver(NOW + timedelta(minutes=1))
    (kept,) = server.kept
    row.refresh_from_db()
    assert kept["Message-ID"] == f"<{row.key}>"
    assert (row.state, row.attempts, row.error) == ("sent", 2, "")


def test_a_line_that_broke_after_the_data_counts_as_sent_again(mails, server):
    server.drop = "."
    deliver()
    server.drop = ""
    deliver(NOW + timedelta(minutes=1))
    first, second = server.kept
    assert first["Message-ID"] == second["Message-ID"]
    row = Delivery.objects.get()
    assert (row.state, row.again, row.first_sent_at) == ("sent", 1, NOW)


def test_after_a_day_it_is_given_up(mails, server):
    server.answers["RCPT"] = "450 later"
    now = NOW
    deliver(now)
    while (row := Delivery.objects.get()).state == "waiting":
        now = row.next_try_at
        deliver(now)
    assert row.state == "given up"
    assert timedelta(hours=23) < now - NOW <= timedelta(hours=24)
    assert row.attempts == 9


def test_a_refusal_for_good_is_given_up_at_once_and_can_be_tried_again(mails, server):
    server.answers["RCPT"] = "550 no such user"
    deliver()
    row = Delivery.objects.get()
    assert (row.state, row.attempts) == ("given up", 1)
    server.answers.clear()
    assert row.retry(NOW)
    deliver()
    assert [kept["Message-ID"] for kept in server.kept] == [f"<{row.key}>"]
    assert Channel.objects.get().failures == 0


def test_a_channel_that_refuses_three_digests_is_paused(mails, server, bob):
    server.answers["RCPT"] = "550 no such user"
    deliver()
    for day in (13, 14):
        when = NOW + timedelta(days=day - 12)
        Digest.objects.create(
            user=bob, day=date(2026, 5, day), language="ja", published_at=when, changed_at=when
        )
        Channel.objects.update(send_empty=True)
        deliver(when)
    paused = Channel.objects.get()
    assert (paused.failures, paused.paused_why) == (3, "failed")
    assert "refused" in paused.get_paused_why_display()


def test_what_waits_is_not_sent_once_the_channel_is_paused(mails, server):
    server.answers["RCPT"] = "450 later"
    deliver()
    mails.pause("unsubscribed", NOW)
    server.answers.clear()
    assert deliver(NOW + timedelta(hours=1)) == 0
    mails.resume(NOW + timedelta(hours=2))
    assert deliver(NOW + timedelta(hours=2)) == 0
    assert server.kept == []


def test_one_that_never_answers_keeps_nobody_else_waiting(
    bob, charlie, bobs_digest, server, listener, monkeypatch
):
    from worker.posting import webhook

    post = webhook.post
    monkeypatch.setattr("worker.deliver.webhook.post", lambda *a, **how: post(*a, **how, seconds=0.3))
    channel(bob, "webhook", f"{listener.url}/never")
    channel(bob)
    assert deliver() == 2
    assert len(server.kept) == 1
    row = Delivery.objects.get(state="waiting")
    assert row.error == "There was no answer in time."


def test_what_went_wrong_is_told_in_the_readers_language_with_the_servers_own_words(mails, bob, server):
    bob.interface_language = "zh-hans"
    bob.save()
    server.answers["RCPT"] = "550 no such person"
    deliver()
    assert Delivery.objects.get().error == "邮件服务器拒绝了该地址：550 no such person"


def test_a_dead_mail_server_is_asked_once_a_minute_and_holds_up_no_chat(bob, bobs_digest, settings, listener):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    for number in range(4):
        channel(bob, address=f"bob{number}@example.org")
    channel(bob, "webhook", f"{listener.url}/x")
    assert deliver() == 2
    assert len(listener.heard) == 1
    assert Delivery.objects.filter(next_try_at=NOW + timedelta(minutes=1)).count() == 4
    assert Delivery.objects.filter(attempts=0).count() == 3


def test_a_message_that_cannot_be_made_keeps_nobody_else_waiting(mails, bob, listener, monkeypatch):
    channel(bob, "webhook", f"{listener.url}/x")
    monkeypatch.setattr("worker.deliver.letters.mail", lambda *_: 1 / 0)
    assert deliver() == 2
    assert len(listener.heard) == 1
    assert Delivery.objects.get(state="waiting").error == "Paperglot could not make this message."


def test_a_test_is_sent_by_a_row_and_its_failure_is_final(bob, server):
    mail = channel(bob)
    Delivery.ask(mail, "test", NOW)
    deliver()
    assert server.kept[0]["Subject"] == "A test from Paperglot"
    server.answers["RCPT"] = "450 later"
    failed = Delivery.ask(mail, "test", NOW)
    deliver()
    failed.refresh_from_db()
    assert failed.state == "given up"
    assert Channel.objects.get().failures == 0


def test_a_request_to_confirm_goes_where_nothing_else_goes(bob, server):
    other = channel(bob, address="else@example.org", confirmed_at=None)
    Delivery.ask(other, "confirm", NOW)
    deliver()
    (kept,) = server.kept
    assert "https://papers.example.org/mail/" in kept.get_content()
    assert kept["List-Unsubscribe"] is None
