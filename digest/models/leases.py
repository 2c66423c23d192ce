"""Leases: how workers share rows without a lock and without losing one to a crash."""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import connections, models, transaction
from django.db.models import Q

from digest.models.seeing import Lapse


class LeaseQuerySet(models.QuerySet):
    def unleased(self, now: datetime) -> Self:
        """Rows that nobody holds: never leased, given back, or held by somebody who has died."""
        return self.filter(Q(leased_until=None) | Q(leased_until__lte=now))

    def claim(self, now: datetime, limit: int, hold: timedelta) -> list[Any]:
        """Lease up to `limit` of these rows, in their order; nobody else has them until `hold` has passed.

        SQLite takes its write lock at BEGIN, so two claims follow one another; elsewhere rows
        that another claim is taking are skipped.
        """
        token = uuid.uuid4()
        with transaction.atomic(using=self.db):
            rows = self.unleased(now)
            if connections[self.db].features.has_select_for_update_skip_locked:
                rows = rows.select_for_update(skip_locked=True, of=("self",))
            claimed: list[Any] = list(rows[:limit])
            keys = [row.pk for row in claimed]
            self.model._default_manager.using(self.db).filter(pk__in=keys).update(
                lease=token, leased_until=now + hold
            )
            if lost := [row.pk for row in claimed if row.lease]:  # whoever held it never gave it back
                Lapse.note(str(self.model._meta.model_name), lost, now)
        for row in claimed:
            row.lease, row.leased_until = token, now + hold
        return claimed

    def extend(self, token: uuid.UUID, until: datetime) -> int:
        """Hold the rows of a lease for longer; returns how many are still ours."""
        return self.filter(lease=token).update(leased_until=until)

    def give_back(self, token: uuid.UUID) -> int:
        """End a lease early; returns how many rows were still ours."""
        return self.filter(lease=token).update(lease=None, leased_until=None)


class Leased(models.Model):
    """A row that one worker at a time may work on.

    `lease` is a fencing token: a worker writes its result only where its own token still stands,
    so one that was thought dead and comes back writes nothing.
    """

    lease = models.UUIDField(null=True, blank=True, editable=False, db_index=True)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[Any] = LeaseQuerySet.as_manager()

    class Meta:
        abstract = True
