"""The first minutes of an installation: a one-time link makes its first administrator."""

import secrets
from typing import Any

from django.db import transaction
from django.utils.crypto import constant_time_compare

from digest import audit
from digest.models import Change, FeedToken, Installation, User

SAMPLE_READER = "reader"


def needed() -> bool:
    """Whether there is no administrator yet."""
    return not User.objects.filter(is_superuser=True, is_active=True).exists()


def new_token() -> str:
    """A new set-up token; the one before is void. Only its hash is kept."""
    token = secrets.token_urlsafe(24)
    installation = Installation.current()
    installation.setup_hash = FeedToken.hash(token)
    installation.save(update_fields=["setup_hash"])
    return token


def accepts(token: str) -> bool:
    """Whether a token opens the set-up page: it is the last one made, and nobody has used it."""
    expected = Installation.current().setup_hash
    return bool(expected) and needed() and constant_time_compare(expected, FeedToken.hash(token))


def samples_reader() -> User | None:
    """The sample's reader, while nobody can log in as it."""
    user = User.objects.filter(username=SAMPLE_READER, is_superuser=False).first()
    return user if user and not (user.password and user.has_usable_password()) else None


@transaction.atomic
def first_administrator(username: str, password: str, **profile: Any) -> User | None:
    """Make the first administrator, and void the link; None where somebody was faster. The sample's reader,
    if there is one, becomes it: so the sample's digest is theirs."""
    if not Installation.objects.filter(pk=1).exclude(setup_hash="").update(setup_hash=""):
        return None
    user = samples_reader() or User()
    user.username = username
    user.is_staff = user.is_superuser = True
    for name, value in profile.items():
        setattr(user, name, value)
    user.set_password(password)
    user.save()
    audit.note(user, Change.Action.ADDED, user, what="setup")
    return user
