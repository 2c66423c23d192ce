"""Labs: people who read together. A lab's keywords, digests and sections are those of a reader of its own."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digest.models.arxiv import Paper


class Lab(models.Model):
    """A group of readers. `reader` is who follows its keywords: an account that nobody can log in to."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(max_length=60, unique=True)
    about = models.TextField(_("about"), max_length=2000, blank=True)
    public = models.BooleanField(
        _("public"),
        default=False,
        help_text=_(
            "Its digests and its reading list can be read without an account; names stay with members."
        ),
    )
    reader = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="lab")
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Membership", related_name="labs")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("lab")
        verbose_name_plural = _("labs")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person belongs to a lab."""

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        MEMBER = "member", _("member")

    lab = models.ForeignKey(Lab, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=6, choices=Role.choices, default=Role.MEMBER)
    joined_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lab", "user"], name="one_membership_a_lab")]
        ordering = ["-role", "joined_at"]  # owners first
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")

    def __str__(self) -> str:
        return f"{self.user} · {self.lab}"

    @property
    def owns(self) -> bool:
        return self.role == self.Role.OWNER


class LabPaper(models.Model):
    """A paper on a lab's reading list."""

    lab = models.ForeignKey(Lab, models.CASCADE, related_name="papers")
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="lab_papers")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="lab_papers"
    )
    note = models.CharField(max_length=500, blank=True)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lab", "paper"], name="one_lab_paper")]
        ordering = ["-added_at", "-id"]
        verbose_name = _("paper of a lab")
        verbose_name_plural = _("papers of labs")

    def __str__(self) -> str:
        return f"{self.paper} · {self.lab}"


class Interest(models.Model):
    """A member means to read a paper of the list."""

    lab_paper = models.ForeignKey(LabPaper, models.CASCADE, related_name="interests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="interests")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lab_paper", "user"], name="one_interest")]
        ordering = ["since"]
        verbose_name = _("interest")
        verbose_name_plural = _("interests")

    def __str__(self) -> str:
        return f"{self.user}: {self.lab_paper}"
