"""Channels that a reader's digests are pushed through, and each delivery: a row before anything is sent."""

import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from digest import channels
from digest.environment import host_of
from digest.models.leases import Leased, LeaseQuerySet

MOST_CHANNELS = 10
MOST_TESTS = 5
"""Tests and requests for confirmation that a reader may ask for in an hour."""


def new_secret() -> str:
    return secrets.token_urlsafe(24)


def new_key() -> str:
    host = host_of(settings.PUBLIC_URL).strip("[]") or settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(
        "> "
    )
    return f"{uuid.uuid4()}@{host or 'localhost'}"


class ChannelQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Channels that digests go through: confirmed, not paused, of readers who are there."""
        return self.kept().filter(paused_at=None, user__is_active=True).exclude(confirmed_at=None)

    def kept(self) -> Self:
        """Those that have not been removed."""
        return self.filter(removed_at=None)


class Channel(models.Model):
    """Where a reader wants their digests. The address may hold tokens: only `shown` is ever shown."""

    class Kind(models.TextChoices):
        MAIL = "mail", _("mail")
        CHAT = "chat", _("chat")
        WEBHOOK = "webhook", _("webhook")

    class Frequency(models.TextChoices):
        DAILY = "daily", _("every day")
        WEEKLY = "weekly", _("once a week")

    class Paused(models.TextChoices):
        FAILED = "failed", _("it was refused several times in a row")
        UNSUBSCRIBED = "unsubscribed", _("somebody unsubscribed by the link in a mail")
        READER = "reader", _("it was paused here")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="channels")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    address = models.CharField(max_length=channels.LONGEST)
    label = models.CharField(_("name"), max_length=60, blank=True)
    frequency = models.CharField(_("how often"), max_length=8, choices=Frequency, default=Frequency.DAILY)
    weekday = models.PositiveSmallIntegerField(
        _("on"),
        default=4,
        validators=[MaxValueValidator(6)],
        choices=list(WEEKDAYS.items()),
        help_text=_("For once a week."),
    )
    send_empty = models.BooleanField(_("also when there are no papers"), default=False)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    since = models.DateTimeField(
        default=timezone.now, help_text=_("Digests that were published before do not go through it.")
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("A removed one is kept for a day, so that tests stay counted.")
    )
    failures = models.PositiveSmallIntegerField(default=0, help_text=_("Refused in a row."))
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_why = models.CharField(max_length=16, blank=True, choices=Paused)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("channel")
        verbose_name_plural = _("channels")

    def __str__(self) -> str:
        return self.label or self.shown

    @property
    def shown(self) -> str:
        """The address without what may be secret in it."""
        return channels.masked(self.address)

    @property
    def service(self) -> str:
        return channels.service_name(self.address) if self.kind == self.Kind.CHAT else self.get_kind_display()

    def pause(self, why: str, now: datetime) -> None:
        """Nothing goes through it any more, not even what waits to be tried again."""
        Channel.objects.filter(pk=self.pk, paused_at=None).update(paused_at=now, paused_why=why)
        waiting = Delivery.objects.filter(channel=self.pk, state=Delivery.State.WAITING)
        waiting.exclude(kind__in=ASKED_FOR).update(
            state=Delivery.State.GIVEN_UP, next_try_at=None, error="The channel was paused meanwhile."
        )

    def resume(self, now: datetime) -> None:
        """Go on from now: what was published meanwhile is on the pages."""
        Channel.objects.filter(pk=self.pk).update(paused_at=None, paused_why="", failures=0, since=now)

    def remove(self, now: datetime) -> None:
        """Nothing more goes through it, and what may be secret in it is gone at once."""
        Channel.objects.filter(pk=self.pk).update(removed_at=now, address="", secret="", label="")


def is_own_address(user: Any, address: str) -> bool:
    """Whether mail to this address needs no confirmation: it is the account's."""
    if apps.is_installed("allauth.account"):
        return bool(user.emailaddress_set.filter(verified=True, email__iexact=address).exists())
    return bool(user.email) and user.email.lower() == address.lower()


ASKED_FOR = ("test", "confirm")
"""The kinds of delivery that a reader asks for; the others come by themselves."""


class DeliveryQuerySet(LeaseQuerySet):
    def due(self, now: datetime) -> Self:
        """What is to be tried now, oldest first: digests where their channel is open, what a reader asked for in
        any case."""
        rows = self.filter(state=Delivery.State.WAITING, next_try_at__lte=now, channel__removed_at=None)
        asked = Q(kind__in=ASKED_FOR, channel__user__is_active=True)
        return rows.filter(asked | Q(channel__in=Channel.objects.open())).order_by("next_try_at", "id")


class Delivery(Leased):
    """One message to one channel: made before it is sent, and sent once. Whoever sends it notes `begun_at` first,
    so that a death between sending and recording is seen: it is sent again under the same key, and counted."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        GIVEN_UP = "given up", _("given up")
        NOTHING = "nothing", _("nothing to send")

    class Kind(models.TextChoices):
        DAILY = "daily", _("digest")
        WEEKLY = "weekly", _("the week")
        TEST = "test", _("test")
        CONFIRM = "confirm", _("request to confirm")

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="deliveries")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    day = models.DateField(help_text=_("The arXiv day; of a week the day on which it is sent."))
    begins_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True, help_text=_("A week has the digests between."))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    key = models.CharField(
        max_length=300,
        default=new_key,
        unique=True,
        editable=False,
        help_text=_("The same for each try: Message-ID of a mail, Idempotency-Key of a webhook."),
    )
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    begun_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When the sending began of which it is not known how it ended.")
    )
    first_sent_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    again = models.PositiveSmallIntegerField(
        _("again"), default=0, help_text=_("Sent again since it was not known whether it had arrived.")
    )
    error = models.CharField(_("error"), max_length=400, blank=True)

    objects: ClassVar[Any] = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "kind", "day"],
                condition=Q(kind__in=["daily", "weekly"]),
                name="one_delivery_a_day",
            )
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="deliveries_newest"),
            models.Index(fields=["next_try_at"], name="deliveries_waiting", condition=Q(state="waiting")),
        ]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")

    def __str__(self) -> str:
        return f"{self.channel_id} {self.kind} {self.day}"

    @classmethod
    def ask(cls, channel: Channel, kind: str, now: datetime) -> "Delivery | None":
        """A test or a request to confirm; None where the reader has asked for too many in this hour."""
        asked = cls.objects.filter(
            channel__user=channel.user_id, kind__in=ASKED_FOR, created_at__gt=now - timedelta(hours=1)
        )
        if asked.count() >= MOST_TESTS:
            return None
        return cls.objects.create(channel=channel, kind=kind, day=now.date(), created_at=now, next_try_at=now)

    def retry(self, now: datetime) -> bool:
        """Try again what was given up, under its own key; False if it is not given up, or its channel is paused."""
        rows = Delivery.objects.filter(pk=self.pk, state=self.State.GIVEN_UP, channel__paused_at=None)
        return bool(rows.update(state=self.State.WAITING, next_try_at=now, attempts=0))
