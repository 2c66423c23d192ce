"""Who may come in, and how: django-allauth's decisions as this installation makes them."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from digest import inviting, letters
from digest.addresses import absolute
from digest.models import User

INVITED = "invitation"
"""The session's key of the invitation that a visitor has opened."""


class Backend(AuthenticationBackend):
    """Names or addresses with a password. A lab's reader is nobody who could log in."""

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and not user.is_lab


class VerifiedMail(EmailVerificationStage):
    """A verified address is demanded of whoever signed up by themselves. Not of administrators, who would be
    locked out by a mail server that does not work; nor where there is no address, as before mail was set up."""

    def handle(self) -> Any:
        user = self.login.user
        known = user is not None and (user.email or EmailAddress.objects.filter(user=user).exists())
        if user is not None and (user.is_superuser or not known):
            return None, True
        return super().handle()


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        if settings.SIGNUP in ("approval", "open"):
            return True
        invited = inviting.open_one(request.session.get(INVITED), timezone.now())
        return settings.SIGNUP == "invitation" and invited is not None

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """A new account, with the invitation that it is made by used in the same transaction."""
        now = timezone.now()
        with transaction.atomic():
            invitation = inviting.claim(request.session.get(INVITED), now)
            if invitation is None and settings.SIGNUP not in ("approval", "open"):
                raise ImmediateHttpResponse(render(request, "invitations/gone.html", status=410))
            if invitation is None and settings.SIGNUP == "approval":
                user.is_active, user.waiting_since = False, now
            user = super().save_user(request, user, form, commit)
            if invitation:
                inviting.settle(invitation, user, new=True)
        if invitation:
            del request.session[INVITED]
            if invitation.mailed:  # whoever has the link reads that mailbox
                self.stash_verified_email(request, invitation.email)
        elif user.waiting_since:
            self._tell_administrators(request, user)
        return user

    def _tell_administrators(self, request: HttpRequest, user: User) -> None:
        to = User.objects.administrators().exclude(email="").values_list("email", flat=True)
        link = absolute(request, "/people/")
        for address in to:  # one mail each: their addresses are nobody else's business
            letters.send(
                [address], _("somebody asks to be let in"), "people/mail/waiting.txt", user=user, link=link
            )

    def pre_login(self, request: HttpRequest, user: Any, **how: Any) -> Any:
        if user.is_lab:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **how)

    def get_login_stages(self) -> list[str]:
        ours = f"{VerifiedMail.__module__}.{VerifiedMail.__name__}"
        theirs = f"{EmailVerificationStage.__module__}.{EmailVerificationStage.__name__}"
        return [ours if stage == theirs else stage for stage in super().get_login_stages()]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that refuses is told on the page; what was done stays done, and can be sent again."""
        if not letters.can_be_sent():
            return
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            letters.log.warning("mail about accounts could not be sent: %s", error)
            told = _(
                "The mail could not be sent: the mail server did not take it. Please try again in some minutes."
            )
            messages.error(self.request, told)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> Any:
        """Somebody who waits is told what for."""
        if user.waiting_since:
            return render(request, "account/waiting.html")
        return super().respond_user_inactive(request, user)


class SocialAdapter(DefaultSocialAccountAdapter):
    """A first login with an account elsewhere is a sign-up: the same rules, on the account adapter."""


class MfaAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps and recovery codes lie in the database encrypted with the secret key."""

    @staticmethod
    def _box() -> MultiFernet:
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        digests = [salted_hmac("paperglot.mfa", "", key, algorithm="sha256").digest() for key in keys]
        return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])

    def encrypt(self, text: str) -> str:
        return self._box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._box().decrypt(encrypted_text.encode()).decode()
