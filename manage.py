#!/usr/bin/env python
"""Django's command line: `manage.py up` runs Paperglot, `manage.py help` lists the rest."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "digest.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit(
            "Paperglot is not installed in this Python. Make an environment and install it:\n"
            "  python3 -m venv .venv && .venv/bin/pip install -e '.[worker]'\n"
            "and call .venv/bin/python manage.py"
        )
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"paperglot: {error}")


if __name__ == "__main__":
    main()
