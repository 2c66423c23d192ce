"""Two machines in network namespaces, deployed with docker/'s files: one publishes what the other has translated."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.images import stages, why_not
from tests.namespaces import PAPERS, Fleet, deployed, publish

TOLD = "two minutes and more: PAPERGLOT_TEST_FLEET=yes, or python -m tests.namespaces"
pytestmark = [
    pytest.mark.fleet,
    pytest.mark.skipif(not os.environ.get("PAPERGLOT_TEST_FLEET"), reason=TOLD),
    pytest.mark.skipif(bool(why_not()), reason=why_not()),
]


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    folder = tmp_path_factory.mktemp("fleet")
    for above in (folder, *folder.parents[:2]):  # PostgreSQL's user has to reach its own below
        above.chmod(0o755)
    with deployed(folder) as fleet:
        yield fleet


@pytest.fixture(scope="module")
def published(fleet: Fleet) -> dict[str, Any]:
    return publish(fleet)


def test_the_day_is_published_and_translated(published: dict[str, Any]):
    assert (published["papers"], published["entries"], published["digests"]) == (PAPERS, PAPERS // 3, 1)
    assert published["pending"] == 0
    assert "pending" not in published["translations"]


def test_every_sentence_was_translated_on_the_second_machine(fleet: Fleet, published: dict[str, Any]):
    shares = [fleet.translated_by(name) for name in ("translator-1", "translator-2")]
    assert sum(shares) == published["sentences"] > 0
    assert fleet.translated_by("io") == 0


def test_each_translator_had_proved_its_model(published: dict[str, Any]):
    assert published["proved"] == ["translator-1", "translator-2"]


def test_a_worker_needs_no_inbound_port(fleet: Fleet):
    assert fleet.there.listening() == []


@pytest.mark.parametrize(("name", "role"), [("web", "web"), ("io", ""), ("beat", ""), ("translator-1", "")])
def test_its_health_check_says_that_it_is_well(fleet: Fleet, published: dict[str, Any], name: str, role: str):
    assert fleet.well(name, role)


@pytest.mark.parametrize("image", ["web", "worker", "translator"])
def test_an_image_has_only_its_own_libraries(fleet: Fleet, image: str):
    place = next(fleet.images.upper(f"{image}-libraries").glob("opt/venv/lib/python3*/site-packages"))
    there = {
        name for name in ("gunicorn", "whitenoise", "celery", "ctranslate2", "pip") if (place / name).is_dir()
    }
    own = {"web": {"gunicorn", "whitenoise"}, "worker": {"celery"}, "translator": {"celery", "ctranslate2"}}
    assert there == own[image]


def test_a_dockerfile_is_read_as_docker_reads_it():
    found = stages(
        "FROM a:1@sha256:0 AS base\nENV A=1 \\\n    B=2\n# no\nFROM base AS web\nRUN x \\\n    && y\n"
    )
    assert [(stage.name, stage.parent, stage.lines) for stage in found.values()] == [
        ("base", "a:1@sha256:0", [("ENV", "A=1 B=2")]),
        ("web", "base", [("RUN", "x && y")]),
    ]
