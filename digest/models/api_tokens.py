"""Tokens of the API: who asks, what they may do, until when."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

PREFIX = "pgl_"
"""Every token begins so: scanners that look for leaked secrets know it by that."""
MOST_TOKENS = 20
"""In use, of one reader."""


class ApiTokenQuerySet(models.QuerySet):
    def in_use(self, now: datetime) -> Self:
        """Neither revoked nor expired."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)

    def of(self, token: str) -> Self:
        return self.filter(digest=ApiToken.hash(token))


class ApiToken(models.Model):
    """A reader's key for programs. Only its hash is kept: who has lost it makes a new one."""

    class Scope(models.TextChoices):
        READ = "read", _("read: papers, digests, search, keywords, labs")
        WRITE = "write", _("write: marks, notes, keywords, labs")
        ACCOUNT = "account", _("account: profile, feed addresses, deliveries, your data")

    SEEN = timedelta(minutes=1)
    """How exactly `last_used_at` is kept: not more than one write in so long."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=60, help_text=_("What it is for: your notes, a script."))
    scopes = models.JSONField(default=list)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def hash(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()

    @property
    def scope_names(self) -> list[str]:
        return [str(self.Scope(scope).label) for scope in self.scopes if scope in self.Scope.values]

    @classmethod
    def make(
        cls, user: Any, name: str, scopes: list[str], now: datetime, expires_at: datetime | None = None
    ) -> tuple["ApiToken", str]:
        """A new one; the second value is the secret (256 bits), shown once."""
        token = f"{PREFIX}{secrets.token_urlsafe(32)}"
        fields = {"name": name, "scopes": scopes, "created_at": now, "expires_at": expires_at}
        return cls.objects.create(user=user, digest=cls.hash(token), **fields), token

    def rotate(self, now: datetime) -> tuple["ApiToken", str]:
        """A new secret in the place of this one, good for as long as this one was; this one stops at once."""
        self.revoke(now)
        until = now + (self.expires_at - self.created_at) if self.expires_at else None
        return self.make(self.user, self.name, self.scopes, now, until)

    def revoke(self, now: datetime) -> None:
        ApiToken.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=now)

    def used(self, now: datetime) -> None:
        """Note a use, seldom: one conditional UPDATE."""
        if self.last_used_at is None or now - self.last_used_at > self.SEEN:
            rows = ApiToken.objects.filter(pk=self.pk)
            rows.filter(Q(last_used_at=None) | Q(last_used_at__lt=now)).update(last_used_at=now)
