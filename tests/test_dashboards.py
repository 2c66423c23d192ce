"""docker/grafana and docker/prometheus: every metric and label that they name is one that /metrics has."""

import json
import re

import pytest
import yaml
from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from digest.metrics import COUNTED, registry
from digest.models import Queue, Tally, Worker
from tests.conftest import NOW
from tests.house import CHECKOUT

BOARD = json.loads((CHECKOUT / "docker/grafana/paperglot.json").read_text())
RULES = [
    rule
    for group in yaml.safe_load((CHECKOUT / "docker/prometheus/alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]
DRAWN = [(panel["title"], target["expr"]) for panel in BOARD["panels"] for target in panel["targets"]]
ALL = [*DRAWN, *((rule["alert"], rule["expr"]) for rule in RULES)]
_SELECTED = re.compile(r"(paperglot_\w+)(?:\{([^}]*)\})?")
_LABEL = re.compile(r"(\w+)\s*=~?\s*\"")


@pytest.fixture
def labels(db) -> dict[str, set[str]]:
    """Each sample's labels by its name, with one of everything there."""
    for name, (_told, _about, told) in COUNTED.items():
        Tally.add(name, {" ".join("x" * len(told)): 1})
    Queue.objects.create(name="fetch", length=0, counted_at=NOW)
    Worker.objects.create(name="a", host="here", started_at=NOW, seen_at=NOW, disk_free=1, disk_total=2)
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(generate_latest(registry(NOW)).decode()):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def test_what_is_asked_for_is_there(labels):
    for title, expression in ALL:
        asked = _SELECTED.findall(expression)
        assert asked or 'up{job="paperglot"}' in expression, title
        for name, selector in asked:
            assert name in labels, title
            assert set(_LABEL.findall(selector)) <= labels[name], title


def test_legends_and_sums_name_labels_that_are_there(labels):
    for panel in BOARD["panels"]:
        for target in panel["targets"]:
            has = set().union(*(labels[name] for name, _ in _SELECTED.findall(target["expr"])))
            assert set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])) <= has
            for grouped in re.findall(r"by \(([^)]*)\)", target["expr"]):
                assert {name.strip() for name in grouped.split(",")} <= has


def test_every_metric_is_drawn_or_watched(labels):
    told = " ".join(expression for _title, expression in ALL)
    ignored = {"paperglot_run_timestamp_seconds"}
    for name in labels.keys() - ignored:
        assert re.sub(r"_(bucket|sum|count|created)$", "", name) in told


def test_parentheses_are_whole():
    for _title, expression in ALL:
        for opening, closing in ("()", "{}", "[]"):
            assert expression.count(opening) == expression.count(closing)


def test_rules_say_what_is_wrong_and_how_badly():
    for rule in RULES:
        assert rule["labels"]["severity"] in {"info", "warning", "critical"}
        assert rule["annotations"]["summary"].endswith(".")


def test_panels_do_not_lie_upon_one_another():
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                 for y in range(place["y"], place["y"] + place["h"])}  # fmt: skip
        assert not cells & taken
        taken |= cells
