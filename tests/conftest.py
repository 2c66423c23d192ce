"""What tests share: alice (administrator), bob (a reader) and charlie (who has no access to their things)."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.apps import apps
from django.db.models import Model
from django.test import Client
from django.utils import translation

from digest.models import Announcement, Category, Digest, User
from tests import chromium
from tests.api import Program, token
from tests.documents import Document
from tests.engines import FakeEngine
from tests.listener import Listener
from tests.replica import Replica
from tests.smtp import SmtpServer
from worker.arxiv.client import Client as ArxivClient
from worker.arxiv.feeds import parse
from worker.store import store

hypothesis.settings.register_profile("tests", deadline=None)  # other jobs may share the machine
hypothesis.settings.load_profile("tests")

DATA = Path(__file__).parent / "data"
NOW = datetime(2026, 5, 12, 6, 0, tzinfo=UTC)
"""Two hours after the feeds turned to Tuesday 2026-05-12."""


_WRITTEN_BY_MIGRATIONS: list[Model] = []


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        models = apps.get_app_config("digest").get_models()
        _WRITTEN_BY_MIGRATIONS[:] = [row for model in models for row in model._default_manager.all()]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """A test without a transaction ends by emptying every table: what migrations wrote comes back."""
    yield
    marker = item.get_closest_marker("django_db")
    emptied = "transactional_db" in getattr(item, "fixturenames", ()) or (
        marker is not None and marker.kwargs.get("transaction")
    )
    if emptied and nextitem is not None:
        with item._request.getfixturevalue("django_db_blocker").unblock():  # type: ignore[attr-defined]
            for row in _WRITTEN_BY_MIGRATIONS:
                row.save()


@pytest.fixture(autouse=True)
def _polls_are_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their count is written now and then, by the clock: no test's queries depend on when."""
    monkeypatch.setattr("digest.polls.EVERY", float("inf"))
    monkeypatch.setattr("digest.polls._counted", Counter())


@pytest.fixture(autouse=True)
def _the_language_of_a_page_ends_with_its_test() -> Iterator[None]:
    yield
    translation.deactivate()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_superuser("alice", "alice@example.org", "alice-password")


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob", "bob@example.org", "bob-password")


@pytest.fixture
def charlie(db: None) -> User:
    return User.objects.create_user("charlie", "charlie@example.org", "charlie-password")


@pytest.fixture
def as_bob(client: Client, bob: User) -> Client:
    """Bob is logged in; a module's own fixture of this name gives him something first."""
    client.force_login(bob)
    return client


@pytest.fixture
def as_charlie(client: Client, charlie: User) -> Client:
    client.force_login(charlie)
    return client


@pytest.fixture
def bobs_program(bob: User) -> Program:
    """With a token of bob's that may do everything."""
    return Program(token(bob))


@pytest.fixture
def document() -> Document:
    """An empty announcement of cs.LG of Tuesday 2026-05-12; add items to it."""
    return Document()


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


def announced(document: Document, when: datetime = NOW) -> Announcement:
    """Store a document as its category's announcement, as fetch does."""
    parsed = parse(document.rss())
    category, _ = Category.objects.get_or_create(
        code=parsed.categories[0], defaults={"followed": True, "next_fetch_at": when}
    )
    return store(category, parsed, "a test", when)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the engine failed on is taken up again at once."""
    monkeypatch.setattr("worker.translate.REST", timedelta(0))


@pytest.fixture
def replica(monkeypatch: pytest.MonkeyPatch) -> Iterator[Replica]:
    """A server on this machine; no proxy of the environment stands before it."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Replica() as replica:
        yield replica


@pytest.fixture
def arxiv(replica: Replica) -> ArxivClient:
    """A polite client whose arXiv is the replica; it need not wait for its turn."""
    return ArxivClient(nullcontext, base_url=replica.url)


@pytest.fixture
def smtp(settings: Any) -> Iterator[SmtpServer]:
    """A mail server of one's own, through which the installation mails."""
    with SmtpServer() as server:
        server.settings(settings)
        yield server


@pytest.fixture
def inside(settings: Any) -> Iterator[Listener]:
    """A web server on this machine that channels may reach."""
    settings.INSIDE_HOSTS = frozenset({"127.0.0.1"})
    with Listener() as listener:
        yield listener


@pytest.fixture
def category(db: None) -> Category:
    """cs.LG, followed, and due now."""
    return Category.objects.create(code="cs.LG", followed=True, next_fetch_at=NOW)


@pytest.fixture
def announce(db: None) -> Callable[..., Announcement]:
    return announced


@pytest.fixture
def bobs_digest(bob: User) -> Digest:
    """Two papers under two of bob's three keywords, in English and Chinese."""
    from tests.steps import publish

    document = Document()
    document.add(
        "2605.90001",
        title="A Robot of Order $O(n^2)$",
        abstract="The robot walks on $n<4$ legs. See https://example.org/robot for more.",
        announce_type="cross",
    )
    document.add("2605.90002", title="Diffusion Policy", abstract="We train a policy on robots.")
    return publish(bob, document, "Robot", "graph neural network", "diffusion policy")


RECORDINGS = Path(__file__).resolve().parent.parent.parent / "shared" / "arxiv"


@pytest.fixture
def shared() -> Path:
    """Recorded arXiv documents, where they lie beside the checkout."""
    return RECORDINGS


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the recordings, and say why it is skipped where there are none."""
    why = "arXiv's recorded documents are no part of the project, and lie not beside this checkout"
    for item in items:
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.recordings)
            item.add_marker(pytest.mark.skipif(not RECORDINGS.is_dir(), reason=why))


# --- a real browser -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the installation that a module's browser visits."""
    return tmp_path_factory.mktemp("visited") / "data"


@pytest.fixture(scope="module")
def reader(data: Path) -> Iterator[tuple]:
    """A browser, and an installation with the sample day and an administrator."""
    yield from chromium.sample_reader(data)


@pytest.fixture(params=chromium.VISITS)
def visit(reader: tuple, request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Makes the administrator's pages, or those of somebody with other cookies, at one of the visits."""
    yield from chromium.visits(reader, request.param)


@pytest.fixture
def page(visit: Callable[..., Any]) -> Any:
    return visit()


@pytest.fixture
def scriptless(visit: Callable[..., Any]) -> Any:
    return visit(java_script_enabled=False)
