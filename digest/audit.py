"""The log of changes: one function that pages, the admin and commands write it by.

It says who did what to which row, and when; of columns their names only, since what stands in them may be a secret, a
note or somebody's interest. Of SHOWN, which are the installation's own, it has the old and the new value too.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from digest.models import Change

KEPT = timedelta(days=400)
"""As long as runs are kept."""
SHOWN = {
    "digest.installation": "model beam longest_sentence glossary spacing idle_minutes early backfill_days alert_hours",
    "digest.category": "followed",
    "digest.glossaryterm": "language term renderings field active",
    "digest.holiday": "evening reason",
    "digest.user": "is_active is_staff is_superuser",
}
_NAMED = 5
_LONGEST = 120


def note(by: Any, action: str, row: models.Model, **told: Any) -> None:
    """A change of one row; without a person (`by` is None) it is the command line's."""
    _write(by, action, row._meta.label_lower, row.pk, _name(row), told)


def note_all(by: Any, action: str, rows: Sequence[models.Model], **told: Any) -> None:
    """One line for many rows of a kind."""
    if len(rows) == 1:
        note(by, action, rows[0], **told)
    elif rows:
        names = ", ".join(_name(row)[:40] for row in rows[:_NAMED])
        more = " …" if len(rows) > _NAMED else ""
        _write(by, action, rows[0]._meta.label_lower, "", names + more, {"rows": len(rows), **told})


def note_done(by: Any, kind: type[models.Model], subject: str, what: str, **told: Any) -> None:
    """Something that was done to rows that nobody names: a day's, a keyword's."""
    _write(by, Change.Action.DONE, kind._meta.label_lower, "", subject, {"what": what, **told})


def _name(row: models.Model) -> str:
    """As it is called; of what has a name that is its owner's own, or an address, what may be shown of it."""
    return str(getattr(row, "shown", "") or row)


def _write(by: Any, action: str, kind: str, key: Any, subject: str, told: dict[str, Any]) -> None:
    Change.objects.create(
        at=timezone.now(),
        by=by if by is not None and by.pk else None,
        by_name=by.username if by is not None else "",
        action=action,
        kind=kind,
        key="" if key is None else str(key)[:60],
        subject=subject.replace("\x00", "")[:200],
        told=told,
    )


def shown(row: models.Model) -> dict[str, Any]:
    """The columns of a row whose values may stand in the log."""
    names = SHOWN.get(row._meta.label_lower, "").split()
    return {name: getattr(row, name) for name in names}


def differences(before: dict[str, Any], row: models.Model) -> dict[str, list[str]]:
    """What has changed of `shown`, from what to what."""
    after = shown(row)
    changed = {name for name in after if name in before and before[name] != after[name]}
    return {name: [_short(before[name]), _short(after[name])] for name in sorted(changed)}


def _short(value: Any) -> str:
    return str(value)[:_LONGEST]


def fields_of(message: Any) -> list[str]:
    """The names of columns in a change message of Django's admin; whose rows beside it they were of is not kept."""
    if not isinstance(message, Iterable) or isinstance(message, str):
        return []
    names: list[str] = []
    for part in message:
        for how, what in part.items():
            names += [*what.get("fields", ()), *([f"{how}: {what['name']}"] if what.get("name") else ())]
    return list(dict.fromkeys(names))


def sweep(now: datetime) -> int:
    """Forget what is older than KEPT."""
    return Change.objects.filter(at__lt=now - KEPT).delete()[0]
