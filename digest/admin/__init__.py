"""The operator's door: every row to look at, and what to do about it now."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from digest.admin import (  # noqa: F401  (they register)
    arxiv,
    changes,
    delivery,
    digests,
    installation,
    keywords,
    people,
    translation,
)
from digest.admin.names import give_names

give_names()
admin.site.site_header = admin.site.site_title = "Paperglot"
admin.site.index_title = _("Administration")
