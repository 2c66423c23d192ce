"""digest/admin/translation.py: the review queue, corrections, and the glossary with what it touches."""

import pytest
from django.urls import reverse

from digest import tmx
from digest.models import Correction, GlossaryTerm, Segment, Sentence, Translation
from tests.engines import FakeEngine
from tests.steps import sentence, translate
from worker.memory import assemble, key


@pytest.fixture
def as_alice(client, alice):
    client.force_login(alice)
    return client


@pytest.fixture
def no_shipped_glossary(db):
    GlossaryTerm.objects.all().delete()


def address(model, what: str, *args: object) -> str:
    return reverse(f"admin:digest_{model._meta.model_name}_{what}", args=args)


def act(client, model, action: str, *rows, **more: str):
    form = {"action": action, "_selected_action": [row.pk for row in rows], "index": 0, **more}
    answer = client.post(address(model, "changelist"), form, follow=True)
    assert answer.status_code == 200
    return answer


# --- the review queue -------------------------------------------------------------------------


@pytest.fixture
def flagged(db, now) -> None:
    done = {"finished_at": now}
    sentence("Good.", verdict="ok", score=-0.1, **done)
    sentence("Suspicious.", verdict="ok", score=-0.2, notes=["terms"], **done)
    sentence("More suspicious.", verdict="ok", score=-0.9, notes=["names", "terms"], **done)
    sentence("Bad.", verdict="numbers", score=-0.3, **done)
    sentence("Worse.", verdict="loop", score=-2.5, **done)
    sentence("Worst.", verdict="crash", **done)
    sentence("Corrected.", verdict="loop", score=-9, **done)
    sentence("Not yet translated.")
    row = Sentence.objects.get(source="Corrected.")
    Correction.objects.create(key=row.key, language=row.language, source=row.source, text="已改。", at=now)


@pytest.mark.parametrize(
    ("review", "sources"),
    [
        ("english", ["Worst.", "Worse.", "Bad."]),
        ("noted", ["More suspicious.", "Suspicious."]),
    ],
)
def test_the_queue_has_what_is_flagged_the_worst_first(as_alice, flagged, review, sources):
    page = as_alice.get(address(Sentence, "changelist"), {"review": review})
    assert [row.source for row in page.context["cl"].result_list] == sources


def test_what_was_corrected_has_left_the_queue(as_alice, flagged):
    page = as_alice.get(address(Sentence, "changelist"), {"review": "english"})
    assert "Corrected." not in page.content.decode()
    assert "Corrected." in as_alice.get(address(Sentence, "changelist")).content.decode()


def test_from_the_queue_one_goes_to_the_page_that_corrects_it(as_alice, bobs_digest):
    segment = Segment.objects.get(source__startswith="The robot walks")
    Sentence.objects.filter(pk=segment.sentence_id).update(verdict="loop")
    text = as_alice.get(address(Sentence, "changelist"), {"review": "english"}).content.decode()
    assert reverse("sentence", args=[segment.pk]) in text


def test_a_sentence_that_stands_nowhere_has_no_such_page(as_alice, flagged):
    assert "/sentences/" not in as_alice.get(address(Sentence, "changelist")).content.decode()


def test_what_a_sentence_says_is_not_run(as_alice, now):
    sentence("<script>alert(1)</script>", verdict="ok", text="<script>alert(2)</script>", finished_at=now)
    assert "<script>alert" not in as_alice.get(address(Sentence, "changelist")).content.decode()


def test_sentences_are_translated_again(as_alice, bobs_digest):
    row = Sentence.objects.get(source="Diffusion Policy")
    text = act(as_alice, Sentence, "translate_again", row).content.decode()
    assert "1 sentences are waiting" in text
    engine = FakeEngine()
    translate(engine)
    assert set(engine.heard) == {"Diffusion Policy"}


# --- translations -----------------------------------------------------------------------------


def test_while_a_translation_is_done_again_readers_have_what_stands(as_alice, bobs_digest):
    before = list(Translation.objects.order_by("pk").values_list("title", "abstract", "finished_at"))
    act(as_alice, Translation, "translate_again", *Translation.objects.all())
    assert list(Translation.objects.order_by("pk").values_list("title", "abstract", "finished_at")) == before
    assert Sentence.objects.pending().count() == Sentence.objects.count()


