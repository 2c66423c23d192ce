"""Papers to take along: a selection as a file, and how files are answered and documented."""

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Field, Router

from digest import citing
from digest.api.doors import READ, ApiRequest
from digest.api.fields import Format, Given
from digest.citations import FORMATS

router = Router(auth=READ, tags=["papers"])


def files() -> dict[str, Any]:
    """For `openapi_extra`: an answer that is a file of one of the formats."""
    kinds = {form.content_type.partition(";")[0]: {"schema": {"type": "string"}} for form in FORMATS.values()}
    for kind in kinds:
        if kind.endswith("json"):
            kinds[kind] = {"schema": {}}
    return {"responses": {200: {"description": "The file", "content": kinds}}}


def file(text: str, format: str) -> HttpResponse:
    return HttpResponse(text, FORMATS[format].content_type)


class Selection(Given):
    ids: list[Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\u0000]*$")]] = Field(
        min_length=1, max_length=citing.MOST, description="arXiv numbers, or addresses of papers on arXiv."
    )
    format: Format


@router.post("", openapi_extra=files(), summary="Any papers as one file")
def selection(request: ApiRequest, given: Selection) -> HttpResponse:
    """Papers that are not here are left out."""
    ids = citing.ids_in(" ".join(given.ids))
    found = citing.of_ids(ids, request.user.content_language)
    return file(FORMATS[given.format].write(found), given.format)
