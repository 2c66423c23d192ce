"""arXiv: how to ask it politely, and how to read what it answers. Knows neither Django nor Celery."""
