"""What a reader owns here, in one place: it is exported on request, and goes with the account.

Every model that points to User stands in OWNED or in EXCUSED (tests/test_own_data.py walks them).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import models, transaction
from django.db.models import CASCADE

from digest import labs, roles
from digest.models import (
    ApiToken,
    CaughtUp,
    Channel,
    Correction,
    Delivery,
    Desk,
    Digest,
    Entry,
    FeedToken,
    Interest,
    Invitation,
    LabPaper,
    Membership,
    State,
    Subscription,
    Tag,
    User,
)


@dataclass(frozen=True, slots=True)
class Owned:
    """Rows of a model that are a reader's: by which path to User, and which columns tell them."""

    name: str
    model: type[models.Model]
    user: str
    columns: tuple[str, ...]

    def rows(self, user: User) -> Any:
        return self.model._default_manager.filter(**{self.user: user}).order_by("pk")

    @property
    def goes(self) -> bool:
        """Whether it is deleted with the account; else only its name is taken off."""
        field = self.model._meta.get_field(self.user.split("__")[0])
        return field.remote_field.on_delete is CASCADE  # type: ignore[union-attr]


PROFILE = (
    "username", "email", "first_name", "last_name", "date_joined", "last_login", "last_seen_at", "is_superuser",
    "content_language", "interface_language", "time_zone", "delivery_hour", "display", "formulas",
    "catch_up",
)  # fmt: skip
OWNED = (
    Owned("keywords", Subscription, "user",
          ("label", "rule", "keyword__canonical", "order", "paused", "excluded", "replacements", "created_at")),
    Owned("digests", Digest, "user", ("day", "language", "published_at", "changed_at", "proof")),
    Owned("papers", Entry, "digest__user",
          ("digest__day", "section__label", "paper__arxiv_id", "version__number", "announce_type", "added_at")),
    Owned("states", State, "user", ("paper__arxiv_id", "read_at", "hidden_at", "saved_at", "note")),
    Owned("tags", State.tags.through, "state__user", ("state__paper__arxiv_id", "tag__name")),
    Owned("tag_names", Tag, "user", ("name",)),
    Owned("desk", Desk, "user", ("one_list", "seen_at", "since")),
    Owned("channels", Channel, "user", ("kind", "label", "frequency", "weekday", "send_empty", "created_at")),
    Owned("deliveries", Delivery, "channel__user", ("channel__label", "kind", "day", "state", "sent_at", "error")),
    Owned("missed_days", CaughtUp, "user", ("day", "digest__day")),
    Owned("corrections", Correction, "by", ("language", "source", "text", "at")),
    Owned("feed_addresses", FeedToken, "user",
          ("scope", "keyword__canonical", "created_at", "last_used_at", "revoked_at")),
    Owned("api_tokens", ApiToken, "user",
          ("name", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at")),
    Owned("labs", Membership, "user", ("lab__name", "lab__slug", "role", "joined_at")),
    Owned("papers_for_labs", LabPaper, "added_by", ("lab__name", "paper__arxiv_id", "note", "added_at")),
    Owned("interests", Interest, "user", ("lab_paper__lab__name", "lab_paper__paper__arxiv_id", "since")),
    Owned("invitations", Invitation, "by", ("email", "role", "lab__name", "created_at", "expires_at", "used_at")),
    Owned("addresses", EmailAddress, "user", ("email", "verified", "primary")),
    Owned("second_factors", Authenticator, "user", ("type", "created_at", "last_used_at")),
    Owned("accounts_elsewhere", SocialAccount, "user", ("provider", "uid", "date_joined", "last_login")),
    Owned("sessions", UserSession, "user", ("ip", "user_agent", "created_at", "last_seen_at")),
)  # fmt: skip
"""Addresses of channels are left out: they hold secrets."""
EXCUSED = {
    "digest.Lab.reader": "a lab's reader is nobody; the lab goes by its own page",
    "digest.Lab.members": "through Membership",
    "digest.Invitation.used_by": "who was invited is the inviter's record; only the name is taken off",
    "admin.LogEntry.user": "Django's record of what administrators changed, before there was digest.Change",
    "digest.Change.by": "the record of what administrators changed: it stays, with their name, as long as it is kept",
    "digest.User.groups": "the role, which stands in the profile",
    "digest.User.user_permissions": "the role, which stands in the profile",
}


def exported(user: User, now: datetime) -> dict[str, Any]:
    """Everything, as plain data for JSON."""
    profile = {name: getattr(user, name) for name in PROFILE} | {"role": roles.role_of(user).value}
    rows = {owned.name: list(owned.rows(user).values(*owned.columns)) for owned in OWNED}
    return {"paperglot": "own data", "made_at": now, "profile": profile, **rows}


def counts(user: User) -> list[tuple[str, int]]:
    """How many rows go with the account, by name, where there are any."""
    found = [(owned.name, owned.rows(user).count()) for owned in OWNED if owned.goes]
    return [(name, count) for name, count in found if count]


class StillNeededError(Exception):
    """The account can't go yet."""

    def __init__(self, held_up: list[Any]) -> None:
        super().__init__()
        self.labs = held_up
        """Labs that need another owner first; none: the last administrator."""


@transaction.atomic
def check(user: User) -> None:
    """Raises StillNeededError."""
    try:
        roles.keep_one(user)
    except roles.LastAdministratorError:
        raise StillNeededError([]) from None
    if held_up := labs.held_up_by(user):
        raise StillNeededError(held_up)


@transaction.atomic
def delete(user: User) -> None:
    """Delete the account with all of it, and the labs that nobody else belongs to, now. Raises StillNeededError."""
    check(user)
    for lab in labs.only_of(user):
        labs.close(lab)
    user.delete()
