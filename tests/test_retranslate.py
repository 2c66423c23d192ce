"""`manage.py retranslate`: these sentences once more, and readers keep what they have until then."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from digest.following import follow
from digest.models import Announcement, Correction, Listing, Sentence, Translation
from tests.documents import Document
from tests.engines import FakeEngine
from tests.steps import MODEL, choose, match, sentence, translate, walk
from worker.memory import key
from worker.publish import publish_due


@pytest.fixture
def two_days(announce, bob, now):
    """A robot's paper of Monday and a policy's of today, both read by bob."""
    choose("fake")
    follow(bob, "robot")
    follow(bob, "policy")
    announce(Document().add("2605.90001", title="A Robot", abstract="The robot walks. We look."))
    announce(Document("cs.RO").add("2605.90002", title="A Policy", abstract="The policy learns. We look."))
    match(now)
    translate()
    publish_due(now)
    Announcement.objects.filter(category__code="cs.LG").update(day=now.date() - timedelta(days=1))
    Sentence.objects.filter(source="A Policy").update(verdict="numbers")
    Sentence.objects.filter(source="The policy learns.").update(notes=["terms", "names"])


def chosen(capsys, *arguments: str) -> tuple[set[str], str]:
    """What is translated once more, and what is said."""
    call_command("retranslate", *arguments)
    return set(
        Sentence.objects.filter(again_at__isnull=False).values_list("source", flat=True)
    ), capsys.readouterr().out


ALL = {"A Robot", "The robot walks.", "We look.", "A Policy", "The policy learns."}


@pytest.mark.parametrize(
    ("arguments", "sources"),
    [
        (["--day", "2026-05-11"], {"A Robot", "The robot walks.", "We look."}),
        (["--day", "2026-05-12"], {"A Policy", "The policy learns.", "We look."}),
        (["--day", "2026-05-10"], set()),
        (["--keyword", "Robot"], {"A Robot", "The robot walks.", "We look."}),
        (["--keyword", "nobody follows it"], set()),
        (["--verdict", "numbers"], {"A Policy"}),
        (["--verdict", "ok"], ALL - {"A Policy"}),
        (["--note", "terms"], {"The policy learns."}),
        (["--note", "term"], set()),
        (["--model", "fake"], ALL),
        (["--model", MODEL], ALL),
        (["--model", "fak"], set()),
        (["--language", "zh-CN"], ALL),
        (["--language", "ja"], set()),
        (["--all"], ALL),
        (
            ["--day", "2026-05-12", "--verdict", "ok", "--keyword", "policy"],
            {"The policy learns.", "We look."},
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_sentences_are_chosen(two_days, capsys, arguments, sources):
    again, said = chosen(capsys, *arguments)
    assert again == sources
    assert said.startswith(f"{len(sources)} sentences will be translated once more.")


def test_a_dry_run_does_nothing(two_days, capsys):
    assert chosen(capsys, "--all", "--dry-run") == (
        set(),
        "5 sentences would be translated once more. The translator begins within seconds, if it runs.\n",
    )


def test_they_are_translated_by_the_next_turn(two_days, capsys):
    chosen(capsys, "--day", "2026-05-11")
    engine = FakeEngine()
    translate(engine)
    assert set(engine.heard) == {"A Robot", "The robot walks.", "We look."}


def test_readers_keep_the_old_text_until_then(two_days, capsys):
    before = list(Translation.objects.order_by("pk").values_list("title", "abstract", "finished_at"))
    chosen(capsys, "--all")
    assert list(Translation.objects.order_by("pk").values_list("title", "abstract", "finished_at")) == before


def test_what_comes_out_worse_is_not_taken(two_days, capsys):
    before = Translation.objects.get(version__paper__arxiv_id="2605.90001").abstract
    chosen(capsys, "--all")
    translate(FakeEngine(lambda _: ""))
    assert Translation.objects.get(version__paper__arxiv_id="2605.90001").abstract == before
    assert not Sentence.objects.pending().exists()


def test_corrections_stay(two_days, capsys, now):
    source = "The robot walks."
    Correction.objects.create(key=key(source), language="zh-Hans", source=source, text="机器人走。", at=now)
    chosen(capsys, "--all")
    translate()
    assert Translation.objects.get(version__paper__arxiv_id="2605.90001").abstract.startswith("机器人走。")


def test_what_another_model_made_is_chosen_only_by_its_name(two_days, capsys):
    choose("better")
    assert chosen(capsys, "--all")[0] == set()
    again, said = chosen(capsys, "--model", "fake")
    assert again == ALL
    assert "as soon as fake is the model in use" in said


def test_what_waits_for_its_first_translation_is_not_counted(two_days, capsys):
    sentence("It is new.")
    assert "It is new." not in chosen(capsys, "--all")[0]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([], "Say which sentences"),
        (["--dry-run"], "Say which sentences"),
        (["--day", "yesterday"], "is not a day; write YYYY-MM-DD"),
        (["--keyword", "+++"], "--keyword: A keyword needs at least one letter"),
        (["--keyword", "x" * 500], "--keyword: A keyword has at most"),
        (["--verdict", "bad"], "--verdict: there is no 'bad'; there is ok, crash"),
        (["--language", "Klingon"], "--language: 'Klingon' is not a language"),
    ],
)
def test_bad_input_is_said_in_a_sentence(db, arguments, why):
    with pytest.raises(CommandError, match=why):
        call_command("retranslate", *arguments)


# --- another model ----------------------------------------------------------------------------


def test_after_a_change_of_the_model_readers_keep_the_old_text_and_get_the_new(two_days, now):
    from digest.showing import translations_of

    choose("better")
    versions = list(Translation.objects.values_list("version", flat=True))
    assert {t.model for t in translations_of(versions, "zh-Hans").values()} == {MODEL}
    walk(now)
    translate(model="better#00000002")
    assert {t.model for t in translations_of(versions, "zh-Hans").values()} == {"better#00000002"}
    assert Listing.objects.count() == 2
