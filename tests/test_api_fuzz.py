"""The API as its OpenAPI document has it, tried by schemathesis with every check that it has, on the real application.

`PAPERGLOT_TEST_FUZZ=200` tries so many cases of each operation, and every value of every list, which takes long.
"""

import os
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

import tests.api_formats  # noqa: F401 (makes values of the formats that only we have)
from digest.models import User
from tests.api import ROOT, token
from tests.test_access import bobs  # noqa: F401

THOROUGH = int(os.environ.get("PAPERGLOT_TEST_FUZZ", 0))
FEW = 8
"""Cases of each operation, and values of a long list (time zones, categories), where nobody asks for more."""
CHECKS = {
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "positive_data_acceptance",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
    "use_after_free",
    "ensure_resource_availability",
    "ignored_auth",
    "object_level_authorization",
}


@dataclass
class Outcome:
    phases: Counter[str] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)

    def note(self, event: Any) -> None:
        if isinstance(event, events.NonFatalError | events.FatalError):
            self.faults["schemathesis itself"] = repr(event)
        if isinstance(event, events.ScenarioFinished):
            self.phases[event.phase.value] += len(event.recorder.cases)
            for name, checks in event.recorder.checks.items():
                for check in checks:
                    self._note(event.recorder, name, check)

    def _note(self, recorder: Any, case: str, check: Any) -> None:
        self.checks[check.name] += 1
        if check.failure_info:
            operation = recorder.cases[case].value.operation.label
            answer = recorder.interactions[case].response
            told = f"{check.failure_info.failure.message}\n{check.failure_info.code_sample}"
            self.faults[f"{check.name} {operation}"] = f"{told}\n{answer and answer.content[:500]!r}"


def thinned(told: Any) -> Any:
    """The document with the first values of each long list: every value is tried alone, six hundred time zones too."""
    if isinstance(told, list):
        return [thinned(part) for part in told]
    if not isinstance(told, dict):
        return told
    return {key: value[:FEW] if key == "enum" else thinned(value) for key, value in told.items()}


def tried(address: str, secret: str) -> Outcome:
    document = requests.get(f"{address}{ROOT}/openapi.json", timeout=60).json()
    config = SchemathesisConfig.from_dict(
        {
            "seed": 1,
            "base-url": address,
            "headers": {"Authorization": f"Bearer {secret}"},
            "generation": {"max-examples": THOROUGH or FEW, "deterministic": True, "no-shrink": True},
            "continue-on-failure": True,
        }
    )
    schema = schemathesis.openapi.from_dict(document if THOROUGH else thinned(document), config=config)
    outcome = Outcome()
    for event in from_schema(schema).execute():
        outcome.note(event)
    return outcome


@pytest.fixture
def furnished(bobs: User, settings: Any) -> User:  # noqa: F811
    """Bob has something of everything, may correct translations, and ask as often as he likes."""
    settings.LIMITS = dict.fromkeys(settings.LIMITS, (1_000_000_000, 60))
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    bobs.is_superuser = True
    bobs.save()
    return bobs


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where chats were sent in this process (worker/posting/chat.py), requests reaches nothing inside any more."""
    plain = next(session for session in requests.Session.__mro__ if session.__module__ == "requests.sessions")
    monkeypatch.setattr(requests, "Session", plain)
    monkeypatch.setattr(requests.sessions, "Session", plain)


@pytest.mark.usefixtures("unguarded")
@pytest.mark.django_db(transaction=True)
def test_schemathesis_finds_no_fault(live_server, furnished):
    outcome = tried(live_server.url, token(furnished))
    assert outcome.faults == {}
    assert set(outcome.checks) == CHECKS
    assert set(outcome.phases) == {"examples", "coverage", "fuzzing", "stateful"}
