"""Which address opens which door of `register`."""

from django.urls import URLPattern, URLResolver, path

from register.views import entry, passage

app_name = "register"
urlpatterns: list[URLPattern | URLResolver] = [
    path("register/", entry.entries, name="entries"),
    path("register/feed.atom", entry.feed, name="feed"),
    path("register/<str:entry_id>/", entry.entry, name="entry"),
    path("review/register/", passage.passages, name="passages"),
    path("review/register/<str:passage_id>/", passage.passage, name="passage"),
    path("review/register/<str:passage_id>/withhold/", passage.withhold, name="withhold"),
]
