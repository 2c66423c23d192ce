"""What is typed about people and labs, checked."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from digest import arxiv_ids, inviting
from digest.forms import delivery_hours, zones
from digest.models import Lab, LabPaper, Membership, Paper, Role, User
from digest.models.users import content_languages, interface_languages


class InvitationForm(forms.Form):
    """`by_mail` says whether an address is of use; `lab` that it is for a lab."""

    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Empty: you get a link to pass on yourself, shown once."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.READER)
    lab = forms.ModelChoiceField(
        label=_("Lab"), queryset=Lab.objects.all(), required=False, empty_label=_("none")
    )
    days = forms.IntegerField(
        label=_("Good for days"),
        min_value=1,
        max_value=90,
        initial=inviting.DAYS,
        help_text=_("After so many days the link no longer works."),
    )

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if email and inviting.has_account(email):
            raise ValidationError(
                _("There is an account with this address already. To a lab its owners can invite it.")
            )
        return email


class LabInvitationForm(forms.Form):
    """By a lab's owner: whether the address has an account is not told."""

    email = InvitationForm.base_fields["email"]
    lab_role = forms.ChoiceField(
        label=_("Role"), choices=Membership.Role.choices, initial=Membership.Role.MEMBER
    )
    days = InvitationForm.base_fields["days"]


class LabForm(forms.ModelForm):
    class Meta:
        model = Lab
        fields = ["name", "about", "public"]
        widgets = {"about": forms.Textarea(attrs={"rows": 4})}

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not re.search(r"\w", name):
            raise ValidationError(_("A name has a letter or a digit."))
        return name


class LabReaderForm(forms.ModelForm):
    """How and when the lab's digest is made, and how its messages are worded."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    delivery_hour = delivery_hours(_("The lab's digest appears not before this hour of its day."))

    class Meta:
        model = User
        fields = [
            "content_language",
            "time_zone",
            "delivery_hour",
            "catch_up",
            "interface_language",
            "display",
            "formulas",
        ]
        labels = {"interface_language": _("Language of its messages")}
        help_texts = {"interface_language": _("What goes out through the lab's deliveries is worded in it.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["content_language"].choices = content_languages  # type: ignore[attr-defined]
        none = ("", _("that of its digest, else English"))
        self.fields["interface_language"].choices = [none, *interface_languages()]  # type: ignore[attr-defined]
        for name in ("catch_up", "display", "formulas"):
            self.fields[name].required = False  # whoever does not say keeps what is

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        for name in ("catch_up", "display", "formulas"):
            values[name] = values.get(name) or getattr(self.instance, name)
        return values


class LabPaperForm(forms.Form):
    """A paper for the reading list, by its number or its address on arXiv."""

    arxiv_id = forms.CharField(
        label=_("arXiv number"),
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": "2611.01234", "autocomplete": "off"}),
        help_text=_("The number, or the address of the paper on arXiv."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=LabPaper._meta.get_field("note").max_length,
        help_text=_("Why it is worth reading; members see it."),
    )

    def clean_arxiv_id(self) -> Paper:
        typed = self.cleaned_data["arxiv_id"].strip()
        found = arxiv_ids.found_in(typed)
        if not found:
            raise ValidationError(_("This is no number of arXiv's: 2611.01234 or hep-th/9901001, please."))
        paper = Paper.objects.filter(arxiv_id=found).first()
        if paper is None:
            raise ValidationError(
                _("%(id)s is not here. Only papers of the categories that this installation follows are."),
                params={"id": found},
            )
        return paper


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Search people"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
