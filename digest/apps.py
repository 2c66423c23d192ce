"""The record and what people see, as a Django app."""

from django.apps import AppConfig


class DigestConfig(AppConfig):
    name = "digest"
    verbose_name = "Paperglot"

    def ready(self) -> None:
        from digest import checks, field_names  # noqa: F401  (checks registers the system checks)

        field_names.translate(self)
        field_names.translate_theirs()
