"""Publish: a reader's matches of a day become their digest, once; what comes later is added to it.

**Missed days.** After an outage the days before the newest come late. A reader has a digest of each of them, or, if
they chose so (`User.catch_up`), one for all: a day of which they have no digest when a newer one is here gets none any
more, and its papers come in the newest day's digest, marked with their day, the proof of each day with it. That digest
waits for the missed days until its own deadline; what comes later still is added to it. `CaughtUp` says which digest
makes up for which day, so that a paper comes once however often publish is interrupted; a paper that was replaced
meanwhile comes as it was announced first.
"""

import logging
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from digest.arxiv_days import feeds_turn
from digest.lateness import bucket, seconds_late
from digest.models import CaughtUp, Digest, Entry, Installation, Section, Tally, User
from worker.celery import app, ring
from worker.readiness import Decision, due_at
from worker.rounds import Round, readers_of, recent_days
from worker.runs import recorded
from worker.wanted import Listed, Mark, mark, strongest

log = logging.getLogger("paperglot")
_LOOK_AGAIN = 600.0
"""Seconds after which a day is looked at again although nothing that brings papers has changed."""
_seen: dict[date, tuple[Mark, float]] = {}
"""By day, at which mark its digests that are out had everything. Only saves work, and every process its own: a day
that is not here is looked at."""

Part = tuple[Round, list[Listed]]
"""A day and what it brings a reader."""


@app.task(name="worker.publish")
def publish() -> None:
    if publish_due(timezone.now()):
        ring("index")


def publish_due(now: datetime) -> int:
    """Publish every digest that is ready, and add late papers to those that are out."""
    readers = readers_of(recent_days(now))
    rounds = [Round(day, now, readers[day]) for day in readers]
    return sum(_publish_day(look, rounds[:-1] if look is rounds[-1] else None) for look in rounds)


