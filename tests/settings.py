"""The product's settings, made fast and harmless: a throw-away data folder, no broker, no network."""

import atexit
import os
import shutil
import tempfile

_data = tempfile.mkdtemp(prefix="paperglot-tests-")
atexit.register(shutil.rmtree, _data, ignore_errors=True)
for name in [name for name in os.environ if name.startswith("PAPERGLOT_") and "TEST" not in name]:
    del os.environ[name]
os.environ["PAPERGLOT_DATA"] = _data
os.environ["PAPERGLOT_ARXIV_URL"] = "http://127.0.0.1:9"  # nobody listens: a test that asks arXiv fails
os.environ["PAPERGLOT_HUB_URL"] = "http://127.0.0.1:9"
os.environ["PAPERGLOT_ARXIV_INTERVAL"] = "0"
if url := os.environ.get("PAPERGLOT_TEST_DATABASE_URL"):
    os.environ["PAPERGLOT_DATABASE_URL"] = url

from digest.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file as in the product and not memory, so that threads have connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "tests.sqlite3")}  # noqa: F405
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405 (`up` makes it; WhiteNoise wants it to be there)
WHITENOISE_AUTOREFRESH = True  # every test has a client of its own; none lists all static files first
