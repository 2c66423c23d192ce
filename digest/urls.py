"""The map of doors."""

from collections.abc import Iterator
from typing import Any

from allauth.account import views as entrance
from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, include, path

from digest import converters as _  # noqa: F401 (makes <day:…> and <arxiv_id:…> known)
from digest import feeds
from digest.admin.base import note_everything
from digest.api import urls as api_urls
from digest.feeds import public as public_feeds
from digest.views import (
    account,
    api_tokens,
    board,
    corrections,
    deliveries,
    errors,
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
    public,
    reading,
    rule_files,
    saved,
    search,
    seeing,
    sessions,
    start,
    status,
    unsent,
)
from digest.views import feeds as my_feeds
from digest.views.account import mail_needed

# The same door for the admin: limits and second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
note_everything(admin.site)

_KEYWORDS = [
    ("", keywords.keywords, "keywords"),
    ("try/", keywords.try_rule, "keyword-try"),
    ("simple/", keywords.simple, "keyword-simple"),
    ("import/", rule_files.take_in, "keyword-import"),
    ("export.<str:kind>", rule_files.export, "keyword-export"),
    ("<int:pk>/edit/", keywords.edit, "keyword-edit"),
    ("<int:pk>/<str:what>/", keywords.change, "keyword-change"),
]
_DELIVERIES = [
    ("", deliveries.deliveries, "deliveries"),
    ("<int:pk>/", deliveries.channel, "channel"),
    ("again/<int:pk>/", deliveries.again, "delivery-again"),
    ("<int:pk>/<str:what>/", deliveries.change, "channel-change"),
]


def _of_both(mine: str, of_lab: str, pages: list[tuple[str, Any, str]]) -> Iterator[URLPattern]:
    """Pages that readers have of their own and labs have too, by the same views (digest.views.whose)."""
    for where, view, name in pages:
        yield path(f"{mine}{where}", view, name=name)
        yield path(f"{of_lab}{where}", view, name=f"lab-{name}")


handler400, handler403, handler404, handler500 = (
    errors.bad_request, errors.forbidden, errors.not_found, errors.broken
)  # fmt: skip

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
    path("keywords/suggest/", keywords.suggest, name="keyword-suggest"),
    path("status/", status.status, name="status"),
    path("board/", board.board, name="board"),
    path("board/running/", board.work, name="board-work"),
    path("board/<str:code>/<day:day>/", board.cell, name="board-cell"),
    path("board/<str:code>/<day:day>/<str:what>/", board.again, name="board-again"),
    path("account/", account.account, name="account"),
    path("account/feeds/", my_feeds.feeds, name="feeds"),
    path("account/feeds/opml/", my_feeds.opml, name="feeds-opml"),
    path("account/feeds/<int:pk>/<str:what>/", my_feeds.change, name="feed-change"),
    path("mail/<str:token>/unsubscribe/", deliveries.unsubscribe, name="unsubscribe"),
    path("mail/<str:token>/confirm/", deliveries.confirm, name="mail-confirm"),
    path("account/tokens/", api_tokens.tokens, name="api-tokens"),
    path("account/tokens/<int:pk>/<str:what>/", api_tokens.change, name="api-token-change"),
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
    path("labs/<slug:slug>/digests/", past.of_lab, name="lab-past"),
    path("labs/<slug:slug>/digests/<day:day>/", labs.digest, name="lab-digest"),
    path("labs/<slug:slug>/digests/<day:day>/export.<str:fmt>", exports.lab_digest, name="lab-digest-export"),
    path("labs/<slug:slug>/settings/", labs.settings, name="lab-settings"),
    path("labs/<slug:slug>/close/", labs.close, name="lab-close"),
    path("labs/<slug:slug>/members/", lab_members.members, name="lab-members"),
    path("labs/<slug:slug>/members/<int:pk>/<str:what>/", lab_members.change, name="lab-member"),
    path("labs/<slug:slug>/invitations/<int:pk>/withdraw/", lab_members.withdraw, name="lab-withdraw"),
    path("labs/<slug:slug>/papers/", lab_reading.papers, name="lab-papers"),
    path("labs/<slug:slug>/papers/export.<str:fmt>", exports.reading_list, name="lab-export"),
    path("labs/<slug:slug>/papers/<int:pk>/<str:what>/", lab_reading.interest, name="lab-interest"),
    *_of_both("keywords/", "labs/<slug:slug>/keywords/", _KEYWORDS),
    *_of_both("account/deliveries/", "labs/<slug:slug>/deliveries/", _DELIVERIES),
    path("login/", entrance.login, name="login"),
    path("logout/", entrance.logout, name="logout"),
    path("accounts/email/", mail_needed(entrance.email), name="account_email"),
    path("accounts/password/reset/", mail_needed(entrance.password_reset), name="account_reset_password"),
    path("accounts/login/code/", mail_needed(entrance.request_login_code), name="account_request_login_code"),
    path("accounts/sessions/<int:pk>/end/", sessions.end, name="session-end"),
    path("accounts/", include("allauth.urls")),
    path("setup/<str:token>/", start.set_up, name="setup"),
    path("start/", start.start, name="start"),
    path("start/models/", start.models, name="start-models"),
    path("start/models/<str:model>/", start.download, name="start-download"),
    path("f/<str:token>/<slug:name>.<str:kind>", feeds.feed, name="feed"),
    path("k/<slug:slug>/", public.keyword, name="public"),
    path("k/<slug:slug>/feed.<str:kind>", public_feeds.keyword, name="public-feed"),
    path("api/", api_tokens.documentation, name="api-docs"),
    path("api/v1/", api_urls()),
    path("api/v1/<path:rest>", api_tokens.nothing, name="api-nothing"),
    path("about/", pages.about, name="about"),
    path("healthz", pages.healthz, name="healthz"),
    path("readyz", seeing.readyz, name="readyz"),
    path("metrics", seeing.metrics, name="metrics"),
    path("favicon.ico", pages.favicon),
    path(settings.ADMIN_PATH, admin.site.urls),
]
