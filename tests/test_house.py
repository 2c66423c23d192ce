"""The house itself: who imports whom, how long a module may be, and what else holds everywhere."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

from django.core.management import call_command
from django.urls import get_resolver

from tests.house import CHECKOUT

SETTINGS = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
CONTRACTS = SETTINGS["tool"]["importlinter"]["contracts"]
NOUNS = next(c for c in CONTRACTS if c["name"].startswith("nouns"))["source_modules"]
WORK = ["celery", "kombu", "redis", "httpx2", "ctranslate2", "sentencepiece", "feedparser", "sentencex", "apprise",
        "css_inline"]  # fmt: skip
LONGEST = 300
DATA = {"digest/migrations", "worker/demo"}
"""What is generated, or the recipe of the demonstration model."""
TESTED_ELSEWHERE = {  # in the tests of the subject that it serves
    "digest/apps.py": "test_checks",
    **{
        f"digest/admin/{name}.py": "test_admin"
        for name in "arxiv base delivery digests filters finding installation keywords people".split()
    },
    **{
        f"digest/api/{path.stem}.py": "test_access_api"
        for path in (CHECKOUT / "digest" / "api").glob("[a-z]*.py")
    },  # every operation is walked there; what they share is tried in test_api
    **dict.fromkeys(
        ("digest/limits.py", "digest/models/api_tokens.py", "digest/views/api_tokens.py"), "test_api"
    ),
    "digest/arxiv_ids.py": "test_views_lab_reading",
    **dict.fromkeys(("digest/entrance_forms.py", "digest/entrance_words.py"), "test_locale_entrance"),
    "digest/feed_addresses.py": "test_views_feeds",
    "digest/lab_doors.py": "test_views_labs",
    "digest/pushing.py": "test_views_deliveries",
    "digest/rule_imports.py": "test_views_rule_files",
    "digest/views/sessions.py": "test_sessions",
    "digest/views/whose.py": "test_views_rules",
    "digest/addresses.py": "test_feeds",
    "digest/admin/changes.py": "test_audit",
    "digest/admin/sources.py": "test_audit",
    "digest/models/changes.py": "test_audit",
    "digest/feeds/public.py": "test_public",
    "digest/views/public.py": "test_public",
    "digest/channel_forms.py": "test_views_deliveries",
    "digest/tokens.py": "test_views_deliveries",
    "digest/models/delivery.py": "test_deliver",
    "digest/converters.py": "test_views_reading",
    "digest/feeds/formats.py": "test_feeds",
    "digest/feeds/opml.py": "test_views_feeds",
    "digest/forms.py": "test_views_start",
    "digest/model_choices.py": "test_hub",
    "digest/urls.py": "test_access",
    "digest/wsgi.py": "test_up",
    "digest/models/arxiv.py": "test_store",
    "digest/models/digests.py": "test_publish",
    "digest/models/fleet.py": "test_fleet",
    "digest/models/installation.py": "test_download",
    "digest/models/alerts.py": "test_alerts",
    "digest/models/seeing.py": "test_metrics",
    "digest/gunicorn_log.py": "test_log",
    "digest/keywords/phrases.py": "test_keywords",
    "digest/keywords/trees.py": "test_keywords_syntax",
    "digest/keywords/tokens.py": "test_keywords_syntax",
    "digest/models/reading.py": "test_reading",
    "digest/models/invitations.py": "test_inviting",
    "digest/models/keywords.py": "test_following",
    "digest/models/labs.py": "test_labs",
    "digest/models/translation.py": "test_memory",
    "digest/models/search.py": "test_search",
    "digest/models/users.py": "test_views_account",
    "digest/models/leases.py": "test_leases",
    "digest/letters.py": "test_views_people",
    "digest/templatetags/feeds.py": "test_feeds_taste",
    "digest/people_forms.py": "test_views_people",
    "digest/templatetags/papers.py": "test_templatetags",
    "digest/citing.py": "test_views_exports",
    "digest/templatetags/people.py": "test_views_lab_reading",
    "digest/views/unsent.py": "test_unsent",
    "digest/templatetags/related.py": "test_related",
    "worker/apps.py": "test_up",
    "worker/documents.py": "test_fetch_early",
    "worker/engine/contract.py": "test_engine",
    "worker/engine/folder.py": "test_engine",
    "worker/engine/device.py": "test_engine_nllb",
    "worker/evaluating.py": "test_command_model",
    "worker/oneshot.py": "test_command_digest",
    "worker/papers.py": "test_store",
    "worker/rounds.py": "test_publish",
    "worker/runs.py": "test_fetch",
    "worker/versions.py": "test_worker_versions",
    "worker/arxiv/entries.py": "test_arxiv_feeds",
    "worker/arxiv/errors.py": "test_arxiv_client",
    "worker/arxiv/oai_formats.py": "test_arxiv_oai",
    "worker/arxiv/trees.py": "test_arxiv_listing",
    "digest/management/commands/backup.py": "test_backup",
    "digest/management/commands/restore.py": "test_backup",
    "worker/management/commands/digest.py": "test_command_digest",
    "worker/management/commands/model.py": "test_command_model",
    "worker/management/commands/run.py": "test_processes",
    "worker/management/commands/up.py": "test_up",
}


def modules() -> list[Path]:
    paths = [*(CHECKOUT / "digest").rglob("*.py"), *(CHECKOUT / "worker").rglob("*.py")]
    inside = [path.relative_to(CHECKOUT) for path in paths]
    return sorted(path for path in inside if not any(path.is_relative_to(folder) for folder in DATA))


def python(code: str, **env: str) -> str:
    """What a new Python prints; it must end well."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=CHECKOUT,
        env={"PATH": "", **env},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


