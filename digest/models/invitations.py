"""Invitations: a link that makes an account, or a member of a lab, once."""

import hashlib
import secrets
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digest.models.labs import Lab, Membership


class Role(models.TextChoices):
    """What somebody may do here."""

    READER = "reader", _("reader")
    EDITOR = "editor", _("editor: corrects translations and the glossary")
    ADMINISTRATOR = "administrator", _("administrator")


class InvitationQuerySet(models.QuerySet):
    def open(self, now: datetime) -> Self:
        return self.filter(used_at=None, withdrawn_at=None, expires_at__gt=now)

    def of(self, token: str) -> Self:
        return self.filter(digest=Invitation.hash(token))


class Invitation(models.Model):
    """Only the hash of its token is kept: the link is shown, or mailed, once."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), blank=True)
    mailed = models.BooleanField(default=False)
    role = models.CharField(_("role"), max_length=13, choices=Role.choices, default=Role.READER)
    lab = models.ForeignKey(Lab, models.CASCADE, null=True, blank=True, related_name="invitations")
    lab_role = models.CharField(max_length=6, choices=Membership.Role.choices, default=Membership.Role.MEMBER)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="invitations", null=True, blank=True
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="accepted_invitations"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return self.email or f"{self.digest[:8]}…"

    @staticmethod
    def hash(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()

    @classmethod
    def make(cls, **fields: Any) -> tuple["Invitation", str]:
        """A new one; the second value is the secret, shown once."""
        token = secrets.token_urlsafe(24)
        return cls.objects.create(digest=cls.hash(token), **fields), token
