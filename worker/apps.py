"""The work, as a Django app: only so that Django finds its commands. It has no models."""

from django.apps import AppConfig


class WorkerConfig(AppConfig):
    name = "worker"
