"""`manage.py digest`: one digest at once, from recorded documents, in three formats."""

import gzip
import io
import json
import logging
import os
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from digest.models import Announcement, Category, Paper, Sentence, Translation
from tests.documents import Document
from tests.engines import FakeEngine
from tests.steps import choose
from worker import memory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_stays():
    """The command is a process's only one: it sets the process's umask and its log's level."""
    umask, log = os.umask(0o022), logging.getLogger("paperglot")
    level = log.level
    yield
    os.umask(umask)
    log.setLevel(level)


@pytest.fixture
def model(settings, tmp_path, monkeypatch) -> FakeEngine:
    """A model `fake` in the models' folder that knows Chinese and Japanese; returns its engine."""
    settings.MODELS = tmp_path / "models"
    folder = settings.MODELS / "fake"
    folder.mkdir(parents=True)
    for name in ("model.bin", "config.json", "sentencepiece.bpe.model"):
        (folder / name).write_text("x")
    (folder / "shared_vocabulary.json").write_text('["eng_Latn", "zho_Hans", "jpn_Jpan"]')
    engine = FakeEngine()
    monkeypatch.setattr("worker.oneshot.engine_for", lambda _model: lambda: engine)
    return engine


@pytest.fixture
def source(tmp_path) -> str:
    """A file of four papers of Tuesday: two about robots, one of them replaced, one about graphs."""
    document = Document()
    document.add("2605.90001", title="A Robot", abstract="It walks on $n<4$ legs. See https://example.org/a.")
    document.add("2605.90002", title="Two Robots", announce_type="replace", version=3)
    document.add("2605.90003", title="Graphs", abstract="Of a robot.", categories=("cs.AI", "cs.LG"))
    document.add("2605.90004", title="Algebra", abstract="Of nothing else.")
    return written(tmp_path / "cs.LG.xml", document)


def written(path: Path, document: Document | bytes) -> str:
    content = document if isinstance(document, bytes) else document.rss()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return str(path)


