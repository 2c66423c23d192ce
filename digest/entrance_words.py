"""What django-allauth and Django say that their Chinese catalogues leave half in English, for makemessages to find.

Ours stands before theirs, so these are translated in `digest/locale`; nothing imports this module.
"""

from digest.wording import gettext_noop as _

WORDS = [
    _("Add Email"),
    _("Add Email Address"),
    _("Bad Token"),
    _("Change Email"),
    _("Confirm Email Address"),
    _("Create Passkey"),
    _("Current email"),
    _("Do you really want to remove the selected email address?"),
    _("Email Address"),
    _("Email Addresses"),
    _("Email Changed"),
    _("Email Confirmation"),
    _("Email Removed"),
    _("Email address %(deleted_email)s has been removed from your account."),
    _("Enter a valid email address."),
    _("Hello from %(site_name)s!"),
    _("Passkey Sign Up"),
    _("Please Confirm Your Email Address"),
    _("Primary"),
    _("Primary email address set."),
    _("Re-send Verification"),
    _("Removed email address %(email)s."),
    _("Sign in with a passkey"),
    _("Sign up using a passkey"),
    _("The following email addresses are associated with your account:"),
    _("The password reset token was invalid."),
    _("Use authenticator app or code"),
    _("Username or email"),
    _("Verify Your Email Address"),
    _("You cannot activate two-factor authentication until you have verified your email address."),
    _("You cannot remove your primary email address (%(email)s)."),
    _("You cannot remove your primary email address."),
    _("You have confirmed %(email)s."),
    _("Your account has no verified email address."),
    _("Your email has been confirmed."),
]
