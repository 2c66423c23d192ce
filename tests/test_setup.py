"""digest/setup.py: a link that works once makes the first administrator."""

import pytest

from digest import setup
from digest.models import Installation, User

ADA = {
    "username": "ada",
    "password": "correct-horse-9",
    "email": "ada@example.org",
    "time_zone": "Asia/Tokyo",
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> User:
    """The sample's reader, as the sample makes it: nobody can log in as it."""
    user = User.objects.create(username=setup.SAMPLE_READER)
    user.set_unusable_password()
    user.save()
    return user


def test_set_up_is_needed_until_there_is_an_administrator(alice):
    assert not setup.needed()
    User.objects.update(is_active=False)
    assert setup.needed()


def test_a_reader_is_no_administrator(bob):
    assert setup.needed()


def test_a_new_token_is_accepted():
    assert setup.accepts(setup.new_token())


def test_another_token_is_not():
    setup.new_token()
    assert not setup.accepts("another")


def test_before_a_token_was_made_none_is_accepted():
    assert not setup.accepts("")


def test_a_newer_token_voids_the_one_before():
    old = setup.new_token()
    setup.new_token()
    assert not setup.accepts(old)


def test_only_the_hash_of_a_token_is_kept():
    token = setup.new_token()
    assert token not in str(Installation.objects.values().get())


def test_a_token_is_void_once_there_is_an_administrator(alice):
    assert not setup.accepts(setup.new_token())


def first() -> User:
    """The first administrator, by a link made just now."""
    setup.new_token()
    return setup.first_administrator(**ADA)


def test_of_two_who_use_the_link_at_once_one_becomes_administrator():
    assert first() is not None
    assert setup.first_administrator(**{**ADA, "username": "eve"}) is None
    assert User.objects.filter(is_superuser=True).count() == 1


def test_the_first_administrator_may_do_everything():
    user = first()
    assert (user.is_staff, user.is_superuser, user.time_zone) == (True, True, "Asia/Tokyo")
    assert user.check_password("correct-horse-9")


def test_the_first_administrator_voids_the_link():
    token = setup.new_token()
    setup.first_administrator(**ADA).delete()
    assert not setup.accepts(token)


def test_the_samples_reader_becomes_the_first_administrator(reader):
    assert first().pk == reader.pk
    assert User.objects.get().username == "ada"


def test_a_reader_of_the_same_name_who_has_a_password_is_left_alone():
    own = User.objects.create_user(setup.SAMPLE_READER, password="my-own-password")
    assert first().pk != own.pk
    own.refresh_from_db()
    assert own.check_password("my-own-password")