def run(*arguments: str, model: str = "none") -> tuple[str, str]:
    """What the command writes to standard output and to standard error."""
    out, err = io.StringIO(), io.StringIO()
    call_command("digest", *arguments, "--model", model, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def data(*arguments: str, model: str = "none") -> dict:
    return json.loads(run(*arguments, "--format", "json", model=model)[0])


def ids(digest: dict) -> dict[str, list[str]]:
    return {group["keyword"]: [p["arxiv_id"] for p in group["papers"]] for group in digest["groups"]}


def refusal(*arguments: str, model: str = "none") -> str:
    """The sentence with which the command ends."""
    with pytest.raises(CommandError) as error:
        run(*arguments, model=model)
    return str(error.value)


# --- which papers -----------------------------------------------------------------------------


def test_the_papers_of_a_keyword_are_found(source):
    digest = data("--keyword", "robot", "--source", source)
    assert ids(digest) == {"robot": ["2605.90001", "2605.90003"]}
    assert (digest["announced"], digest["count"], digest["model"]) == ("2026-05-12", 2, "none")


def test_a_paper_stands_under_the_first_of_its_keywords(source):
    digest = data("--keyword", "graph", "--keyword", "robot", "--source", source)
    assert ids(digest) == {"graph": ["2605.90003"], "robot": ["2605.90001"]}


def test_a_keyword_that_brings_nothing_is_an_empty_group(source):
    assert ids(data("--keyword", "zebra", "--source", source)) == {"zebra": []}


def test_a_keyword_given_twice_is_one_group(source):
    digest = data("--keyword", "robot", "--keyword", " robot ", "--source", source)
    assert list(ids(digest)) == ["robot"]


def test_replacements_are_left_out_unless_they_are_asked_for(source):
    digest = data("--keyword", "robot", "--source", source, "--replacements")
    assert ids(digest) == {"robot": ["2605.90001", "2605.90002", "2605.90003"]}


def test_only_the_categories_that_are_named_are_taken(source):
    digest = data("--keyword", "robot", "--source", source, "--category", "CS.ai")
    assert ids(digest) == {"robot": ["2605.90003"]}


def test_a_gzipped_file_is_read_as_a_plain_one(source, tmp_path):
    zipped = written(tmp_path / "cs.LG.xml.gz", Path(source).read_bytes())
    assert ids(data("--keyword", "robot", "--source", zipped)) == ids(
        data("--keyword", "robot", "--source", source)
    )


def test_several_files_are_one_digest(source, tmp_path):
    other = Document("cs.AI").add("2605.90003", title="Graphs", abstract="Of a robot.", announce_type="cross")
    other.add("2605.90009", title="Robots")
    digest = data("--keyword", "robot", "--source", source, written(tmp_path / "cs.AI.xml", other))
    assert ids(digest) == {"robot": ["2605.90001", "2605.90003", "2605.90009"]}
    assert [p["announce_type"] for p in digest["groups"][0]["papers"]] == ["new", "new", "new"]


def test_a_file_of_another_day_is_left_out_and_said(source, tmp_path):
    monday = written(tmp_path / "monday.xml", Document(day=date(2026, 5, 11)).add(title="Robot"))
    arguments = ("--keyword", "robot", "--source", source, monday, "--date", "2026-05-12", "--format", "json")
    out, err = run(*arguments)
    assert json.loads(out)["count"] == 2
    assert "is of 2026-05-11, not of 2026-05-12: left out." in err


def test_files_of_several_days_are_one_digest_and_said(source, tmp_path):
    monday = written(tmp_path / "monday.xml", Document(day=date(2026, 5, 11)).add("2605.8", title="Robot"))
    _, err = run("--keyword", "robot", "--source", source, monday)
    assert "The papers are of several days: 2026-05-11, 2026-05-12." in err


def test_papers_of_the_record_need_no_source(announce):
    announce(Document().add("2605.90001", title="A Robot"))
    announce(Document("cs.AI").add("2605.90001", title="A Robot", announce_type="cross"))
    digest = data("--keyword", "robot", "--date", "2026-05-12")
    assert ids(digest) == {"robot": ["2605.90001"]}
    assert digest["groups"][0]["papers"][0]["announce_type"] == "new"


def test_the_ledger_of_announcements_is_not_written(source):
    run("--keyword", "robot", "--source", source)
    assert Paper.objects.count() == 4
    assert Announcement.objects.count() == Category.objects.count() == 0


# --- translation ------------------------------------------------------------------------------


def test_every_paper_is_translated(source, model):
    paper = data("--keyword", "robot", "--source", source, model="fake")["groups"][0]["papers"][0]
    assert paper["translation"] == "complete"
    assert "译" in paper["title_translated"]
    assert "$n<4$" in paper["abstract_translated"]
    assert "https://example.org/a" in paper["abstract_translated"]


def test_a_second_run_translates_nothing_again(source, model):
    first = data("--keyword", "robot", "--source", source, model="fake")
    heard = len(model.heard)
    again = data("--keyword", "robot", "--source", source, model="fake")
    assert len(model.heard) == heard > 0
    assert {**again, "generated_at": ""} == {**first, "generated_at": ""}


def test_only_what_is_wanted_is_translated(source, model):
    run("--keyword", "graph", "--source", source, model="fake")
    assert sorted(model.heard) == ["Graphs", "Of a robot."]


def test_another_language_is_translated_too(source, model):
    run("--keyword", "robot", "--source", source, model="fake")
    digest = data("--keyword", "robot", "--source", source, "--to", "ja", model="fake")
    assert digest["language"] == "ja"
    assert set(Translation.objects.values_list("language", flat=True)) == {"zh-Hans", "ja"}


def test_a_language_may_be_written_as_people_write_it(source):
    assert data("--keyword", "robot", "--source", source, "--to", "ZH-cn")["language"] == "zh-Hans"


def test_a_sentence_that_fails_its_checks_stays_in_english(tmp_path, model):
    model.mistake = lambda text: "" if "<v0>" in text else text
    document = Document().add(title="Robot", abstract="It rests. It walks on $n<4$ legs.")
    source = written(tmp_path / "x.xml", document)
    paper = data("--keyword", "robot", "--source", source, model="fake")["groups"][0]["papers"][0]
    assert paper["translation"] == "partial"
    assert paper["abstract_translated"].endswith("。 It walks on $n<4$ legs.")


def test_an_engine_that_always_fails_ends_in_english(source, model, impatient):
    model.crashes = " "
    paper = data("--keyword", "robot", "--source", source, model="fake")["groups"][0]["papers"][0]
    assert (paper["translation"], paper["abstract_translated"]) == ("none", None)
    assert not Sentence.objects.pending().exists()


def test_without_a_model_the_digest_is_in_english_and_it_is_said(source):
    choose("")
    out, err = io.StringIO(), io.StringIO()
    call_command("digest", "--keyword", "robot", "--source", source, stdout=out, stderr=err)
    assert "No translation model is chosen" in err.getvalue()
    assert "A Robot" in out.getvalue()


def test_the_installations_model_is_the_default(source, model):
    choose("fake")
    out = io.StringIO()
    call_command("digest", "--keyword", "robot", "--source", source, stdout=out, stderr=io.StringIO())
    assert "译" in out.getvalue()


def test_translations_that_a_run_before_has_left_unfinished_are_all_finished(source, model, monkeypatch):
    assemble = memory.assemble
    monkeypatch.setattr(memory, "assemble", lambda now: assemble(now, limit=1))
    run("--keyword", "robot", "--source", source, model="fake")
    Translation.objects.update(finished_at=None)
    digest = data("--keyword", "robot", "--source", source, model="fake")
    assert [paper["translation"] for paper in digest["groups"][0]["papers"]] == ["complete", "complete"]


# --- formats ----------------------------------------------------------------------------------


def test_markdown_is_the_default(source, model):
    out, _ = run("--keyword", "robot", "--source", source, model="fake")
    assert out.startswith("# arXiv digest 2026-05-12\n")
    assert "$n<4$" in out or "$n&lt;4$" in out


def test_html_is_a_whole_page_with_formulas_drawn(source, model):
    out, _ = run("--keyword", "robot", "--source", source, "--format", "html", model="fake")
    assert out.startswith("<!doctype html>")
    assert out.count("<math") == 2
    assert "<script" not in out
    assert "<link" not in out


def test_html_shows_times_in_the_zone_that_was_asked_for(source):
    arguments = ("--keyword", "robot", "--source", source, "--format", "html", "--time-zone", "Asia/Shanghai")
    assert "2026-05-12 08:00</time> Asia/Shanghai" in run(*arguments)[0]


def test_json_has_the_places_of_the_keywords(source):
    paper = data("--keyword", "robot", "--source", source)["groups"][0]["papers"][0]
    (place,) = paper["matched"]
    assert paper[place["field"]][place["start"] : place["end"]] == "Robot"


def test_an_output_file_gets_what_standard_output_would(source, tmp_path):
    path = tmp_path / "out.json"
    out, err = run("--keyword", "robot", "--source", source, "--format", "json", "--output", str(path))
    assert (out, json.loads(path.read_text())["count"]) == ("", 2)
    assert f"Written: {path}" in err
    assert [p.name for p in tmp_path.glob("*out*")] == ["out.json"]


# --- what is amiss is told --------------------------------------------------------------------


def test_an_empty_weekend_feed_is_said(tmp_path):
    weekend = written(tmp_path / "x.xml", Document(day=date(2026, 5, 16)))
    out, err = run("--keyword", "robot", "--source", weekend)
    assert "declares no paper for 2026-05-16: a weekend." in err
    assert "No new papers." in out


def test_an_empty_feed_of_a_weekday_is_said(tmp_path):
    _, err = run("--keyword", "robot", "--source", written(tmp_path / "x.xml", Document()))
    assert "a holiday, or the feed is not out yet." in err


def test_a_paper_that_can_not_be_read_is_said(tmp_path):
    document = Document().add(title="Robot").add("2605.90007", announce_type="retracted")
    _, err = run("--keyword", "robot", "--source", written(tmp_path / "x.xml", document))
    assert "left out oai:arXiv.org:2605.90007v1: announce type 'retracted'" in err
    assert "1 of 2 papers could be read." in err


def test_warnings_are_not_in_the_digest(tmp_path):
    document = Document().add(title="Robot").add("2605.90007", announce_type="retracted")
    out, _ = run("--keyword", "robot", "--source", written(tmp_path / "x.xml", document), "--format", "json")
    assert json.loads(out)["count"] == 1


# --- bad input --------------------------------------------------------------------------------

CUT = Document().add(title="Robot").rss()[:-120]
ERROR_FEED = Document("Feed error for query: cs.XX").rss().replace(b" updates on arXiv.org", b"")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "Name at least one keyword"),
        (["--keyword", "robot " + "x" * 9994], "at most 200 characters; this one has 10,000"),
        (["--keyword", ""], "at least one letter or digit"),
        (["--keyword", "?!"], "at least one letter or digit"),
        (["--keyword", "robot", "--to", "tlh"], "--to: 'tlh' is not a language that Paperglot knows"),
        (["--keyword", "robot", "--category", "cs.LGG"], "Did you mean cs.LG"),
        (["--keyword", "robot", "--category", "cs"], "cs.AI"),
        (["--keyword", "robot"], "Name the categories to fetch (--category cs.LG) or give --source FILE."),
        (["--keyword", "robot", "--source", "/absent.xml"], "Can't read /absent.xml: No such file"),
        (["--keyword", "robot", "--source", "/tmp"], "Can't read /tmp: Is a directory"),
        (["--keyword", "robot", "--source", "https://example.org/x"], "is not at arXiv"),
        (["--keyword", "robot", "--date", "2026-02-30"], "'2026-02-30' is not a day: YYYY-MM-DD, please."),
        (["--keyword", "robot", "--date", "today"], "'today' is not a day: YYYY-MM-DD, please."),
        (["--keyword", "robot", "--time-zone", "Mars"], "--time-zone: 'Mars' is not a time zone."),
        (
            ["--keyword", "robot", "--category", "cs.LG", "--date", "2026-05-12"],
            "cs.LG of 2026-05-12 is not in the record",
        ),
    ],
)
def test_a_bad_argument_is_a_plain_sentence(arguments, told):
    assert told in refusal(*arguments)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The document is empty."),
        (b"<!doctype html><html><body>Sorry</body></html>", "This is an HTML page, not a feed."),
        (CUT, "The document is cut off or damaged"),
        (ERROR_FEED, "arXiv answered with an error: Feed error for query: cs.XX"),
        (b"hello", "This is not XML"),
        (b"\x1f\x8bgarbage", "is a damaged or cut-off gzip file"),
        (gzip.compress(Document().rss())[:-20], "is a damaged or cut-off gzip file"),
        (Document().rss().replace(b" updates on arXiv.org", b"'s blog"), "not one of arXiv's announcements"),
    ],
    ids=["empty", "html", "cut off", "error feed", "no xml", "bad gzip", "cut gzip", "another feed"],
)
def test_a_bad_document_is_a_plain_sentence(tmp_path, content, told):
    path = tmp_path / "document"
    path.write_bytes(content)
    said = refusal("--keyword", "robot", "--source", str(path))
    assert told in said
    assert str(path) in said


