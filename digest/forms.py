"""What readers and administrators type, checked."""

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model, password_validation
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from digest import taxonomy
from digest.keywords import LONGEST, KeywordError, canonical
from digest.models import User
from digest.models.users import content_languages, default_language, default_zone, interface_languages
from digest.setup import samples_reader


def zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(zoneinfo.available_timezones())]


def delivery_hours(help_text: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("Delivery hour"),
        required=False,
        empty_value=None,
        coerce=int,
        choices=[("", _("as soon as it is ready")), *((h, f"{h:02d}:00") for h in range(24))],
        help_text=help_text,
    )


class KeywordForm(forms.Form):
    """A keyword or a rule. `caret` shows the place of a mistake, as two lines of one width."""

    FOLLOW, LEAVE_OUT = "follow", "leave-out"
    caret = ("", "")

    phrase = forms.CharField(
        label=_("Keyword or rule"),
        strip=True,
        widget=forms.TextInput(
            attrs={
                "placeholder": _("for instance: diffusion policy"),
                "autocomplete": "off",
                "spellcheck": "false",
                "list": "keyword-suggestions",
            }
        ),
        help_text=format_lazy(
            _("A phrase of at most {n} characters, whose case, hyphens and plural do not matter; or a rule."),
            n=LONGEST,
        ),
    )
    label = forms.CharField(
        label=_("Call it"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Empty: the rule itself. The digest has a section of this name."),
    )
    kind = forms.ChoiceField(
        label=_("What it does"),
        required=False,
        choices=[(FOLLOW, _("brings papers")), (LEAVE_OUT, _("leaves papers out"))],
        initial=FOLLOW,
    )
    past = forms.BooleanField(
        label=_("Look at the papers of the last 30 days too"),
        required=False,
        initial=True,
    )

    def clean_phrase(self) -> str:
        try:
            return _checked(self.cleaned_data["phrase"])
        except ValidationError as error:
            if isinstance(error.__cause__, KeywordError):
                self.caret = error.__cause__.caret
            raise

    @property
    def leaves_out(self) -> bool:
        return bool(self.cleaned_data["kind"] == self.LEAVE_OUT)


class KeywordsForm(forms.Form):
    """Several keywords, one a line."""

    phrases = forms.CharField(
        label=_("Keywords"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "placeholder": "reinforcement learning\ndiffusion policy"}),
        help_text=_("One a line. You can change them at any time."),
    )

    def clean_phrases(self) -> list[str]:
        lines = self.cleaned_data["phrases"].splitlines()
        return [_checked(line) for line in lines if line.strip()]


def _checked(phrase: str) -> str:
    try:
        canonical(phrase)
    except KeywordError as error:
        raise ValidationError(_(error.words), params=error.values) from error
    return phrase


class CategoriesForm(forms.Form):
    categories = forms.MultipleChoiceField(
        label=_("Categories"),
        choices=lambda: [(c.code, c.label) for c in taxonomy.active()],
        error_messages={"required": _("Choose at least one category.")},
    )


class AdministratorForm(forms.Form):
    """The first administrator's account."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        validators=get_user_model()._meta.get_field("username").validators,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    email = forms.EmailField(
        label=_("E-mail"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validation.password_validators_help_text_html,
    )
    content_language = forms.ChoiceField(
        label=_("Translate into"), choices=content_languages, initial=default_language
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones, initial=default_zone)

    def clean_username(self) -> str:
        name = self.cleaned_data["username"]
        reader = samples_reader()  # whoever has the link becomes it, so its name is free
        if User.objects.filter(username__iexact=name).exclude(pk=reader.pk if reader else 0).exists():
            raise ValidationError(_("That name is taken."))
        return name

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        password_validation.validate_password(password)
        return password

    def profile(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ProfileForm(forms.ModelForm):
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    delivery_hour = delivery_hours(_("Your digest appears not before this hour of your day."))

    class Meta:
        model = User
        fields = [
            "content_language",
            "interface_language",
            "time_zone",
            "delivery_hour",
            "catch_up",
            "display",
            "formulas",
            "email",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Where mail is set up an address is changed on a page of its own, which verifies it."""
        super().__init__(*args, **kwargs)
        self.fields["catch_up"].required = False  # whoever does not say keeps what is
        language = self.fields["interface_language"]
        language.choices = [("", _("as the browser asks")), *interface_languages()]  # type: ignore[attr-defined]
        language.help_text = ""
        if settings.EMAIL_HOST:
            del self.fields["email"]

    def clean_catch_up(self) -> str:
        return self.cleaned_data["catch_up"] or self.instance.catch_up
