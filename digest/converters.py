"""Days and papers in addresses: /digests/2026-05-12/, /papers/hep-th/9901001/."""

from datetime import date

from django.urls import register_converter
from django.urls.converters import StringConverter


class DayConverter:
    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)  # a ValueError is a 404

    def to_url(self, value: date) -> str:
        return value.isoformat()


class ArxivIdConverter(StringConverter):
    """2611.01234, or an old one with its slash: hep-th/9901001."""

    regex = r"\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7}"


register_converter(DayConverter, "day")
register_converter(ArxivIdConverter, "arxiv_id")
