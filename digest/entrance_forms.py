"""Forms of django-allauth's whose labels its catalogue lacks."""

from allauth.mfa.webauthn import forms
from django.utils.translation import gettext_lazy as _


class AddKeyForm(forms.AddWebAuthnForm):
    def __init__(self, *args: object, **named: object) -> None:
        super().__init__(*args, **named)
        self.fields["name"].label = _("Name")


class EditKeyForm(forms.EditWebAuthnForm):
    def __init__(self, *args: object, **named: object) -> None:
        super().__init__(*args, **named)
        self.fields["name"].label = _("Name")
