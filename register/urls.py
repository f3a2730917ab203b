"""Which address opens which door of `register`."""

from django.urls import URLPattern, URLResolver, path

from register.views import entry, figure, open_data, passage

app_name = "register"
urlpatterns: list[URLPattern | URLResolver] = [
    path("register/", entry.entries, name="entries"),
    path("register/feed.atom", entry.feed, name="feed"),
    path("register/<str:entry_id>/", entry.entry, name="entry"),
    path("figures/dated/", figure.figures, name="figures"),
    path("figures/opt-outs-on/", figure.opt_outs_ask, name="opt_outs_ask"),
    path("figures/opt-outs-on/<str:day>/", figure.opt_outs_on, name="opt_outs_on"),
    path("figures/<str:code>/", figure.figure, name="figure"),
    path("figures/<str:code>/<str:day>/", figure.figure_on, name="figure_on"),
    path("open-data/", open_data.open_data, name="open_data"),
    path("open-data/<str:day>/SHA256SUMS", open_data.open_sums, name="open_sums"),
    path("open-data/<str:day>/<str:name>", open_data.open_file, name="open_file"),
    path("review/register/", passage.passages, name="passages"),
    path("review/register/<str:passage_id>/", passage.passage, name="passage"),
    path("review/register/<str:passage_id>/withhold/", passage.withhold, name="withhold"),
]
