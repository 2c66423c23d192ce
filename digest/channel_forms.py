"""What readers type to have their digests pushed, checked."""

from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from digest.channels import LONGEST, ChannelError, checked_chat, checked_webhook
from digest.models import Channel

_MINE = {"autocomplete": "off", "spellcheck": "false"}


class _AddForm(forms.Form):
    """One more channel; the page has one for each kind."""

    kind = ""
    address = forms.CharField(max_length=LONGEST)

    def __init__(self, data: Any = None) -> None:
        """Each has ids of its own: all three stand on one page."""
        super().__init__(data, auto_id=f"{self.kind}_%s")
        self.use_required_attribute = False


class MailForm(_AddForm):
    kind = "mail"
    address = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput({"autocomplete": "email"})
    )


class ChatForm(_AddForm):
    kind = "chat"
    address = forms.CharField(
        label=_("Address of the chat"),
        max_length=LONGEST,
        widget=forms.TextInput({**_MINE, "placeholder": "ntfys://ntfy.sh/…"}),
        help_text=_("One chat, written as in the examples below. It is kept like a password."),
    )

    def clean_address(self) -> str:
        return _checked(checked_chat, self.cleaned_data["address"])


class WebhookForm(_AddForm):
    kind = "webhook"
    address = forms.CharField(
        label=_("Address of the webhook"),
        max_length=LONGEST,
        widget=forms.TextInput({**_MINE, "placeholder": "https://hooks.example.org/…"}),
        help_text=_("The digest is posted there as JSON, signed."),
    )

    def clean_address(self) -> str:
        return _checked(partial(checked_webhook, inside=settings.INSIDE_HOSTS), self.cleaned_data["address"])


def _checked(check: Any, address: str) -> str:
    try:
        return str(check(address))
    except ChannelError as error:
        raise ValidationError(_(error.words), params=error.values) from error


ADD_FORMS: dict[str, type[_AddForm]] = {"mail": MailForm, "chat": ChatForm, "webhook": WebhookForm}


class ChannelForm(forms.ModelForm):
    class Meta:
        model = Channel
        fields = ["label", "frequency", "weekday", "send_empty"]
