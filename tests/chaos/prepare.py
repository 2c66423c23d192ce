"""Fills the database of a new installation: `python -m tests.chaos.prepare` with what is wanted as JSON on stdin."""

import json
import os
import sys


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "digest.settings")
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from digest.following import follow, want_replacements
    from digest.models import Channel, FeedToken, Installation, User
    from digest.views.start import follow_categories

    call_command("migrate", interactive=False, verbosity=0)
    wanted, now, feeds = json.load(sys.stdin), timezone.now(), {}
    for reader in wanted["readers"]:
        user = User.objects.create_user(reader["name"], f"{reader['name']}@example.org", "correct-horse-9")
        for keyword, again in reader["follows"].items():
            want_replacements(follow(user, keyword), again)
        if reader["channel"] in ("mail", "both"):
            Channel.objects.create(user=user, kind="mail", address=user.email, since=now, confirmed_at=now)
        if reader["channel"] in ("webhook", "both"):
            url = f"{wanted['hook']}/{user.username}"
            Channel.objects.create(user=user, kind="webhook", address=url, since=now, confirmed_at=now)
        feeds[user.username] = FeedToken.make(user)[1]
    installation = Installation.current()
    installation.model, installation.backfill_days = "demo", 0
    installation.early, installation.glossary = False, "off"
    installation.save()
    follow_categories(wanted["categories"])
    print(json.dumps(feeds))


if __name__ == "__main__":
    main()
