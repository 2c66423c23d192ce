"""What the columns of the record are called in the admin, for makemessages to find.

Most fields have no `verbose_name`, so Django calls them as their attribute is called, in English: `first_seen_at`
is "first seen at". `translate` makes those names follow the interface language. That is no change of the record,
where a `verbose_name` on each would be a migration of a hundred fields.
"""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.utils.translation import gettext_noop as _

NAMES = [
    _("abstract"),
    _("action"),
    _("active"),
    _("added at"),
    _("address"),
    _("again at"),
    _("announce type"),
    _("announcement"),
    _("applied at"),
    _("arxiv id"),
    _("at"),
    _("attempts"),
    _("authors"),
    _("backed up at"),
    _("began at"),
    _("begins at"),
    _("begun at"),
    _("by name"),
    _("by"),
    _("canonical"),
    _("categories"),
    _("category"),
    _("changed at"),
    _("channel"),
    _("closed at"),
    _("code"),
    _("comments"),
    _("complete at"),
    _("confirmed at"),
    _("counts"),
    _("created at"),
    _("day"),
    _("declared"),
    _("digest"),
    _("disk free"),
    _("disk total"),
    _("doi"),
    _("done bytes"),
    _("ended at"),
    _("ends at"),
    _("error"),
    _("etag"),
    _("evening"),
    _("excluded"),
    _("failures"),
    _("fetched at"),
    _("field of science"),
    _("field"),
    _("finished at"),
    _("first finished at"),
    _("first seen at"),
    _("first sent at"),
    _("followed"),
    _("guid"),
    _("held"),
    _("indexed at"),
    _("journal ref"),
    _("key"),
    _("keyword"),
    _("kind"),
    _("lab role"),
    _("lab"),
    _("label"),
    _("language"),
    _("last error"),
    _("last used at"),
    _("lease"),
    _("leased until"),
    _("license"),
    _("mailed"),
    _("matched at"),
    _("matched"),
    _("model"),
    _("next fetch at"),
    _("next try at"),
    _("note"),
    _("notes"),
    _("number"),
    _("order"),
    _("paper"),
    _("paragraph"),
    _("parsed"),
    _("paused at"),
    _("paused why"),
    _("paused"),
    _("proof"),
    _("public"),
    _("published at"),
    _("published"),
    _("raised at"),
    _("read at"),
    _("reader"),
    _("reason"),
    _("removed at"),
    _("renderings"),
    _("replacements"),
    _("requested at"),
    _("revoked at"),
    _("rule"),
    _("rung"),
    _("saved at"),
    _("scope"),
    _("scopes"),
    _("score"),
    _("secret"),
    _("section"),
    _("seen at"),
    _("seen"),
    _("sent at"),
    _("sentence"),
    _("setup hash"),
    _("since"),
    _("slug"),
    _("source text"),
    _("source"),
    _("spans"),
    _("stale"),
    _("state"),
    _("stored"),
    _("subject"),
    _("term"),
    _("text"),
    _("title"),
    _("told at"),
    _("told"),
    _("total bytes"),
    _("touched at"),
    _("translated text"),
    _("translated"),
    _("translation"),
    _("tries"),
    _("used at"),
    _("used by"),
    _("user"),
    _("uuid"),
    _("values"),
    _("verb"),
    _("verdict"),
    _("version"),
    _("withdrawn at"),
    _("withdrawn"),
]
OTHERWISE = {
    **{f"{model}.source": "source text" for model in ("sentence", "segment", "correction")},
    **{f"{model}.text": "translated text" for model in ("sentence", "segment", "correction")},
    "glossaryterm.field": "field of science",
}
"""Where one attribute is two things: a sentence's source is a text, an announcement's is an address."""
DJANGOS = [
    _(":"),
    _("Add link"),
    _("After you’ve created a user, you’ll be able to edit more user options."),
    _("Change or view list link"),
    _("Error:"),
    _("Forgotten your login credentials?"),
    _("In case you’ve forgotten, you are:"),
    _("Model name"),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        "n",
    ),
]
"""Django 5.2's own strings that its Simplified Chinese lacks, and the sign after a label, which it has in ASCII."""


def translate(app: AppConfig) -> None:
    """Have the fields of an app's models named in the reader's language, where Django made up the name."""
    for model in app.get_models():
        for field in model._meta.fields:
            name = OTHERWISE.get(f"{model._meta.model_name}.{field.name}", str(field.verbose_name))
            if getattr(field, "_verbose_name", "") is None and name in NAMES:
                field.verbose_name = gettext_lazy(name)


THEIRS = {
    "mfa.authenticator": (_("authenticator"), _("authenticators")),
    "usersessions.usersession": (_("user session"), _("user sessions")),
}
"""Models of django-allauth's that have no name of their own: Django makes one up, in English."""


def translate_theirs() -> None:
    for model, (one, many) in THEIRS.items():
        options = apps.get_model(model)._meta
        options.verbose_name, options.verbose_name_plural = gettext_lazy(one), gettext_lazy(many)
