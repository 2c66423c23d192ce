"""What a reader does with a paper: read, saved, hidden; a note and tags; and how it is taken back."""

from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from digest import reading
from digest.api.doors import WRITE, ApiRequest
from digest.api.fields import ArxivId, Given, Text
from digest.api.problems import mistaken
from digest.api.shapes import Marks
from digest.models import Paper, User
from digest.models.reading import LONGEST_NOTE, LONGEST_TAG

router = Router(auth=WRITE, tags=["marks"])
Tag = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_TAG, pattern=r"^[^\s\u0000-\u001f,，、][^\u0000-\u001f,，、]*$"),
]


class GivenMarks(Given):
    """What is to change; each says what shall be, and none toggles, so sending it twice does no harm."""

    read: bool | None = None
    saved: bool | None = Field(None, description="Saving counts as reading.")
    hidden: bool | None = None


class Undo(Schema):
    """What was before: sent to the same address it takes the change back."""

    read: bool | None = None
    saved: bool | None = None
    hidden: bool | None = None


class Marked(Schema):
    marks: Marks
    undo: Undo


class GivenNote(Given):
    """Both save the paper; an empty note and no tags take them off."""

    note: Text = Field("", max_length=LONGEST_NOTE)
    tags: list[Tag] = Field(default_factory=list, max_length=reading.MOST_TAGS)


_CHANGES = {"read": ("read", "unread"), "saved": ("save", "unsave"), "hidden": ("hide", "show")}


@router.patch("/{arxiv_id:arxiv_id}/marks", response=Marked, exclude_none=True, summary="Mark a paper")
def change(request: ApiRequest, arxiv_id: ArxivId, given: GivenMarks) -> dict[str, Any]:
    """Saved, read, hidden, each by itself; `undo` of the answer takes it back."""
    paper, now = get_object_or_404(Paper, arxiv_id=arxiv_id), timezone.now()
    before = _marks(request.user, paper)
    for name, wanted in given.dict(exclude_none=True).items():
        reading.mark(request.user, paper, _CHANGES[name][0 if wanted else 1], now)
    after = _marks(request.user, paper)
    changed = {
        name: getattr(before, name) for name in _CHANGES if getattr(before, name) != getattr(after, name)
    }
    return {"marks": after, "undo": changed}


@router.put("/{arxiv_id:arxiv_id}/note", response=Marks, summary="A note and tags for a paper")
def note(request: ApiRequest, arxiv_id: ArxivId, given: GivenNote) -> Any:
    paper = get_object_or_404(Paper, arxiv_id=arxiv_id)
    try:
        tags = reading.tags_in(",".join(given.tags))
        reading.write(request.user, paper, given.note, tags, timezone.now())
    except reading.NoteError:
        raise mistaken(
            _("A tag has 1 to %(most)s characters and no comma.") % {"most": LONGEST_TAG}, "tags"
        ) from None
    return _marks(request.user, paper)


def _marks(user: User, paper: Paper) -> Any:
    return reading.marks_of(user, [paper.arxiv_id]).get(paper.arxiv_id, reading.Marks())
