"""The OpenAPI document: ninja's, with the errors, scopes and files that every operation has in common."""

import hashlib
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.responses import Response

from digest.api.doors import Token
from digest.api.problems import DECLARED, MEDIA_TYPE, Problem

_REF = "#/components/schemas/{model}"


class Document(OpenAPISchema):
    def get_paths(self) -> dict[str, Any]:
        schema = Problem.model_json_schema(ref_template=_REF, mode="serialization")
        self.add_schema_definitions(schema.pop("$defs", {}))
        self.add_schema_definitions({"Problem": schema})
        return super().get_paths()

    def responses(self, operation: Operation) -> dict[int, Any]:
        """Each of ours, and the errors that all may have."""
        found = super().responses(operation)
        for status in DECLARED:
            found[status] = {
                "description": Problem.__doc__,
                "content": {MEDIA_TYPE: {"schema": {"$ref": _REF.format(model="Problem")}}},
            }
        found[401]["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}, "required": True}}
        found[429]["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "required": True}}
        return found

    def operation_security(self, operation: Operation) -> list[Any]:
        """The scope is told where OpenAPI 3.1 has it for roles."""
        for auth in operation.auth_callbacks:
            assert isinstance(auth, Token)
            self.securitySchemes["Token"] = auth.openapi_security_schema
        return [{"Token": [str(auth.scope)]} for auth in operation.auth_callbacks if isinstance(auth, Token)]


class Api(NinjaAPI):
    @cached_property
    def document(self) -> OpenAPISchema:
        """Made once in a process: nothing in it depends on who asks, or in which language."""
        return self.get_openapi_schema()

    @cached_property
    def _written(self) -> tuple[bytes, str]:
        """The document as JSON, and its ETag."""
        text: bytes = Response(self.document).content
        return text, quote_etag(hashlib.sha256(text).hexdigest()[:32])

    def document_json(self, request: HttpRequest, **_given: Any) -> HttpResponse:
        """Not sent again to whoever has it already."""
        text, etag = self._written
        answer = get_conditional_response(request, etag=etag) or HttpResponse(
            text, "application/json; charset=utf-8"
        )
        answer["ETag"] = etag
        answer["Cache-Control"] = "public, no-cache"
        return answer

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        return Document(self, self.get_root_path(path_params or {}) if path_prefix is None else path_prefix)

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """`keywords.follow`: the area and the function."""
        return f"{operation.view_func.__module__.rpartition('.')[2]}.{operation.view_func.__name__}"
