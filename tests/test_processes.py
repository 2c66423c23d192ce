"""worker/processes.py, `manage.py run`: each process by itself, with its libraries and none of the others'."""

import importlib.metadata
import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from tests.house import CHECKOUT
from tests.test_docker import locked, plain
from worker import processes
from worker.management.commands import run as module

WITHOUT = "import sys\nfor name in {names}: sys.modules[name] = None\n"
AS_WEB = """
import django; django.setup()
from django.test import Client
from digest.wsgi import application
import digest.urls
from django.core.management import load_command_class
load_command_class("worker", "run")
"""
AS_WORKER = """
from worker.celery import VERBS, app
import django; django.setup()
app.loader.import_default_modules()
assert all(f"worker.{verb}" in app.tasks for verb in VERBS)
from django.urls import reverse
reverse("today")
from django.core.management import load_command_class
load_command_class("worker", "run")
"""


def python(code: str, **env: str) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PAPERGLOT_")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=CHECKOUT,
        env=clean | env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def not_in(image: str) -> list[str]:
    """The modules which are installed here and are not in an image."""
    has = set(locked(image))
    return sorted(
        module
        for module, owners in importlib.metadata.packages_distributions().items()
        if has.isdisjoint(map(plain, owners)) and "paperglot" not in owners and not module.startswith("_")
    )


@pytest.mark.parametrize(
    ("image", "code"), [("web", AS_WEB), ("worker", AS_WORKER), ("translator", AS_WORKER), ("gpu", AS_WORKER)]
)
def test_a_process_needs_no_library_that_its_image_lacks(tmp_path, image, code):
    env = {"DJANGO_SETTINGS_MODULE": "digest.settings", "PAPERGLOT_DATA": str(tmp_path)}
    python(WITHOUT.format(names=not_in(image)) + code, **env)


def test_an_image_lacks_what_others_have():
    assert {"gunicorn", "whitenoise", "ctranslate2", "pytest"} <= set(not_in("worker"))


# --- manage.py run ------------------------------------------------------------------------------


@pytest.fixture
def become(monkeypatch, settings, tmp_path):
    """What `manage.py run ROLE` becomes, and the environment that is its own."""
    settings.BROKER_URL, settings.STATIC_ROOT = "redis://broker", tmp_path / "static"
    monkeypatch.setattr(module, "wait_until_current", lambda told: None)
    monkeypatch.setattr("worker.proving.prove_at_last", lambda: {"PROVED": "demo"})
    monkeypatch.chdir(tmp_path)
    became = []
    monkeypatch.setattr(os, "execve", lambda path, command, env: became.append((command, env)))

    def run(role: str):
        umask = os.umask(0o022)
        try:
            call_command("run", role)
        finally:
            os.umask(umask)
        return became.pop()

    return run


@pytest.mark.parametrize("role", processes.ROLES)
def test_it_becomes_what_up_runs(become, settings, role):
    command, _env = become(role)
    expected = {
        "web": processes.web(settings.HOST, settings.PORT, behind_proxy=False),
        "io": processes.io(),
        "translator": processes.translator(),
        "beat": processes.beat(),
    }
    assert command == expected[role]


def test_a_translator_is_one_that_has_proved_its_model(become):
    _command, env = become("translator")
    assert (env["PROVED"], env["REMAP_SIGTERM"]) == ("demo", "SIGQUIT")


def test_a_translator_has_a_limit_of_memory_by_setting(become, settings):
    settings.TRANSLATOR_MEMORY = 3000
    command, _env = become("translator")
    assert command[-2:] == ["--max-memory-per-child", "3072000"]


def test_without_a_broker_only_the_web_runs(become, settings):
    settings.BROKER_URL = ""
    become("web")
    with pytest.raises(CommandError, match="PAPERGLOT_BROKER_URL is not set"):
        become("io")


@pytest.mark.parametrize(("name", "told"), [("", "mt@%h"), ("2", "mt-2@%h")])
def test_translators_on_one_host_have_names_of_their_own(name, told):
    command = processes.translator(name=name)
    assert command[command.index("-n") + 1] == told


@pytest.mark.parametrize("name", ["a b", "x@y", "%h", "é", "a" * 41])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(CommandError, match="letters, digits and hyphens"):
        call_command("run", "translator", f"--name={name}")
