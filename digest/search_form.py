"""What is typed into the search, checked."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from digest import taxonomy
from digest.models import User
from digest.search import Asked
from digest.search_query import LONGEST

_DAY = {"type": "date"}


class SearchForm(forms.Form):
    """Every field may be empty."""

    q = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
        help_text=_("A phrase in quotes; -word for what must not be there. Either language finds the other."),
    )
    author = forms.CharField(label=_("Author"), required=False, max_length=100)
    category = forms.CharField(
        label=_("Category"),
        required=False,
        max_length=32,
        widget=forms.TextInput(
            attrs={"placeholder": "cs.LG", "autocapitalize": "off", "spellcheck": "false"}
        ),
    )
    since = forms.DateField(
        label=_("Announced from"), required=False, widget=forms.DateInput(_DAY, "%Y-%m-%d")
    )
    until = forms.DateField(label=_("to"), required=False, widget=forms.DateInput(_DAY, "%Y-%m-%d"))
    keyword = forms.ChoiceField(label=_("Among"), required=False)
    order = forms.ChoiceField(
        label=_("Order"), required=False, choices=[("", _("newest first")), ("best", _("best first"))]
    )

    def __init__(self, user: User, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        mine = user.subscriptions.bringing()
        self.fields["keyword"].choices = [  # type: ignore[attr-defined]
            ("", _("everything")),
            ("mine", _("papers that my keywords brought")),
            *((str(s.keyword_id), s.label) for s in mine),
        ]

    def clean_category(self) -> str:
        """A category or an archive, however it is spelt."""
        typed = str(self.cleaned_data["category"]).strip()
        if not typed:
            return ""
        try:
            return taxonomy.find(typed).code
        except taxonomy.UnknownCategoryError as error:
            archive = typed.lower()
            if any(known.archive == archive for known in taxonomy.active()):
                return archive
            raise ValidationError(_(error.words), params=error.values) from error

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and since > until:
            self.add_error("until", _("This day is before the one to begin with."))
        return values

    @cached_property
    def asked(self) -> Asked:
        """Of a form that is valid."""
        v = self.cleaned_data
        return Asked(
            text=v["q"],
            author=v["author"],
            category=v["category"],
            since=v["since"],
            until=v["until"],
            mine=v["keyword"] == "mine",
            keyword=int(v["keyword"]) if v["keyword"].isdigit() else None,
            best=v["order"] == "best",
        )

    @property
    def says_something(self) -> bool:
        return self.asked != Asked(best=self.asked.best)