def _publish_day(now: Round, earlier: list[Round] | None) -> int:
    """Publish or complete the digests of a day that are ready; returns how many changed. Of the newest day: with the
    `earlier` ones, for readers who want what they missed in one digest."""
    state, changed, waiting = mark(now.day), 0, False
    same = _seen.get(now.day) == (state, now.now.timestamp() // _LOOK_AGAIN)
    for user in now.readers:
        out = user.pk in now.out
        at_once = user.catch_up == User.CatchUp.ONE
        if at_once and not out and earlier is None:
            continue  # it comes with the newest day
        missed = [day for day in earlier or () if user.pk in day.read_by - day.out] if at_once else []
        if out and same and not missed and user.pk not in now.again:
            continue
        decision, wanted = now.decide(user)
        ready = _ready(missed, user) if decision.publish else []
        if not decision.publish or (at_once and not out and _waits(now, user, missed, ready)):
            log.debug("%s %s: %s", user, now.day, decision.reason)
            waiting = waiting or out
        elif not out or ready or user.pk in now.again or now.wanted.lacks(user.pk, wanted):
            _publish(now, user, [*ready, (now, strongest(wanted))], decision)
            changed += 1
    if not (waiting or changed):
        _seen[now.day] = (state, now.now.timestamp() // _LOOK_AGAIN)
    return changed


def _ready(missed: list[Round], user: User) -> list[Part]:
    """What these days bring a reader, as far as they are ready."""
    decided = [(day, *day.decide(user)) for day in missed]
    return [(day, strongest(wanted)) for day, decision, wanted in decided if decision.publish]


def _waits(now: Round, user: User, missed: list[Round], ready: list[Part]) -> bool:
    """Whether a digest that makes up for missed days waits for one of them."""
    return not now.late and bool(len(ready) < len(missed) or now.waits_for(user))


def _publish(now: Round, user: User, parts: list[Part], decision: Decision) -> None:
    with recorded("publish", f"{user.username} {now.day}") as run, transaction.atomic():
        digest, new = _digest(now, user)
        if digest.again_at:
            _rearrange(parts[-1], digest)
        added = sum(_add(part, digest, papers) for part, papers in parts if _belongs(part, digest))
        digest.proof, digest.changed_at = now.proof_of(digest), now.now
        if digest.day == now.day:  # the last of the days that it has
            digest.again_at = None
        digest.save()
        run.counts = {"papers": added, "new": new, "reason": decision.reason}
        if len(parts) > 1:
            run.counts["days"] = len(parts) - 1
        _count(digest, user, new, added)
    log.info("digest %s for %s: %s, %d papers (%s)", digest.day, user.username,
             "published" if new else "added to", added, decision.reason)  # fmt: skip


def _count(digest: Digest, user: User, new: bool, added: int) -> None:
    if new:
        hour = due_at(digest.day, user.delivery_hour, user.zone)
        late = seconds_late(digest.published_at, feeds_turn(digest.day), hour, user.date_joined)
        Tally.add("digests", {"": 1})
        Tally.add("digests_late", {bucket(late): 1})
        Tally.add("digests_late_seconds", {"": late})
    Tally.add("digest_papers", {"": added})


def _digest(now: Round, user: User) -> tuple[Digest, bool]:
    """The reader's digest that has the day, and whether it is new."""
    if caught_up := CaughtUp.objects.filter(user=user, day=now.day).select_related("digest").first():
        return caught_up.digest, False
    return Digest.objects.get_or_create(
        user=user,
        day=now.day,
        defaults={"language": user.content_language, "published_at": now.now, "changed_at": now.now},
    )


def _belongs(day: Round, digest: Digest) -> bool:
    """Whether a day's papers come in this digest. Whoever says first that a missed day's do decides it."""
    if digest.day == day.day:
        return True
    if Digest.objects.filter(user=digest.user_id, day=day.day).exists():
        return False
    row, _ = CaughtUp.objects.get_or_create(user_id=digest.user_id, day=day.day, defaults={"digest": digest})
    return row.digest_id == digest.pk


def _rearrange(part: Part, digest: Digest) -> None:
    """Make a day's part of a digest anew: what is not wanted any more goes, what stays is put under the keyword under
    which it would be put now, and keeps its row."""
    now, papers = part
    wanted = {listed.paper_id: (place, listed) for place, listed in enumerate(papers)}
    entries = digest.entries.filter(announced_on=None if digest.day == now.day else now.day)
    entries.exclude(paper__in=wanted).delete()
    sections = _sections(digest)
    kept = list(entries)
    for entry in kept:
        entry.order, listed = wanted[entry.paper_id]
        entry.section = _section(now, digest, listed, sections) or entry.section
    Entry.objects.bulk_update(kept, ["order", "section"])
    digest.sections.exclude(pk__in=[section.pk for section in sections.values()]).filter(
        entries=None
    ).delete()


def _section(now: Round, digest: Digest, listed: Listed, sections: dict[int, Section]) -> Section | None:
    """The first of the reader's keywords that brought a paper."""
    brought = [sections[k] for k in now.wanted.brought(digest.user_id, listed) if k in sections]
    return min(brought, key=lambda section: (section.order, section.pk), default=None)


def _add(now: Round, digest: Digest, papers: list[Listed]) -> int:
    """Add sections for the reader's keywords and entries for the papers that are not there yet."""
    sections = _sections(digest)
    there = set(digest.entries.values_list("paper_id", flat=True))
    entries = []
    for place, listed in enumerate(papers, start=len(there)):
        section = _section(now, digest, listed, sections)
        if listed.paper_id in there or section is None:
            continue
        entries.append(
            Entry(
                digest=digest,
                section=section,
                paper_id=listed.paper_id,
                version_id=listed.version_id,
                announce_type=listed.announce_type,
                announced_on=None if digest.day == now.day else now.day,
                order=place,
                guid=guid(now.scope, digest, listed.name),
                added_at=now.now,
            )
        )
    Entry.objects.bulk_create(entries, ignore_conflicts=True)
    return len(entries)


def _sections(digest: Digest) -> dict[int, Section]:
    """The digest's section for each keyword that its reader follows now, by keyword; of a digest that is made once more
    as they call and order them now."""
    mine = [
        Section(digest=digest, keyword_id=s.keyword_id, label=s.label, order=place)
        for place, s in enumerate(digest.user.subscriptions.bringing())
    ]
    if digest.again_at and mine:
        keys, now = ["digest", "keyword"], ["label", "order"]
        Section.objects.bulk_create(mine, update_conflicts=True, unique_fields=keys, update_fields=now)
    else:
        Section.objects.bulk_create(mine, ignore_conflicts=True)
    followed = digest.user.subscriptions.bringing().values("keyword")
    return {section.keyword_id: section for section in digest.sections.filter(keyword__in=followed)}


def guid(scope: Installation, digest: Digest, arxiv_id: str) -> str:
    """A tag URI (RFC 4151) that depends on nothing that changes: not the host, not the day's text."""
    began = scope.created_at.date().isoformat()
    return f"tag:{scope.uuid}.paperglot.invalid,{began}:reader/{digest.user_id}/{arxiv_id}"