def test_a_document_of_another_day_only_is_refused(source):
    said = refusal("--keyword", "robot", "--source", source, "--date", "2026-05-13")
    assert said == "None of the documents is of 2026-05-13."


def test_a_gzip_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("worker.oneshot.LARGEST", 1000)
    path = written(tmp_path / "bomb.gz", b" " * 100_000)
    assert "More than 1,000 bytes after decompression" in refusal("--keyword", "robot", "--source", path)


def test_an_unknown_model_is_a_plain_sentence(source, model):
    said = refusal("--keyword", "robot", "--source", source, model="gpt-9")
    assert "There is no model 'gpt-9'. Models:" in said


def test_a_model_that_is_not_here_says_how_to_get_it(source, model):
    said = refusal("--keyword", "robot", "--source", source, model="nllb-200-3.3B")
    assert "manage.py model download nllb-200-3.3B" in said


def test_a_model_folder_with_a_missing_file_names_it(source, model, settings):
    (settings.MODELS / "fake" / "config.json").unlink()
    said = refusal("--keyword", "robot", "--source", source, model="fake")
    assert "config.json is missing" in said


def test_a_model_that_does_not_know_the_language_says_so(source, model):
    said = refusal("--keyword", "robot", "--source", source, "--to", "fr", model="fake")
    assert said == "The model fake does not know French."


@pytest.mark.parametrize("where", ["/absent/out.md", "/proc/out.md"])
def test_an_output_that_can_not_be_written_is_a_plain_sentence(source, where):
    assert f"Can't write {where}: " in refusal("--keyword", "robot", "--source", source, "--output", where)


def test_after_a_bad_argument_nothing_is_stored(source):
    refusal("--keyword", "robot", "--keyword", "?!", "--source", source)
    assert not Paper.objects.exists()