# --- who imports whom -------------------------------------------------------------------------


def test_nouns_are_imported_without_django_and_celery():
    loaded = python(
        f"import importlib, sys\nfor name in {NOUNS}: importlib.import_module(name)\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'django', 'celery', 'kombu'}))"
    )
    assert loaded.strip() == "[]"


def test_the_web_is_imported_without_what_the_work_needs(tmp_path):
    """Where none of it is installed, too."""
    python(
        f"import sys\nfor name in {WORK}: sys.modules[name] = None\n"
        "import django; django.setup()\n"
        "import digest.urls, digest.wsgi\n"
        "from django.core.management import call_command; call_command('check')",
        DJANGO_SETTINGS_MODULE="digest.settings",
        PAPERGLOT_DATA=str(tmp_path),
    )


def test_the_engine_is_imported_without_loading_a_translator():
    """CTranslate2 is not safe to fork: nobody has it before the worker's child has begun."""
    loaded = python(
        "import sys, worker.engine, worker.registry\n"
        "print({'ctranslate2', 'sentencepiece', 'torch'} & set(sys.modules))"
    )
    assert loaded.strip() == "set()"


def test_the_contracts_between_rooms_are_kept(monkeypatch, capsys):
    from importlinter.cli import lint_imports

    monkeypatch.chdir(CHECKOUT)
    assert lint_imports(cache_dir=None, no_cache=True) == 0, capsys.readouterr().out


# --- the record -------------------------------------------------------------------------------


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


# --- style ------------------------------------------------------------------------------------


def longer_than(paths: list[Path], lines: int) -> list[str]:
    return [str(path) for path in paths if len((CHECKOUT / path).read_text().splitlines()) > lines]


def test_no_module_is_too_long():
    assert longer_than(modules(), LONGEST) == []


def test_no_test_module_is_too_long():
    assert longer_than(sorted((CHECKOUT / "tests").glob("*.py")), 400) == []


def test_every_module_says_what_it_is():
    silent = [
        str(path)
        for path in modules()
        if (text := (CHECKOUT / path).read_text()) and not ast.get_docstring(ast.parse(text))
    ]
    assert silent == []


def test_every_module_has_its_tests():
    tests = {path.stem for path in (CHECKOUT / "tests").glob("test_*.py")}
    missing = []
    for path in modules():
        if not (CHECKOUT / path).read_text().strip() or path.name == "__init__.py":
            continue
        parts = [part for part in path.with_suffix("").parts[1:] if part not in ("management", "commands")]
        name = f"test_{'_'.join(parts)}"
        if TESTED_ELSEWHERE.get(str(path), name) not in tests:
            missing.append(str(path))
    assert missing == []


def test_no_module_has_a_name_that_says_nothing():
    assert {path.stem for path in modules()}.isdisjoint({"utils", "helpers", "services", "common", "misc"})


def test_no_module_takes_everything_from_another():
    for path in modules():
        for node in ast.walk(ast.parse((CHECKOUT / path).read_text())):
            assert not (isinstance(node, ast.ImportFrom) and node.names[0].name == "*"), path


def test_every_page_has_a_name():
    unnamed = [str(p.pattern) for p in get_resolver().url_patterns if getattr(p, "name", "x") is None]
    assert unnamed == ["favicon.ico"]
