"""The API as its OpenAPI document has it, tried by schemathesis with every check that it has."""

import os, sys
from collections import Counter

import pytest
import schemathesis
from schemathesis.config import GenerationConfig, SchemathesisConfig
from schemathesis.engine import from_schema, events
from schemathesis.engine.events import ScenarioFinished, NonFatalError, FatalError, PhaseFinished

import tests.api_formats  # noqa: F401
from digest.models import ApiToken
from tests.api import ROOT, token
from tests.test_access import bobs  # noqa: F401


@pytest.mark.django_db(transaction=True)
def test_schemathesis_finds_no_fault(live_server, bobs, settings):  # noqa: F811
    settings.LIMITS = {name: (1_000_000, 60) for name in settings.LIMITS}
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    bobs.is_superuser = True
    bobs.save()
    secret = token(bobs)
    config = SchemathesisConfig.from_dict({
        "seed": 1,
        "headers": {"Authorization": f"Bearer {secret}"},
        "generation": {"max-examples": int(os.environ.get("EX", 10)), "deterministic": True, "no-shrink": True},
        "continue-on-failure": True,
    })
    import time
    t=time.time()
    schema = schemathesis.openapi.from_url(f"{live_server}{ROOT}/openapi.json", config=config)
    found = {}
    phases = Counter()
    sys.path.insert(0,"/tmp"); import sampler
    for event in from_schema(schema).execute():
        if isinstance(event, PhaseFinished):
            print(event.phase.name, event.status, event.phase.skip_reason, round(time.time()-t))
        if isinstance(event, (NonFatalError, FatalError)):
            print("ERROR", event, str(getattr(event, "value", ""))[:500])
        if isinstance(event, ScenarioFinished):
            phases[event.phase] += len(event.recorder.cases)
            for case_id, checks in event.recorder.checks.items():
                for check in checks:
                    if check.failure_info:
                        f = check.failure_info.failure
                        i = event.recorder.interactions[case_id]
                        key = (event.recorder.cases[case_id].value.operation.label, check.name)
                        found.setdefault(key, []).append((f, i, check.failure_info.code_sample, event.phase))
    print(phases)
    for key, fs in sorted(found.items()):
        f, i, code, phase = fs[0]
        print("####", key, len(fs), phase.name, "\n", f.title, str(f.message)[:300], "\n", code[:700], "\n ->", i.response and (i.response.status_code, i.response.content[:400]))
    sampler.dump()
    assert not found
