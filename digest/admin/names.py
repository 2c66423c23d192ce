"""Words of our own for the columns of django-allauth's models, which have none that can be translated.

A field's migrations know it by the name that it was made with, which stays as it is.
"""

from django.apps import apps
from django.utils.translation import gettext_lazy as _

NAMES = {
    "account": _("account"),
    "app": _("application"),
    "created_at": _("made at"),
    "data": _("data"),
    "ip": _("IP address"),
    "last_seen_at": _("last seen at"),
    "last_used_at": _("last used at"),
    "settings": _("settings"),
    "type": _("kind"),
    "user": _("user"),
    "user_agent": _("browser"),
}
APPS = ("mfa", "socialaccount", "usersessions")


def give_names() -> None:
    """Name the fields that their makers left without one."""
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.fields:
                if field.name in NAMES and field.verbose_name == field.name.replace("_", " "):
                    field.verbose_name = NAMES[field.name]
