"""Keywords: who follows them, what they bring, and which of them are public."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from digest import board, models, public
from digest.admin.base import Page
from digest.almanac import Almanac

_DAYS = 30
_NEWEST = 20


def _counted(rows: QuerySet[Any]) -> Coalesce:
    mine = rows.filter(keyword=OuterRef("pk")).order_by().values("keyword")
    return Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n")), 0)


@admin.register(models.Keyword)
class KeywordAdmin(Page):
    list_display = ["canonical", "followers", "a_day", "public", "applied_at", "created_at"]
    search_fields = ["canonical"]
    search_help_text = _("Words of the rule. A day has the papers of thirty days, divided by thirty.")
    list_filter = ["public", "created_at"]
    readonly_fields = ["applied_at", "who", "chart", "newest"]
    actions = ["apply_again", "make_public", "make_private"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[models.Keyword]:
        """With the followers, and the matches of the last thirty days."""
        since = timezone.now() - timedelta(days=_DAYS)
        seen = models.PaperVersion.objects.filter(first_seen_at__gte=since).order_by("first_seen_at")
        first = seen.values_list("pk", flat=True).first()
        people = models.Subscription.objects.filter(user__is_lab=False)
        # Rows of versions are as old as their numbers say, so that the index of matches has them side by side.
        recent = models.Match.objects.filter(version__gte=first or 0)
        return (
            super()
            .get_queryset(request)
            .annotate(
                followers_count=_counted(people),
                recent_count=_counted(recent) if first else Value(0),
            )
        )

    @admin.display(description=_("followers"), ordering="followers_count")
    def followers(self, keyword: Any) -> int:
        return keyword.followers_count

    @admin.display(description=_("matches a day"), ordering="recent_count")
    def a_day(self, keyword: Any) -> str:
        return f"{keyword.recent_count / _DAYS:.1f}"

    @admin.display(description=_("followers"))
    def who(self, keyword: models.Keyword) -> SafeString | str:
        names = keyword.subscriptions.order_by("user__username").values_list("user__username", flat=True)
        return format_html_join(", ", "{}", ((name,) for name in names[:100])) or "—"

    @admin.display(description=_("papers a day"))
    def chart(self, keyword: models.Keyword) -> SafeString | str:
        bars = board.bars_of_keywords([keyword.pk], Almanac.read(), timezone.now())[keyword.pk]
        return board.chart(bars, "keyword", _now("papers a day")) if bars else "—"

    @admin.display(description=_("newest papers"))
    def newest(self, keyword: models.Keyword) -> SafeString | str:
        rows = keyword.matches.order_by("-version").select_related("version__paper")[:_NEWEST]
        told = (
            (reverse("paper", args=[r.version.paper.arxiv_id]), str(r.version), r.version.title) for r in rows
        )
        return format_html_join("", '<p><a href="{}">{}</a> {}</p>', told) or "—"

    @admin.action(description=_("Show to everybody (where public pages are switched on)"))
    def make_public(self, request: HttpRequest, rows: QuerySet[models.Keyword]) -> None:
        models.Keyword.objects.filter(pk__in=rows.values("pk")).update(public=True)
        public.forget()

    @admin.action(description=_("Show to everybody no more (unless enough people follow it)"))
    def make_private(self, request: HttpRequest, rows: QuerySet[models.Keyword]) -> None:
        models.Keyword.objects.filter(pk__in=rows.values("pk")).update(public=False)
        public.forget()

    @admin.action(description=_("Hold against the papers of the last days again"))
    def apply_again(self, request: HttpRequest, rows: QuerySet[models.Keyword]) -> None:
        models.Keyword.objects.filter(pk__in=rows.values("pk")).update(applied_at=None)
        self.message_user(request, _("Done in seconds."), messages.SUCCESS)
