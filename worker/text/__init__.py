"""Text in, text out: sentences, what must not be translated, and whether a translation is one.

Knows neither Django nor Celery.
"""
