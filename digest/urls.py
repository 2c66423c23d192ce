"""The map of doors."""

from allauth.account import views as entrance
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from digest import feeds
from digest.converters import DayConverter
from digest.views import (
    account,
    board,
    corrections,
    deliveries,
    exports,
    invitations,
    keywords,
    lab_members,
    lab_reading,
    labs,
    marks,
    pages,
    past,
    people,
    reading,
    rule_files,
    saved,
    search,
    seeing,
    start,
    status,
    unsent,
)
from digest.views import feeds as my_feeds
from digest.views.account import mail_needed


class _ArxivIdConverter(StringConverter):
    """2611.01234, or an old one with its slash: hep-th/9901001."""

    regex = r"\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7}"


register_converter(DayConverter, "day")
register_converter(_ArxivIdConverter, "arxiv_id")
# The same door for the admin: limits and second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", reading.today, name="today"),
    path("digests/", past.past, name="past"),
    path("digests/<day:day>/", reading.digest, name="digest"),
    path("papers/<arxiv_id:arxiv_id>/", reading.paper, name="paper"),
    path("papers/<arxiv_id:arxiv_id>/mark/<str:what>/", marks.mark, name="mark"),
    path("papers/<arxiv_id:arxiv_id>/note/", marks.note, name="note"),
    path("undo/", marks.undo, name="undo"),
    path("layout/<str:what>/", marks.layout, name="layout"),
    path("saved/", saved.saved, name="saved"),
    path("saved/export.<str:fmt>", exports.saved, name="saved-export"),
    path("tags/<int:pk>/<str:what>/", saved.tag, name="tag-change"),
    path("papers/<arxiv_id:arxiv_id>/cite.<str:fmt>", exports.cite, name="cite"),
    path("digests/<day:day>/export.<str:fmt>", exports.digest, name="digest-export"),
    path("export/", exports.selection, name="export"),
    path("search/", search.search, name="search"),
    path("sentences/<int:pk>/", corrections.sentence, name="sentence"),
    path("keywords/", keywords.keywords, name="keywords"),
    path("keywords/try/", keywords.try_rule, name="keyword-try"),
    path("keywords/simple/", keywords.simple, name="keyword-simple"),
    path("keywords/suggest/", keywords.suggest, name="keyword-suggest"),
    path("keywords/import/", rule_files.take_in, name="keyword-import"),
    path("keywords/export.<str:kind>", rule_files.export, name="keyword-export"),
    path("keywords/<int:pk>/edit/", keywords.edit, name="keyword-edit"),
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
    path("account/deliveries/", deliveries.deliveries, name="deliveries"),
    path("account/deliveries/<int:pk>/", deliveries.channel, name="channel"),
    path("account/deliveries/again/<int:pk>/", deliveries.again, name="delivery-again"),
    path("account/deliveries/<int:pk>/<str:what>/", deliveries.change, name="channel-change"),
    path("mail/<str:token>/unsubscribe/", deliveries.unsubscribe, name="unsubscribe"),
    path("mail/<str:token>/confirm/", deliveries.confirm, name="mail-confirm"),
    path("account/data/", account.data, name="data"),
    path("account/data/export/", account.export, name="data-export"),
    path("account/delete/", account.delete, name="account-delete"),
    path("unsent/", unsent.page, name="unsent"),
    path("people/", people.people, name="people"),
    path("people/<int:pk>/<str:what>/", people.change, name="people-change"),
    path("people/invitations/<int:pk>/withdraw/", people.withdraw, name="invitation-withdraw"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("labs/", labs.index, name="labs"),
    path("labs/<slug:slug>/", labs.lab, name="lab"),
    path("labs/<slug:slug>/feed.<str:kind>", feeds.lab, name="lab-feed"),
    path("labs/<slug:slug>/digests/", labs.past, name="lab-past"),
    path("labs/<slug:slug>/digests/<day:day>/", labs.digest, name="lab-digest"),
    path("labs/<slug:slug>/settings/", labs.settings, name="lab-settings"),
    path("labs/<slug:slug>/close/", labs.close, name="lab-close"),
    path("labs/<slug:slug>/members/", lab_members.members, name="lab-members"),
    path("labs/<slug:slug>/members/<int:pk>/<str:what>/", lab_members.change, name="lab-member"),
    path("labs/<slug:slug>/invitations/<int:pk>/withdraw/", lab_members.withdraw, name="lab-withdraw"),
    path("labs/<slug:slug>/papers/", lab_reading.papers, name="lab-papers"),
    path("labs/<slug:slug>/papers/export.<str:fmt>", exports.reading_list, name="lab-export"),
    path("labs/<slug:slug>/papers/<int:pk>/<str:what>/", lab_reading.interest, name="lab-interest"),
    path("labs/<slug:slug>/keywords/", lab_reading.keywords, name="lab-keywords"),
    path("labs/<slug:slug>/keywords/<int:pk>/<str:what>/", lab_reading.keyword, name="lab-keyword"),
    path("login/", entrance.login, name="login"),
    path("logout/", entrance.logout, name="logout"),
    path("accounts/email/", mail_needed(entrance.email), name="account_email"),
    path("accounts/password/reset/", mail_needed(entrance.password_reset), name="account_reset_password"),
    path("accounts/login/code/", mail_needed(entrance.request_login_code), name="account_request_login_code"),
    path("accounts/", include("allauth.urls")),
    path("setup/<str:token>/", start.set_up, name="setup"),
    path("start/", start.start, name="start"),
    path("start/models/", start.models, name="start-models"),
    path("start/models/<str:model>/", start.download, name="start-download"),
    path("f/<str:token>/<slug:name>.<str:kind>", feeds.feed, name="feed"),
    path("about/", pages.about, name="about"),
    path("healthz", pages.healthz, name="healthz"),
    path("readyz", seeing.readyz, name="readyz"),
    path("metrics", seeing.metrics, name="metrics"),
    path("favicon.ico", pages.favicon),
    path("admin/", admin.site.urls),
]
