"""digest/admin.py: every row can be looked at, and every action does what it says."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from digest import labs
from digest.following import follow
from digest.models import (
    Alert,
    Announcement,
    Category,
    Change,
    Channel,
    Correction,
    Delivery,
    Digest,
    Download,
    Entry,
    FeedToken,
    Holiday,
    Installation,
    Invitation,
    Keyword,
    Paper,
    PaperVersion,
    Run,
    Sentence,
    Subscription,
    Translation,
    User,
)
from tests.api import token
from tests.documents import Document
from tests.steps import channel, match, queries, translate, walk
from worker.match import apply_keywords
from worker.publish import publish_due
from worker.sweep import sweep_rows

MODELS = sorted((model for model in admin.site._registry if model._meta.app_label == "digest"), key=str)
WRITTEN_BY_THE_PIPELINE = [
    Alert, Announcement, Channel, Delivery, Digest, Download, FeedToken, Paper, Run, Sentence, Translation,
]  # fmt: skip


@pytest.fixture
def as_alice(client, alice):
    client.force_login(alice)
    return client


@pytest.fixture
def rows(bobs_digest, now) -> None:
    """At least one row of everything that the admin shows."""
    FeedToken.make(bobs_digest.user)
    token(bobs_digest.user)
    Delivery.objects.create(channel=channel(bobs_digest.user), kind="daily", day=now.date(), created_at=now)
    Download.objects.create(model="big", requested_at=now, error="away")
    Run.objects.create(verb="fetch", subject="cs.LG", began_at=now, error="FetchError: away")
    Run.objects.create(verb="fetch", began_at=now, ended_at=now)
    Category.objects.create(code="cs.XX", last_error="away")
    Correction.objects.create(key="0" * 64, language="zh-Hans", source="A.", text="甲。", at=now)
    Alert.objects.create(day=now.date(), text="cs.LG is not complete.", raised_at=now)
    Invitation.make(expires_at=now, lab=labs.found(bobs_digest.user, "R"))
    Change.objects.create(at=now, action="added", kind="digest.keyword", subject="robot")


def address(model, what: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=args)


def act(client, model, action: str, *rows) -> str:
    """Do an action on rows; returns the page that follows."""
    form = {"action": action, "_selected_action": [row.pk for row in rows], "index": 0}
    answer = client.post(address(model, "changelist"), form, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


# --- looking ----------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_every_list_can_be_searched(as_alice, rows, model):
    if admin.site._registry[model].search_fields:
        answer = as_alice.get(address(model, "changelist"), {"q": "robot 2605.90001 <&\"'%_"})
        assert answer.status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_every_filter_of_every_list_works(as_alice, rows, model):
    page = as_alice.get(address(model, "changelist"))
    assert page.status_code == 200
    changelist = page.context["cl"]
    for spec in changelist.filter_specs:
        for choice in list(spec.choices(changelist))[:3]:
            answer = as_alice.get(address(model, "changelist") + choice["query_string"])
            assert answer.status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_every_list_can_be_ordered_by_all_its_columns(as_alice, rows, model):
    columns = range(1, len(admin.site._registry[model].list_display) + 1)
    order = ".".join(f"-{column}" for column in columns)
    assert as_alice.get(address(model, "changelist"), {"o": order}).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_every_row_has_its_page(as_alice, rows, model):
    shown = User.objects.people() if model is User else model.objects.all()
    pages = [as_alice.get(address(model, "change", row.pk)) for row in shown[:3]]
    assert {page.status_code for page in pages} == {200}


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_a_reader_is_sent_to_the_log_in(client, bob, rows, model):
    client.force_login(bob)
    answer = client.get(address(model, "changelist"))
    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("admin:login"))


@pytest.mark.parametrize("model", WRITTEN_BY_THE_PIPELINE, ids=lambda m: m.__name__)
def test_what_the_pipeline_writes_is_not_typed(as_alice, rows, model):
    assert as_alice.get(address(model, "add")).status_code == 403
    row = model.objects.first()
    assert as_alice.post(address(model, "change", row.pk), {}).status_code == 403


def test_the_list_of_papers_takes_as_many_queries_however_many_there_are(as_alice, rows, announce):
    few = queries(lambda: as_alice.get(address(Paper, "changelist")))
    document = Document("cs.AI")
    for number in range(20):
        document.add(f"2605.8{number:04d}")
    announce(document)
    many = queries(lambda: as_alice.get(address(Paper, "changelist")))
    assert many <= few + 1  # one more filter to choose


@pytest.mark.parametrize(
    "model", [Announcement, Translation, Digest, Run, FeedToken], ids=lambda m: m.__name__
)
def test_a_list_takes_few_queries(as_alice, rows, model):
    assert queries(lambda: as_alice.get(address(model, "changelist"))) < 25


# --- categories -------------------------------------------------------------------------------


def test_fetch_now_makes_followed_categories_due(as_alice, rows):
    Category.objects.update(etag='"x"', next_fetch_at=None)
    text = act(as_alice, Category, "fetch_now", *Category.objects.all())
    assert "1 categories are due now." in text or "1 category is due now." in text
    lg, xx = (Category.objects.get(code=code) for code in ("cs.LG", "cs.XX"))
    assert (lg.etag, xx.next_fetch_at) == ("", None)
    assert lg.next_fetch_at <= timezone.now()


def test_follow_and_follow_no_more(as_alice, rows):
    category = Category.objects.get(code="cs.XX")
    act(as_alice, Category, "follow", category)
    category.refresh_from_db()
    assert category.followed
    assert category.next_fetch_at <= timezone.now()
    act(as_alice, Category, "unfollow", category)
    category.refresh_from_db()
    assert (category.followed, category.next_fetch_at) == (False, None)


def add_category(client, code: str):
    return client.post(address(Category, "add"), {"code": code, "followed": "on"})


def test_a_category_that_is_typed_is_fetched(as_alice):
    assert add_category(as_alice, "cs.LG").status_code == 302
    category = Category.objects.get()
    assert (category.code, category.followed) == ("cs.LG", True)
    assert category.next_fetch_at


def test_a_category_that_arxiv_does_not_have_is_refused(as_alice):
    answer = add_category(as_alice, "cs.LGG")
    assert "Did you mean cs.LG" in answer.content.decode()
    assert not Category.objects.exists()


def test_fetch_again_makes_the_categories_of_announcements_due(as_alice, rows):
    Category.objects.update(next_fetch_at=None)
    act(as_alice, Announcement, "fetch_again", *Announcement.objects.all())
    assert Category.objects.get(code="cs.LG").next_fetch_at <= timezone.now()
    assert Category.objects.get(code="cs.XX").next_fetch_at is None


def test_a_day_is_taken_from_catch_up(as_alice, rows):
    text = act(as_alice, Announcement, "catch_up", *Announcement.objects.all())
    assert "1 days are due now." in text
    assert Announcement.objects.get().next_try_at <= timezone.now()


def test_an_announcement_leads_to_its_page_on_the_board(as_alice, rows):
    text = as_alice.get(address(Announcement, "changelist")).content.decode()
    assert reverse("board-cell", args=["cs.LG", Announcement.objects.get().day]) in text


# --- holidays and alerts ----------------------------------------------------------------------


def test_a_holiday_is_typed(as_alice, rows):
    form = {"evening": "2031-07-03", "reason": "Independence Day"}
    assert as_alice.post(address(Holiday, "add"), form).status_code == 302
    assert Holiday.objects.get(evening="2031-07-03").reason == "Independence Day"


@pytest.mark.parametrize(("when", "year"), [("2026-10-20", None), ("2026-11-02", 2027), ("2028-03-01", 2028)])
def test_a_list_of_holidays_that_is_missing_is_asked_for(client, alice, time_machine, when, year):
    time_machine.move_to(f"{when}T12:00:00Z")
    client.force_login(alice)
    text = client.get(address(Holiday, "changelist")).content.decode()
    assert ("are not known here yet" in text) == (year is not None)
    assert year is None or f"holidays of {year}" in text


def test_an_alert_is_not_deleted_by_hand(as_alice, rows):
    assert as_alice.post(address(Alert, "delete", Alert.objects.get().pk), {"post": "yes"}).status_code == 403


# --- papers and keywords ----------------------------------------------------------------------


def test_match_again_leaves_the_papers_unmatched(as_alice, rows):
    act(as_alice, Paper, "match_again", *Paper.objects.all()[:1])
    assert PaperVersion.objects.unmatched().count() == 1


def test_a_keyword_is_held_against_the_papers_again(as_alice, rows):
    act(as_alice, Keyword, "apply_again", *Keyword.objects.all())
    assert apply_keywords(timezone.now()) == 3


def test_a_keyword_that_is_typed_becomes_canonical(as_alice):
    as_alice.post(address(Keyword, "add"), {"canonical": "Vision-Language  Model"})
    assert Keyword.objects.get().canonical == "vision language model"


@pytest.mark.parametrize("phrase", ["?!", "x" * 300])
def test_a_keyword_that_is_none_is_refused(as_alice, phrase):
    assert as_alice.post(address(Keyword, "add"), {"canonical": phrase}).status_code == 200
    assert not Keyword.objects.exists()


def test_a_keyword_that_is_there_already_is_refused(as_alice, bob):
    follow(bob, "robot")
    answer = as_alice.post(address(Keyword, "add"), {"canonical": "Robot"})
    assert answer.status_code == 200
    assert Keyword.objects.count() == 1


def test_the_list_of_keywords_counts_followers_and_matches_a_day(as_alice, rows, alice, now, time_machine):
    time_machine.move_to(now)
    follow(alice, "robot")
    follow(labs.found(alice, "a lab").reader, "robot")
    page = admin.site._registry[Keyword]
    row = page.get_queryset(None).get(canonical="robot")  # type: ignore[arg-type]
    assert (row.followers_count, row.recent_count) == (2, 2)
    time_machine.move_to(now + timedelta(days=40))
    assert page.get_queryset(None).get(canonical="robot").recent_count == 0  # type: ignore[arg-type]


# --- readers ----------------------------------------------------------------------------------


def test_a_reader_is_added(as_alice):
    form = {"username": "dora", "password1": "correct-horse-9", "password2": "correct-horse-9"}
    inline = {"subscriptions-TOTAL_FORMS": 0, "subscriptions-INITIAL_FORMS": 0}
    as_alice.post(address(User, "add"), {**form, **inline, "usable_password": "true"})
    assert User.objects.get(username="dora").content_language == "zh-Hans"


def test_a_readers_page_shows_their_keywords(as_alice, rows):
    assert (
        "graph neural network"
        in as_alice.get(address(User, "change", User.objects.get(username="bob").pk)).content.decode()
    )


# --- translations -----------------------------------------------------------------------------


def test_translate_again_translates_again(as_alice, rows, engine):
    act(as_alice, Translation, "translate_again", *Translation.objects.all())
    assert not Translation.objects.unfinished().exists()  # what stands is shown until then
    translate(engine)
    assert engine.heard
    assert Translation.objects.filter(state="complete").count() == 2


def test_an_old_translation_that_is_translated_again_is_not_swept(as_alice, rows):
    Translation.objects.update(created_at=timezone.now() - timedelta(days=90))
    act(as_alice, Translation, "translate_again", *Translation.objects.all())
    sweep_rows(timezone.now())
    assert Translation.objects.count() == 2


def test_a_translation_by_a_model_that_is_not_in_use_stays(as_alice, rows):
    Installation.objects.update(model="better")
    act(as_alice, Translation, "translate_again", *Translation.objects.all())
    assert not Translation.objects.unfinished().exists()


# --- digests ----------------------------------------------------------------------------------


def test_a_preview_is_the_digest_as_its_reader_sees_it(as_alice, bobs_digest):
    text = as_alice.get(reverse("admin:digest-preview", args=[bobs_digest.pk])).content.decode()
    assert '<span class="math">$n&lt;4$</span>' in text
    assert 'lang="zh-Hans"' in text
    assert "2605.90002v1" in text


def test_a_preview_of_no_digest_is_not_there(as_alice):
    assert as_alice.get(reverse("admin:digest-preview", args=[999])).status_code == 404


def test_a_reader_has_no_preview(client, bobs_digest, bob):
    client.force_login(bob)
    assert client.get(reverse("admin:digest-preview", args=[bobs_digest.pk])).status_code == 302


def test_a_digest_is_made_again(as_alice, bobs_digest, now):
    Entry.objects.filter(paper__arxiv_id="2605.90001").delete()
    act(as_alice, Digest, "publish_again", bobs_digest)
    assert publish_due(now) == 1
    assert bobs_digest.entries.count() == 2


def test_a_digest_of_long_ago_is_not_made_again(as_alice, bobs_digest, announce):
    announce(Document(day=bobs_digest.day + timedelta(days=7)).add("2605.91234"))
    text = act(as_alice, Digest, "publish_again", bobs_digest)
    assert "0 digests" in text
    assert bobs_digest.entries.count() == 2


def test_a_digest_of_who_follows_nothing_is_not_made_again(as_alice, bobs_digest):
    Subscription.objects.update(paused=True)
    act(as_alice, Digest, "publish_again", bobs_digest)
    assert not Digest.objects.exclude(again_at=None).exists()


def test_revoke_revokes(as_alice, rows):
    act(as_alice, FeedToken, "revoke", *FeedToken.objects.all())
    assert not FeedToken.objects.filter(revoked_at=None).exists()


CHOSEN = {"beam": 1, "longest_sentence": 45, "glossary": "force", "spacing": "none", "idle_minutes": 0,
          "backfill_days": 7, "alert_hours": 8}  # fmt: skip


# --- the installation -------------------------------------------------------------------------


def test_there_is_one_installation(as_alice, rows):
    assert as_alice.get(address(Installation, "add")).status_code == 403
    assert as_alice.post(address(Installation, "delete", 1), {"post": "yes"}).status_code == 403


def test_the_model_can_be_chosen_in_the_admin(as_alice, rows):
    as_alice.post(address(Installation, "change", 1), CHOSEN | {"model": "demo"})
    assert Installation.current().model == "demo"


def test_how_arxiv_is_asked_can_be_chosen_in_the_admin(as_alice, rows):
    chosen = {"backfill_days": 30, "alert_hours": 12, "webhook": "hooks.example.org/x"}
    as_alice.post(address(Installation, "change", 1), CHOSEN | chosen)
    row = Installation.current()
    assert (row.early, row.backfill_days, row.alert_hours) == (False, 30, 12)
    assert row.webhook == "https://hooks.example.org/x"


@pytest.mark.parametrize("wrong", [{"backfill_days": 91}, {"alert_hours": 0}, {"webhook": "javascript:x"}])
def test_what_arxiv_does_not_have_can_not_be_chosen(as_alice, rows, wrong):
    before = Installation.objects.values().get()
    assert as_alice.post(address(Installation, "change", 1), CHOSEN | wrong).status_code == 200
    assert Installation.objects.values().get() == before


def test_a_walk_goes_on_after_everything_was_done_again(as_alice, bobs_digest, now):
    """Every action at once, and the pipeline comes to the same digest."""
    before = sorted(bobs_digest.entries.values_list("guid", "section__label"))
    act(as_alice, Paper, "match_again", *Paper.objects.all())
    act(as_alice, Keyword, "apply_again", *Keyword.objects.all())
    act(as_alice, Translation, "translate_again", *Translation.objects.all())
    act(as_alice, Digest, "publish_again", bobs_digest)
    match(now)
    walk(now)
    assert sorted(bobs_digest.entries.values_list("guid", "section__label")) == before
