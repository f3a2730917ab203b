"""What the sender of an opt-out signs, by the ground it stands on. Pure data, shown as plain separate fields.

`owner_opt_out` is the house rule: who proves ownership may leave; no fault of the store is alleged. The other two are
for senders who want the clock of a law to run as well:

17 USC 512(c)(3)(A): (i) signature, (ii) the works, (iii) the material and where it is, (iv) contact data,
(v) good-faith belief, (vi) accuracy and, under penalty of perjury, authority. (i) is the typed signature, (ii) and
(iii) are the rows, which carry the store's own keys and addresses.
DSA article 16(2): (a) reasons why it is illegal, (b) the exact place, (c) name and mail, (d) good-faith belief that all
of it is accurate and complete.
"""

from dataclasses import dataclass

CONTACT_FIELDS = ("name", "address", "phone", "email")


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """Which fields must be there before it may be sent, and whether the store learns who sends it."""

    code: str
    contact: tuple[str, ...]
    elements: tuple[str, ...]
    needs_explanation: bool = False
    names_sender: bool = False


BASES = {
    basis.code: basis
    for basis in (
        LegalBasis("owner_opt_out", ("name", "email"), ("authorised", "accurate")),
        LegalBasis(
            "usc_512",
            ("name", "address", "phone", "email"),
            ("good_faith", "accurate", "perjury"),
            names_sender=True,
        ),
        LegalBasis(
            "dsa_16",
            ("name", "email"),
            ("authorised", "good_faith", "accurate"),
            needs_explanation=True,
            names_sender=True,
        ),
    )
}
