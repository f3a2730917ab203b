"""Addresses of this app below /api/v1/."""

from django.urls import path

from catalog.api import holders, tracks, withdrawals

urlpatterns = [
    path("tracks/", tracks.TrackList.as_view(), name="api-tracks"),
    path("tracks/<str:track_id>/", tracks.TrackDetail.as_view(), name="api-track"),
    path("holders/", holders.HolderList.as_view(), name="api-holders"),
    path("holders/<str:holder_id>/", holders.HolderDetail.as_view(), name="api-holder"),
    path("withdrawals/", withdrawals.WithdrawalList.as_view(), name="api-withdrawals"),
    path("withdrawals/<str:withdrawal_id>/", withdrawals.WithdrawalDetail.as_view(), name="api-withdrawal"),
]
