"""Correcting a translation, sentence by sentence, for editors."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from digest import corrections
from digest.api.doors import READ, WRITE, ApiRequest
from digest.api.fields import NO_NUL, Given, Pk
from digest.api.problems import mistaken
from digest.corrections import CorrectionError
from digest.models import Segment, Sentence
from digest.verdicts import words

router = Router(auth=READ, tags=["corrections"])


class SentenceRow(Schema):
    id: int
    arxiv_id: str
    language: str
    source: str
    text: str
    why: str = Field(description="Why there is no translation, in words.")
    corrected: bool


class GivenText(Given):
    text: str = Field(
        min_length=1,
        max_length=corrections.LONGEST,
        pattern=NO_NUL,
        description="Formulas and addresses stand in it as often as in the source.",
        json_schema_extra={"format": "paperglot-correction"},
    )


def _segment(request: ApiRequest, pk: int) -> tuple[Segment, Sentence]:
    if not request.user.has_perm("digest.add_correction"):
        raise PermissionDenied
    rows = Segment.objects.select_related("translation__version__paper", "sentence")
    row = get_object_or_404(rows, pk=pk, sentence__isnull=False)
    assert row.sentence
    return row, row.sentence


def _told(request: ApiRequest, pk: int) -> dict[str, Any]:
    row, sentence = _segment(request, pk)
    return {
        "id": row.pk,
        "arxiv_id": row.translation.version.paper.arxiv_id,
        "language": sentence.language,
        "source": row.source,
        "text": row.text,
        "why": words(sentence.verdict),
        "corrected": corrections.of(sentence).exists(),
    }


@router.get("/{pk}", response=SentenceRow, summary="A sentence in both languages")
def one(request: ApiRequest, pk: Pk) -> Any:
    return _told(request, pk)


@router.put("/{pk}/correction", auth=WRITE, response=SentenceRow, summary="Correct it, wherever it stands")
def correct(request: ApiRequest, pk: Pk, given: GivenText) -> Any:
    row, _sentence = _segment(request, pk)
    try:
        corrections.correct(row, given.text, request.user)
    except CorrectionError as error:
        raise mistaken(str(error), "text") from error
    return _told(request, pk)


@router.delete("/{pk}/correction", auth=WRITE, response={204: None}, summary="Take a correction back")
def withdraw(request: ApiRequest, pk: Pk) -> Status[None]:
    _row, sentence = _segment(request, pk)
    corrections.withdraw(corrections.of(sentence))
    return Status(204, None)