def test_a_translation_that_came_out_worse_is_not_taken(as_alice, bobs_digest):
    before = list(Translation.objects.order_by("pk").values_list("abstract", flat=True))
    act(as_alice, Translation, "translate_again", *Translation.objects.all())
    translate(FakeEngine(lambda _: ""))
    assert list(Translation.objects.order_by("pk").values_list("abstract", flat=True)) == before


# --- corrections ------------------------------------------------------------------------------


@pytest.fixture
def corrected(bobs_digest, bob, now) -> Correction:
    source = "We train a policy on robots."
    row = Correction.objects.create(
        key=key(source), language="zh-Hans", source=source, text="我们训练。", by=bob, at=now
    )
    Translation.objects.update(stale=True)
    assemble(now)
    assert Translation.objects.filter(abstract="我们训练。").exists()
    return row


def test_corrections_are_exported_as_tmx(as_alice, corrected):
    answer = act(as_alice, Correction, "export", corrected)
    assert answer["Content-Disposition"] == 'attachment; filename="corrections.tmx"'
    (unit,), _ = tmx.read(answer.content)
    assert (unit.source, unit.text, unit.by) == (corrected.source, corrected.text, "bob")


@pytest.mark.parametrize("how", ["one", "many"])
def test_of_a_correction_that_is_deleted_the_models_text_is_left(as_alice, corrected, now, how):
    if how == "one":
        as_alice.post(address(Correction, "delete", corrected.pk), {"post": "yes"})
    else:
        act(as_alice, Correction, "delete_selected", corrected, post="yes")
    assert not Correction.objects.exists()
    assemble(now)
    assert not Translation.objects.filter(abstract="我们训练。").exists()


# --- the glossary -----------------------------------------------------------------------------

pytestmark = pytest.mark.usefixtures("no_shipped_glossary")
FORM = {"language": "zh-Hans", "field": "", "active": "on"}


def save(client, term: str, renderings: str = "策略", pk: int | None = None, **more: str) -> str:
    where = address(GlossaryTerm, "change", pk) if pk else address(GlossaryTerm, "add")
    form = {**FORM, "term": term, "renderings": renderings, **more}
    answer = client.post(
        where, {name: value for name, value in form.items() if value is not None}, follow=True
    )
    assert answer.status_code == 200
    return answer.content.decode()


def again() -> set[str]:
    return set(Sentence.objects.filter(again_at__isnull=False).values_list("source", flat=True))


POLICY = {"Diffusion Policy", "We train a policy on robots."}
ROBOT = {"A Robot of Order <v0>", "The robot walks on <v0> legs.", "We train a policy on robots."}


def test_a_new_term_has_just_its_sentences_translated_again(as_alice, bobs_digest):
    text = save(as_alice, "policy")
    assert again() == POLICY
    assert "2 sentences are waiting for the translator." in text
    engine = FakeEngine()
    translate(engine)
    assert all("策略" in row.text for row in Sentence.objects.filter(source__in=POLICY))


def test_a_changed_term_has_the_sentences_of_both_translated_again(as_alice, bobs_digest):
    row = GlossaryTerm.objects.create(term="policy", renderings="策略")
    save(as_alice, "robot", "机器人", row.pk)
    assert again() == POLICY | ROBOT


def test_saving_without_a_change_translates_nothing(as_alice, bobs_digest):
    row = GlossaryTerm.objects.create(term="policy", renderings="策略")
    assert "waiting" not in save(as_alice, "policy", "策略", row.pk)
    save(as_alice, "policy", "策略", row.pk, field="rl")
    assert again() == set()


def test_a_term_that_is_not_active_touches_nothing_yet(as_alice, bobs_digest):
    save(as_alice, "policy", active=None)
    assert again() == set()


@pytest.mark.parametrize("how", ["one", "many"])
def test_a_deleted_term_has_its_sentences_translated_again(as_alice, bobs_digest, how):
    row = GlossaryTerm.objects.create(term="policy", renderings="策略")
    if how == "one":
        as_alice.post(address(GlossaryTerm, "delete", row.pk), {"post": "yes"})
    else:
        act(as_alice, GlossaryTerm, "delete_selected", row, post="yes")
    assert again() == POLICY


