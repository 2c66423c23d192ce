"""The map of doors."""

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path, register_converter
from django.urls.converters import StringConverter

from digest import feeds
from digest.converters import DayConverter
from digest.views import account, board, corrections, keywords, pages, reading, search, start, status
from digest.views import feeds as my_feeds


class _ArxivIdConverter(StringConverter):
    """2611.01234, or an old one with its slash: hep-th/9901001."""

    regex = r"\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7}"


register_converter(DayConverter, "day")
register_converter(_ArxivIdConverter, "arxiv_id")

urlpatterns = [
    path("", reading.today, name="today"),
    path("digests/", reading.past, name="past"),
    path("digests/<day:day>/", reading.digest, name="digest"),
    path("papers/<arxiv_id:arxiv_id>/", reading.paper, name="paper"),
    path("search/", search.search, name="search"),
    path("sentences/<int:pk>/", corrections.sentence, name="sentence"),
    path("keywords/", keywords.keywords, name="keywords"),
    path("keywords/<int:pk>/<str:what>/", keywords.change, name="keyword-change"),
    path("status/", status.status, name="status"),
    path("board/", board.board, name="board"),
    path("board/running/", board.work, name="board-work"),
    path("board/<str:code>/<day:day>/", board.cell, name="board-cell"),
    path("board/<str:code>/<day:day>/<str:what>/", board.again, name="board-again"),
    path("account/", account.account, name="account"),
    path("account/feeds/", my_feeds.feeds, name="feeds"),
    path("account/feeds/opml/", my_feeds.opml, name="feeds-opml"),
    path("account/feeds/<int:pk>/<str:what>/", my_feeds.change, name="feed-change"),
    path("login/", LoginView.as_view(template_name="account/login.html"), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("setup/<str:token>/", start.set_up, name="setup"),
    path("start/", start.start, name="start"),
    path("start/models/", start.models, name="start-models"),
    path("start/models/<str:model>/", start.download, name="start-download"),
    path("f/<str:token>/<slug:name>.<str:kind>", feeds.feed, name="feed"),
    path("about/", pages.about, name="about"),
    path("healthz", pages.healthz, name="healthz"),
    path("favicon.ico", pages.favicon),
    path("admin/", admin.site.urls),
]
