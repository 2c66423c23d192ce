"""Forms of django-allauth's whose labels its catalogue lacks, or has for something else."""

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.mfa.webauthn import forms
from django.utils.translation import gettext_lazy as _


class LoginForm(AllauthLoginForm):
    """Its own label is “Login”, which in Chinese is what one does, not what one is called."""

    def __init__(self, *args: object, **named: object) -> None:
        super().__init__(*args, **named)
        self.fields["login"].label = _("User name or e-mail")


class AddKeyForm(forms.AddWebAuthnForm):
    def __init__(self, *args: object, **named: object) -> None:
        super().__init__(*args, **named)
        self.fields["name"].label = _("Name")


class EditKeyForm(forms.EditWebAuthnForm):
    def __init__(self, *args: object, **named: object) -> None:
        super().__init__(*args, **named)
        self.fields["name"].label = _("Name")