def edit_in_the_list(client, *rows: GlossaryTerm, **changed: str) -> str:
    form = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": str(len(rows)), "_save": "Save"}
    for number, row in enumerate(rows):
        fields = {
            "id": row.pk,
            "renderings": row.renderings,
            "active": "on",
            **(changed if number == 0 else {}),
        }
        form |= {f"form-{number}-{name}": str(value) for name, value in fields.items() if value is not None}
    answer = client.post(address(GlossaryTerm, "changelist"), form, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_change_in_the_list_has_its_sentences_translated_again(as_alice, bobs_digest):
    policy = GlossaryTerm.objects.create(term="policy", renderings="策略")
    robot = GlossaryTerm.objects.create(term="robot", renderings="机器人")
    edit_in_the_list(as_alice, policy, robot, renderings="方针")
    assert again() == POLICY
    policy.refresh_from_db()
    assert policy.renderings == "方针"


def test_a_rendering_that_is_none_is_refused_in_the_list(as_alice, db):
    row = GlossaryTerm.objects.create(term="policy", renderings="策略")
    assert "A rendering has letters" in edit_in_the_list(as_alice, row, renderings=" | ")
    row.refresh_from_db()
    assert row.renderings == "策略"


def test_the_preview_shows_what_a_term_touches(as_alice, bobs_digest):
    row = GlossaryTerm.objects.create(term="policy", renderings="策略", active=False)
    text = as_alice.get(address(GlossaryTerm, "change", row.pk)).content.decode()
    for shown in Sentence.objects.filter(source__in=POLICY):
        assert shown.source in text
        assert shown.text in text
    assert "The robot walks" not in text


def test_the_preview_is_of_twenty_sentences(as_alice, now):
    for number in range(30):
        sentence(f"Policy {number:02} it is.", verdict="ok", finished_at=now)
    row = GlossaryTerm.objects.create(term="policy", renderings="策略")
    text = as_alice.get(address(GlossaryTerm, "change", row.pk)).content.decode()
    assert text.count("<p>Policy ") == 20
    assert "Policy 29 it is." in text
    assert "Policy 09 it is." not in text


def test_what_is_previewed_is_not_run(as_alice, now):
    sentence("A policy <script>alert(1)</script>.", verdict="ok", finished_at=now)
    row = GlossaryTerm.objects.create(term="policy", renderings="<script>alert(2)</script>策略")
    for where in (address(GlossaryTerm, "change", row.pk), address(GlossaryTerm, "changelist")):
        assert "<script>alert" not in as_alice.get(where).content.decode()


@pytest.mark.parametrize(
    ("term", "renderings", "why"),
    [
        pytest.param("a", "一", "one letter", id="one letter"),
        pytest.param("+*?", "甲", "at least one letter or digit", id="signs"),
        pytest.param("x" * 121, "甲", "at most 120 characters", id="too long"),
        pytest.param("policy", "|", "A rendering has letters", id="no rendering"),
        pytest.param("policy", "甲" * 301, "at most 300 characters", id="a long rendering"),
        pytest.param("policy", "<v0>", "stand for formulas", id="a placeholder"),
        pytest.param("Fine_tuning", "甲", None, id="an underscore is a letter"),
        pytest.param("FINE TUNING", "甲", "the same term already: fine-tuning", id="the same after folding"),
        pytest.param("fine\u2010tuning", "甲", "the same term already: fine-tuning", id="another hyphen"),
        pytest.param("  fine-tuning ", "甲", "already", id="spaces around"),
        pytest.param("C++", "=", None, id="regex signs"),
        pytest.param("强化学习", "强化学习", None, id="another script"),
    ],
)
def test_what_is_typed_as_a_term_is_checked(as_alice, db, term, renderings, why):
    GlossaryTerm.objects.create(term="fine-tuning", renderings="微调")
    text = save(as_alice, term, renderings)
    assert GlossaryTerm.objects.count() == (1 if why else 2)
    assert why is None or why in text


def test_a_language_that_is_none_is_refused_and_another_way_to_write_it_is_not(as_alice, db):
    assert "is not a language" in save(as_alice, "policy", language="Klingon").replace("&#x27;", "'")
    save(as_alice, "policy", language="zh-CN")
    assert GlossaryTerm.objects.get().language == "zh-Hans"


def test_spaces_in_a_term_are_one(as_alice, db):
    save(as_alice, "  reward \t model ")
    assert GlossaryTerm.objects.get().term == "reward model"


def test_the_same_term_in_another_language_is_another(as_alice, db):
    save(as_alice, "policy")
    save(as_alice, "Policy", "方策", language="ja")
    assert GlossaryTerm.objects.count() == 2


def test_a_reader_has_no_glossary_to_edit(client, bob):
    client.force_login(bob)
    assert client.get(address(GlossaryTerm, "changelist")).status_code == 302
