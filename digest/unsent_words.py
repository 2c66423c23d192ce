"""What a reader is shown of a form that was not sent: each field by the name that its page gives it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from digest import channel_forms, people_forms
from digest import forms as reader_forms

_FORMS: tuple[type[forms.BaseForm], ...] = (
    reader_forms.ProfileForm,
    reader_forms.KeywordsForm,
    reader_forms.KeywordForm,
    people_forms.InvitationForm,
    people_forms.LabInvitationForm,
    people_forms.LabReaderForm,
    people_forms.LabForm,
    people_forms.LabPaperForm,
    channel_forms.ChannelForm,
    channel_forms.MailForm,
)
"""Where two have a field of one name, the one whose fields are more like those that were sent names it."""
_OTHERS = {
    "author": gettext_lazy("Author"),
    "category": gettext_lazy("Category"),
    "tags": gettext_lazy("Tags, separated by commas"),
    "text": gettext_lazy("Text"),
    "ids": gettext_lazy("Papers"),
}
"""Fields that stand in a page and in no form of ours."""
_UNTYPED = {"next", "before", "key", "take", "try", "early", "withdraw", "action", "index", "select_across"}


class Field(NamedTuple):
    """`label` is empty for what nobody typed; `words` is what was chosen where one doesn't type but choose."""

    name: str
    value: str
    label: str
    words: str


def shown(fields: list[tuple[str, str]]) -> Iterator[Field]:
    """The fields of a form that was sent, in their order; nothing of them is left out."""
    known = _known({name for name, _ in fields})
    for name, value in fields:
        yield Field(name, value, _label(name, known), _words(known.get(name), value))


def _known(names: set[str]) -> dict[str, Any]:
    """The fields of the form that has most of these names, then of the others."""
    found: dict[str, Any] = {}
    for form in sorted(_FORMS, key=lambda form: -len(names & set(form.base_fields))):  # type: ignore[attr-defined]
        found = {**form.base_fields, **found}  # type: ignore[attr-defined]
    return found


def _label(name: str, known: dict[str, Any]) -> str:
    if name in _UNTYPED or name.startswith("_") or "-" in name:  # buttons and the counts of the admin's forms
        return ""
    if name in known and known[name].label:
        return str(known[name].label)
    return str(_OTHERS.get(name) or capfirst(gettext(name.replace("_", " "))))


def _words(field: Any, value: str) -> str:
    if isinstance(field, forms.BooleanField):
        return gettext("yes") if value else ""
    choices = dict(getattr(field, "choices", ()))
    return str(choices[value]) if value in choices else ""
