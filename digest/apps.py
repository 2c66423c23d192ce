"""The record and what people see, as a Django app."""

from django.apps import AppConfig


class DigestConfig(AppConfig):
    name = "digest"
    verbose_name = "Paperglot"

    def ready(self) -> None:
        from digest import checks  # noqa: F401  (registers the system checks)
