"""What readers do with papers: one place where states are set, taken back, and shown."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value

from digest.models import Desk, Digest, Entry, Paper, State, Tag, User
from digest.models.reading import LONGEST_NOTE, LONGEST_TAG
from digest.picture import DigestPicture, Marks, PaperPicture

FIELDS = {"read": "read_at", "save": "saved_at", "hide": "hidden_at"}
INVERSE = {
    "read": "unread",
    "save": "unsave",
    "hide": "show",
    "unread": "read",
    "unsave": "save",
    "show": "hide",
}
"""Each change and the one that takes it back. A change sets what it says; none toggles, so that two tabs, or a
message that comes twice, end the same."""
AWAY = timedelta(minutes=30)
"""So long without a page, and the next one begins a new visit."""
MOST_TAGS = 20


class NoteError(ValueError):
    """A note or a tag is too long; the message is for whoever typed it."""


class ChangedError(Exception):
    """The note was changed meanwhile, in another tab perhaps: what is there is not what was looked at."""


def mark(user: User, paper: Paper, what: str, now: datetime) -> list[str]:
    """Change a paper's state; returns the changes that take it back, none where it was so before. Saving counts as
    reading, so that what takes back a save may be two of them.

    Raises KeyError for a change that is none.
    """
    undone = what not in FIELDS
    field = FIELDS[INVERSE[what] if undone else what]
    state, _ = State.objects.get_or_create(user=user, paper=paper)
    rows = State.objects.filter(pk=state.pk)
    unset = Q(**{field: None})
    if undone:
        return [INVERSE[what]] if rows.exclude(unset).update(**{field: None}) else []
    back = [INVERSE[what]] if rows.filter(unset).update(**{field: now}) else []
    if what == "save" and rows.filter(read_at=None).update(read_at=now):
        back.append(INVERSE["read"])
    return back


def tags_in(text: str) -> list[str]:
    """Tags as they are typed, separated by commas (of either width), each once. Raises NoteError."""
    names = [
        " ".join(name.split())
        for name in text.replace("\x00", "").replace("，", ",").replace("、", ",").split(",")
    ]
    found = list(dict.fromkeys(name for name in names if name))
    if len(found) > MOST_TAGS or any(len(name) > LONGEST_TAG for name in found):
        raise NoteError
    return found


def rename(tag: Tag, name: str) -> bool:
    """Call a tag otherwise; False where its reader has one of that name. Raises NoteError."""
    name = " ".join(name.split())
    if tags_in(name) != [name]:
        raise NoteError
    try:
        with transaction.atomic():
            tag.name = name
            tag.save(update_fields=["name"])
    except IntegrityError:
        tag.refresh_from_db()
        return False
    return True


def _plain(note: str) -> str:
    return note.replace("\r\n", "\n").replace("\x00", "").strip()


@transaction.atomic
def write(
    user: User, paper: Paper, note: str, tags: Iterable[str], now: datetime, before: str | None = None
) -> State:
    """A note and tags for a paper, which saves it; `before` is the note that was looked at, if that is known. Raises
    NoteError for a note that is too long, ChangedError where it would overwrite another than `before`."""
    note = _plain(note)
    if len(note) > LONGEST_NOTE:
        raise NoteError
    State.objects.get_or_create(user=user, paper=paper)
    state = State.objects.select_for_update().get(user=user, paper=paper)
    if before is not None and state.note not in (_plain(before), note):
        raise ChangedError
    state.note, state.saved_at = note, state.saved_at or now
    state.read_at = state.read_at or now
    state.save(update_fields=["note", "saved_at", "read_at"])
    state.tags.set([Tag.objects.get_or_create(user=user, name=name)[0] for name in tags])
    user.tags.filter(states=None).delete()
    return state


def saved(user: User, tag: str = "") -> QuerySet[State]:
    """What a reader has saved, the newest first; of one tag, if it is named."""
    rows = user.states.exclude(saved_at=None).select_related("paper").prefetch_related("tags")
    return (rows.filter(tags__name=tag) if tag else rows).order_by("-saved_at", "-pk")


def tags(user: User) -> QuerySet[Tag]:
    """A reader's tags, each with the number of its saved `papers`."""
    return user.tags.annotate(papers=Count("states", filter=~Q(states__saved_at=None))).order_by("name")


def with_unread(owner: User, user: User | None) -> QuerySet[Digest]:
    """Digests of `owner` (a reader, a lab), each with the number of its `papers`, and of those that `user` has neither
    read nor hidden; none are unread by nobody."""
    if user is None:
        return owner.digests.annotate(papers=Count("entries"), unread=Value(0))
    states = State.objects.filter(user=user, paper=OuterRef("entries__paper"))
    gone = states.filter(~Q(read_at=None) | ~Q(hidden_at=None))
    return owner.digests.annotate(papers=Count("entries"), unread=Count("entries", filter=~Exists(gone)))


def unread(user: User, entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Entries of papers that this reader has neither read nor hidden."""
    states = State.objects.filter(user=user, paper=OuterRef("paper"))
    return entries.exclude(Exists(states.filter(~Q(read_at=None) | ~Q(hidden_at=None))))


# --- shown ------------------------------------------------------------------------------------


def marks_of(user: User, papers: Iterable[str]) -> dict[str, Marks]:
    """By arXiv id, what this reader has done with these papers."""
    rows = (
        user.states.filter(paper__arxiv_id__in=list(papers)).select_related("paper").prefetch_related("tags")
    )
    return {
        row.paper.arxiv_id: Marks(
            read=row.read_at is not None,
            saved=row.saved_at is not None,
            hidden=row.hidden_at is not None,
            note=row.note,
            tags=tuple(tag.name for tag in row.tags.all()),
        )
        for row in rows
    }


def marked(user: User, papers: Iterable[PaperPicture], since: datetime | None = None) -> list[PaperPicture]:
    """The same papers, each with what this reader has done with it, and whether it came after `since`."""
    pictures = list(papers)
    marks = marks_of(user, [paper.arxiv_id for paper in pictures])
    return [
        replace(
            paper,
            marks=replace(
                marks.get(paper.arxiv_id, Marks()),
                new=bool(since and paper.entry and paper.entry.added_at > since),
            ),
        )
        for paper in pictures
    ]


def marked_digest(user: User, digest: DigestPicture, since: datetime | None = None) -> DigestPicture:
    papers = iter(marked(user, digest.papers, since))
    groups = [replace(group, papers=tuple(next(papers) for _ in group.papers)) for group in digest.groups]
    return replace(digest, groups=tuple(groups))


def visit(user: User, now: datetime) -> Desk:
    """The reader's desk, with `since` moved where a new visit begins."""
    desk, _ = Desk.objects.get_or_create(user=user)
    if desk.seen_at is None or now - desk.seen_at > AWAY:
        desk.since = desk.seen_at
    if desk.seen_at is None or now - desk.seen_at > timedelta(minutes=1):
        desk.seen_at = now
        desk.save(update_fields=["since", "seen_at"])
    return desk
