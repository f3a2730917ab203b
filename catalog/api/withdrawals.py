"""The public register of withdrawals: what is out, for which right, from when and where. Never who asked for it."""

from datetime import date

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from rest_framework import generics, serializers
from rest_framework.permissions import AllowAny

from catalog import selectors
from catalog.models import Withdrawal
from catalog.rights import Right
from core.ids import normalise_public_id


class SubjectShape(serializers.Serializer[Withdrawal]):
    """A track or a work."""

    id = serializers.CharField(source="public_id")
    title = serializers.CharField()
    artist = serializers.CharField(default="", help_text="Empty for a work.")


class WithdrawalShape(serializers.Serializer[Withdrawal]):
    """A track or work that may not be sold, from `start` on, in some territories and stores."""

    id = serializers.CharField(source="public_id")
    right = serializers.ChoiceField(choices=Right.choices)
    track = SubjectShape(allow_null=True)
    work = SubjectShape(allow_null=True)
    territories = serializers.CharField(source="territories.label")
    is_every_store = serializers.SerializerMethodField(help_text="False: only some stores are meant.")
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True, help_text="First day on which it no longer holds.")

    def get_is_every_store(self, withdrawal: Withdrawal) -> bool:
        return not withdrawal.licensee_ids and not withdrawal.except_licensee_ids


class WithdrawalFilter(filters.FilterSet):
    """What to look for in the register."""

    right = filters.ChoiceFilter(choices=Right.choices)
    track = filters.CharFilter(method="of_track", help_text="Id of a track; withdrawals of its works count too.")
    on = filters.DateFilter(method="in_force", help_text="In force on this day.")

    class Meta:
        model = Withdrawal
        fields = ("right",)

    def of_track(self, rows: QuerySet[Withdrawal], name: str, value: str) -> QuerySet[Withdrawal]:
        """This will keep the withdrawals that bear on a track."""
        return selectors.withdrawals_of_track(rows, normalise_public_id(value, "TRK"))

    def in_force(self, rows: QuerySet[Withdrawal], name: str, value: date) -> QuerySet[Withdrawal]:
        """This will keep the withdrawals in force on a day."""
        return selectors.in_force(rows, value)


class WithdrawalList(generics.ListAPIView[Withdrawal]):
    """The register, newest first."""

    serializer_class = WithdrawalShape
    permission_classes = (AllowAny,)
    filterset_class = WithdrawalFilter

    def get_queryset(self) -> QuerySet[Withdrawal]:
        """This will read the public columns only."""
        return selectors.public_withdrawals()


class WithdrawalDetail(generics.RetrieveAPIView[Withdrawal]):
    """One withdrawal of the register."""

    serializer_class = WithdrawalShape
    permission_classes = (AllowAny,)

    def get_object(self) -> Withdrawal:
        """This will find it however its id is typed."""
        wanted = normalise_public_id(self.kwargs["withdrawal_id"], "WDR")
        return get_object_or_404(selectors.public_withdrawals(), public_id=wanted)
