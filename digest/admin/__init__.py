"""The operator's door: every row to look at, and what to do about it now."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from digest.admin import arxiv, delivery, digests, installation, people, translation  # noqa: F401  (they register)

admin.site.site_header = admin.site.site_title = "Paperglot"
admin.site.index_title = _("Administration")
