"""Signing a mandate: the exact text, with its version, and the typed name under it."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from catalog import services as catalog
from catalog.models import Mandate, RightsHolder, TerritorySet
from claims import attestations
from claims.services.evidence import attestation_text, sign


def sign_mandate(
    *,
    holder: RightsHolder,
    rights: Collection[str],
    territory_set: TerritorySet,
    start: date,
    signature: str,
    language: str,
    by: User,
    now: datetime,
) -> Mandate:
    """This will let a holder join the society by signing; nothing else of the portal asks for it.

    Raises: SignatureMissing, as catalog.services.give_mandate.
    """
    with transaction.atomic():
        mandate = catalog.give_mandate(
            holder=holder, rights=rights, territory_set=territory_set, start=start, by=by, now=now
        )
        text = attestation_text(attestations.MANDATE, language)
        sign(text=text, signature=signature, by=by, now=now, mandate=mandate)
    return mandate
