"""Every published figure once: its code (which is its address), its name and a definition anybody understands."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Unit(StrEnum):
    """What a value counts."""

    COUNT = "count"
    MONEY = "money"
    DAYS = "days"


class Part(StrEnum):
    """What the parts of a figure are."""

    NONE = "none"
    CURRENCY = "currency"
    CHANNEL = "channel"
    STORE = "store"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure. `is_monthly`: a value is about a month, else about the day on which it was counted."""

    code: str
    name: Promise
    means: Promise
    unit: Unit = Unit.COUNT
    part: Part = Part.NONE
    is_monthly: bool = False


_ALL: Final = (
    Definition(
        "opt-outs-requested", _("Opt-outs requested"), _("Requests to leave the stores that were ever sent in.")
    ),
    Definition("opt-outs-granted", _("Opt-outs granted"), _("Requests decided for the holder; the stores were told.")),
    Definition("opt-outs-refused", _("Opt-outs refused"), _("Requests decided against, with reasons to the sender.")),
    Definition("opt-outs-waiting", _("Opt-outs waiting"), _("Requests that were sent in and are not decided.")),
    Definition(
        "opt-outs-effective",
        _("Opt-outs in force"),
        _("Granted requests of which at least one track is out of a store on that day."),
    ),
    Definition("tracks-out", _("Tracks out"), _("Tracks out of at least one store, somewhere, on that day.")),
    Definition(
        "catalogue-size",
        _("Size of a store's catalogue"),
        _("Entries of the latest list a store sent of its catalogue, on the day of that list. Unknown: none came."),
        part=Part.STORE,
    ),
    Definition(
        "tracks-sold",
        _("Distinct tracks sold"),
        _("Tracks that stores reported as sold at least once. Names nobody has matched to a track are not counted."),
    ),
    Definition(
        "sales",
        _("Sales by payment channel"),
        _(
            "The base of the royalty as stores reported it, by the month in which the use began and by how it was "
            "paid. Unknown: the report does not say."
        ),
        Unit.MONEY,
        Part.CHANNEL,
        is_monthly=True,
    ),
    Definition(
        "units",
        _("Units sold by payment channel"),
        _("Usages less returns, by the month in which the use began and by how it was paid."),
        part=Part.CHANNEL,
        is_monthly=True,
    ),
    Definition(
        "accrued",
        _("Royalty accrued"),
        _("What stores owe for what they reported, to all holders together, corrections taken into account."),
        Unit.MONEY,
        Part.CURRENCY,
    ),
    Definition(
        "received",
        _("Received from stores"),
        _("What stores have paid in. Only this can be paid out."),
        Unit.MONEY,
        Part.CURRENCY,
    ),
    Definition(
        "claimed",
        _("Claimed"),
        _(
            "The part of the accrued royalty that has an owner who came: payable, paid, held or in dispute. A new "
            "value is published once at least three holders have more or less than at the last one: nobody's part can "
            "be read from it."
        ),
        Unit.MONEY,
        Part.CURRENCY,
    ),
    Definition(
        "unclaimed",
        _("Unclaimed"),
        _(
            "The part of the accrued royalty nobody came for, with what is not matched to a track. It never expires. A "
            "new value is published together with the one of what is claimed."
        ),
        Unit.MONEY,
        Part.CURRENCY,
    ),
    Definition(
        "paid-russia",
        _("Paid to Russian holders"),
        _(
            "Paid, before tax, to holders registered in Russia. A new value is published once at least three holders "
            "were paid since the last one: nobody's payment can be read from it."
        ),
        Unit.MONEY,
        Part.CURRENCY,
    ),
    Definition(
        "paid-abroad",
        _("Paid to foreign holders"),
        _(
            "Paid, before tax, to holders registered elsewhere, or whose country is not known. A new value is "
            "published once at least three holders were paid since the last one: nobody's payment can be read from it."
        ),
        Unit.MONEY,
        Part.CURRENCY,
    ),
    Definition(
        "petitions-answered",
        _("Petitions answered"),
        _("Claims, opt-outs and appeals a person has decided."),
        part=Part.CASE,
    ),
    Definition(
        "petitions-waiting",
        _("Petitions waiting"),
        _("Claims, opt-outs and appeals that were sent in and are not decided."),
        part=Part.CASE,
    ),
    Definition(
        "days-to-answer",
        _("Days to an answer, median"),
        _("Half of the petitions decided in the year before were decided in so many days or fewer."),
        Unit.DAYS,
        Part.CASE,
    ),
    Definition(
        "days-oldest",
        _("Oldest petition, days"),
        _("How long the oldest petition waits that is not decided."),
        Unit.DAYS,
        Part.CASE,
    ),
    Definition(
        "days-goal",
        _("Our own goal, days"),
        _("In how many days we mean to decide, by our own rule or the law. To be read beside the median."),
        Unit.DAYS,
        Part.CASE,
    ),
)
DEFINITIONS: Final[dict[str, Definition]] = {one.code: one for one in _ALL}
CASES: Final[dict[str, Promise]] = {"claim": _("Claims"), "opt_out": _("Opt-outs"), "appeal": _("Appeals")}
COUNTS_OF_OPT_OUTS: Final = (*(code for code in DEFINITIONS if code.startswith("opt-outs-")), "tracks-out")
