"""Labs whose owners can all log in no more get another: the longest-standing active member."""

from django.db import migrations, models


def keep_led(apps, schema_editor):
    members = apps.get_model("digest", "Membership").objects.filter(user__is_active=True)
    led = set(members.filter(role="owner").values_list("lab", flat=True))
    for member in members.order_by("joined_at", "pk"):
        if member.lab_id not in led:
            led.add(member.lab_id)
            members.filter(pk=member.pk).update(role="owner")


class Migration(migrations.Migration):
    dependencies = [("digest", "0016_seeing")]

    operations = [
        migrations.RunPython(keep_led, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="channel",
            name="paused_why",
            field=models.CharField(
                blank=True,
                choices=[
                    ("failed", "it was refused several times in a row"),
                    ("unsubscribed", "somebody unsubscribed by the link in a mail"),
                    ("reader", "it was paused here"),
                ],
                max_length=16,
            ),
        ),
    ]
