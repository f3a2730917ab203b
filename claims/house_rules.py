"""Which numbers a review goes by: their codes, what each means, and what its figure counts.

The figures themselves are rows (`HouseRule`), each with a day, a person and a reason. Pure data.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

POINTS, MONEY, COUNT, DAYS, PERCENT, MINUTES = "points", "money", "count", "days", "percent", "minutes"
UNITS: dict[str, Promise] = {
    POINTS: _("points"),
    MONEY: _("money"),
    COUNT: _("number"),
    DAYS: _("days"),
    PERCENT: _("percent"),
    MINUTES: _("minutes"),
}
WEIGHT = "weight_"
"""`weight_<check>`: the points a check adds to the risk when it fails; half of them when it warns."""


@dataclass(frozen=True, slots=True)
class RuleKind:
    """What a number means and what it counts."""

    code: str
    unit: str
    means: Promise


RULES: dict[str, RuleKind] = {
    rule.code: rule
    for rule in (
        RuleKind("light_money", MONEY, _("Up to this sum a claim is proved lightly and may be approved in a batch.")),
        RuleKind("full_money", MONEY, _("Above this sum a claim is proved fully: a document of title is needed.")),
        RuleKind("second_money", MONEY, _("Above this sum a second reviewer confirms a decision.")),
        RuleKind("correction_money", MONEY, _("Above this sum a second person confirms a correction.")),
        RuleKind("queue_money", MONEY, _("What one unit counts when cases are sorted by money. It sorts only.")),
        RuleKind("light_points", POINTS, _("Up to this risk a small claim is proved lightly.")),
        RuleKind("full_points", POINTS, _("From this risk on a claim is proved fully.")),
        RuleKind("velocity_days", DAYS, _("How many days back claims are counted.")),
        RuleKind("velocity_claims", COUNT, _("More claims of one holder or person than this within those days warn.")),
        RuleKind("name_percent", PERCENT, _("Names less alike than this warn.")),
        RuleKind("sample_size", COUNT, _("How many claims of a batch are drawn and looked at, at least.")),
        RuleKind("sample_percent", PERCENT, _("How much of a batch is drawn and looked at, at least.")),
        RuleKind("batch_size", COUNT, _("How many claims one batch holds, at most.")),
        RuleKind("challenge_days", DAYS, _("How long everybody may object before a new claimant is paid. 0: never.")),
        RuleKind("second_tracks", COUNT, _("Above so many tracks a second reviewer confirms an opt-out.")),
        RuleKind("opt_out_days", DAYS, _("How many days back opt-outs of one sender are counted.")),
        RuleKind("opt_out_cases", COUNT, _("How many opt-outs one holder or person may send in those days. 0: any.")),
        RuleKind("opt_out_mistaken", COUNT, _("More mistaken opt-outs of one holder in those days than this fail.")),
        RuleKind("keep_mail_days", DAYS, _("How long copies of mails in the local outbox are kept. 0: for ever.")),
        RuleKind("keep_session_days", DAYS, _("How long an expired session is kept. 0: for ever.")),
        RuleKind("keep_invitation_days", DAYS, _("How long an invited address is kept after its time. 0: for ever.")),
        RuleKind("keep_account_days", DAYS, _("How long an account is kept that nobody confirmed. 0: for ever.")),
        RuleKind("keep_payer_days", DAYS, _("How long names on transfers are kept. 0: for ever.")),
        RuleKind(
            "keep_evidence_days",
            DAYS,
            _("How long documents shown only for what was refused or withdrawn are kept after its end. 0: for ever."),
        ),
        RuleKind("keep_message_days", DAYS, _("How long messages of a case are kept after its end. 0: for ever.")),
        RuleKind("keep_open_data_days", DAYS, _("How long the open files of a day are kept. 0: for ever.")),
        RuleKind("lease_minutes", MINUTES, _("How long a case stays with the reviewer who took it.")),
    )
} | {
    f"{WEIGHT}{name}": RuleKind(f"{WEIGHT}{name}", POINTS, means)
    for name, means in {
        "identity": _("Risk when the holder's identity is not verified."),
        "identifier": _("Risk when tracks are uncertain."),
        "duplicate": _("Risk when the same is claimed or held already."),
        "shares": _("Risk when shares exceed 100 %."),
        "overlap": _("Risk when others claim the same."),
        "withdrawn": _("Risk when another holder withdrew the tracks."),
        "value": _("Risk of a large sum."),
        "evidence": _("Risk when no document is shown."),
        "scope": _("Risk when the documents do not fit the claim."),
        "authority": _("Risk when the authority of an agent is too narrow."),
        "velocity": _("Risk of many claims in few days."),
        "bank_account": _("Risk of a bank account not used before."),
        "name_distance": _("Risk when the holder's name is far from the names of the tracks."),
        "fraud": _("Risk when something is known from a fraud."),
        "ownership": _("Risk when an opt-out stands on no recorded share."),
        "partial": _("Risk when others hold shares in what is to leave."),
        "disputed": _("Risk when the ownership is in dispute."),
        "already_out": _("Risk when the tracks are out already."),
        "rows": _("Risk when rows are no certain track."),
        "abuse": _("Risk when much of what the sender sent turned out mistaken."),
    }.items()
}
