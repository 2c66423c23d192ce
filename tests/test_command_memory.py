"""`manage.py memory`: corrections out and in, and what is no correction."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from digest import tmx
from digest.corrections import LONGEST, store
from digest.models import Correction, PaperVersion, Sentence, Translation
from tests.documents import Document
from tests.steps import choose, sentence, translate
from worker.memory import assemble, key, plan

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "memory.tmx"


def correction(source: str, text: str, language: str = "zh-Hans", by=None, at: datetime = AT) -> Correction:
    return store(source, key(source), language, text, by, at)


def facts() -> list[tuple[object, ...]]:
    return list(
        Correction.objects.order_by("source").values_list(
            "source", "text", "language", "by__username", "at", "key"
        )
    )


def told(capsys, *arguments: object) -> tuple[str, str]:
    call_command("memory", *map(str, arguments))
    said = capsys.readouterr()
    return said.out, said.err


def units(file: Path, *of: tmx.Unit) -> Path:
    with file.open("w", encoding="utf-8") as out:
        tmx.write(of, out)
    return file


# --- out and in -------------------------------------------------------------------------------


def test_what_is_exported_is_imported(file, alice, capsys):
    correction("The cost is <v0> & <v1>.", "代价为<v1>和<v0>。", by=alice)
    correction("We look.", "Nous regardons.", "fr")
    before = facts()
    assert told(capsys, "export", file) == (f"2 sentences written to {file}.\n", "")
    Correction.objects.all().delete()
    out, err = told(capsys, "import", file)
    assert out.startswith("2 corrections taken;")
    assert err == ""
    assert facts() == before


def test_importing_twice_changes_nothing(file, alice, capsys):
    correction("We look.", "我们看。", by=alice)
    told(capsys, "export", file)
    before = facts()
    told(capsys, "import", file)
    assert facts() == before


def test_what_was_corrected_by_somebody_who_is_not_here_is_nobodys(file, capsys):
    told(capsys, "import", units(file, tmx.Unit("We look.", "我们看。", "zh-Hans", "zoe", AT)))
    assert facts()[0][3:5] == (None, AT)


def test_what_was_corrected_here_since_stays(file, alice, capsys):
    correction("We look.", "旧。")
    told(capsys, "export", file)
    correction("We look.", "新。", by=alice, at=AT + timedelta(days=1))
    out, err = told(capsys, "import", file)
    assert out.startswith("0 corrections taken;")
    assert "1 left out: they were corrected here since." in err
    assert facts()[0][1] == "新。"


def test_a_newer_one_replaces_an_older_one(file, capsys):
    correction("We look.", "旧。")
    told(capsys, "import", units(file, tmx.Unit("We look.", "新。", "zh-Hans", at=AT + timedelta(days=1))))
    assert facts()[0][1] == "新。"


def test_pages_show_what_was_imported_without_a_translation(file, announce, now, capsys):
    choose("fake")
    announce(Document().add("2605.90001", title="One", abstract="The cost is $O(n)$ here."))
    plan(PaperVersion.objects.all(), "zh-Hans", "fake#00000001")
    translate()
    told(capsys, "import", units(file, tmx.Unit("The cost is <v0> here.", "代价为<v0>。", "zh-Hans")))
    assert not Sentence.objects.pending().exists()
    assemble(now)
    assert Translation.objects.get().abstract == "代价为$O(n)$。"


def test_what_models_did_is_exported_too_if_asked_for(file, capsys):
    correction("We look.", "我们看。")
    sentence("We look.", verdict="ok", text="我们瞧。", finished_at=AT)
    sentence("We leap.", verdict="ok", text="我们跳。", finished_at=AT)
    sentence("We land.", verdict="loop", text="我们我们我们", finished_at=AT)
    assert told(capsys, "export", file, "--all")[0].startswith("2 sentences")
    read, _ = tmx.read(file.read_bytes())
    assert [(u.text, u.model) for u in read] == [("我们看。", ""), ("我们跳。", "fake#00000001")]


def test_what_a_model_did_is_not_imported_as_a_persons(file, capsys):
    sentence("We leap.", verdict="ok", text="我们跳。", finished_at=AT)
    told(capsys, "export", file, "--all")
    out, err = told(capsys, "import", file)
    assert out.startswith("0 corrections taken;")
    assert "1 left out: a model translated them" in err


def test_a_document_goes_to_standard_output(capfdbinary):
    correction("We look.", "我们看。")
    call_command("memory", "export", "-")
    (unit,) = tmx.read(capfdbinary.readouterr().out)[0]
    assert unit.text == "我们看。"


def test_thousands_are_imported_in_seconds(file, capsys):
    many = [tmx.Unit(f"We look {n} times.", f"我们看{n}次。", "zh-Hans") for n in range(1_200)]
    assert told(capsys, "import", units(file, *many))[0].startswith("1200 corrections taken;")


# --- bad input --------------------------------------------------------------------------------


def test_what_can_not_be_used_is_left_out_and_said(file, capsys):
    out, err = told(
        capsys,
        "import",
        units(
            file,
            tmx.Unit("By <v0>.", "用。", "zh-Hans"),
            tmx.Unit("It is long.", "长" * (LONGEST + 1), "zh-Hans"),
            tmx.Unit("We look.", "我们看。", "zh-Hans"),
        ),
    )
    assert out.startswith("1 corrections taken;")
    assert "1 left out: not from English" in err
    assert "1 left out: they are longer than 5,000 characters." in err


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"not XML", "This is not a TMX document"),
        (b'<!DOCTYPE tmx [<!ENTITY a "ha">]><tmx/>', "declares entities"),
        (b" " * (40 * 2**20), "larger than 33,554,432 bytes"),
    ],
    ids=["not XML", "entities", "40 MB"],
)
def test_a_document_that_is_none_is_refused_in_a_sentence(file, content, why):
    file.write_bytes(content)
    with pytest.raises(CommandError, match=why):
        call_command("memory", "import", str(file))
    assert not Correction.objects.exists()


@pytest.mark.parametrize("what", ["import", "export"])
def test_a_file_that_can_not_be_opened_is_said(what, tmp_path):
    with pytest.raises(CommandError, match=r"(No such file|Is a directory)"):
        call_command("memory", what, str(tmp_path / "absent" / "memory.tmx"))
    with pytest.raises(CommandError, match="Is a directory"):
        call_command("memory", what, str(tmp_path))
