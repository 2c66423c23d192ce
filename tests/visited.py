"""The product's settings with room for what four visitors of one address do in a minute; people are slower."""

from digest.settings import *  # noqa: F403

ACCOUNT_RATE_LIMITS = {
    **ACCOUNT_RATE_LIMITS,  # noqa: F405
    **dict.fromkeys(["signup", "login", "reset_password", "reset_password_from_key"], "1000/m/ip"),
    **dict.fromkeys(["change_password", "manage_email", "reauthenticate"], "1000/m/user"),
}
LIMITS = {name: (10_000, seconds) for name, (_most, seconds) in LIMITS.items()}  # noqa: F405
