"""Every code the money office writes down or refuses with, and what it says to a person."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Promise | str] = {
    # bank accounts
    "name_missing": _("Write the name as it stands on the account."),
    "name_long": _("The name on the account may have 140 characters."),
    "iban_wrong": _("This is no IBAN: its length, its check digits or its national part are wrong."),
    "bic_wrong": _("This is no BIC: eight or eleven characters, as on the bank's papers."),
    "bank_in_another_country": _("The bank is in another country than the IBAN."),
    "bik_wrong": _("A BIK has nine digits and begins with 04 or 01."),
    "russian_account_wrong": _(
        "The account has 20 digits, and its ninth must fit the BIK: one of the two is mistyped."
    ),
    "correspondent_wrong": _("The correspondent account has 20 digits, begins with 301 and must fit the BIK."),
    "routing_number_wrong": _("A routing number has nine digits; its last is a check digit, and it does not fit."),
    "sort_code_wrong": _("A sort code has six digits."),
    "account_wrong": _("This is no account number of that country."),
    "intermediary_needless": _("An intermediary bank is named only for an account outside these systems."),
    "currency_wrong": _("A currency is three letters; these accounts take their own country's only."),
    # why a holder with money is not paid
    "no_payee": _("No confirmed bank account."),
    "account_changes": _("A change of the bank account waits for its second person."),
    "cooling_off": _("The bank account changed lately: nothing is paid before its waiting period is over."),
    "account_failed": _("The last payment to this account came back: a new account must be entered."),
    "below_minimum": _("Less than the smallest amount that is paid; it is carried over."),
    "not_verified": _("The holder is not verified."),
    "window_open": _("New here: others may still object to the first claim. Paid when that time is over."),
    "objection_open": _("Somebody objected to the first claim; a person has to decide."),
    "objection_accepted": _("An objection to the first claim was upheld: the claim is looked at again."),
    "suspended": _("A person ordered that nothing is paid for now."),
    "being_paid": _("Another payment of this currency is under way."),
    "unfunded": _("The stores have not paid for it yet."),
    "no_rate": _("No exchange rate is known for this currency."),
    "less_available": _("Less is payable now than when it was drafted."),
    "discarded": _("The batch was discarded."),
    # what a bank file says that needs a person
    "unknown_payment": _("No payment of ours has this number."),
    "other_batch": _("The payment belongs to another batch than the file says."),
    "amount_differs": _("The amount or currency is not that of our payment."),
    "state_differs": _("The payment is not in a state this fits to."),
    "not_understood": _("Nobody has said what this is for."),
}


def words(code: str) -> str:
    """This will say a code in the reader's language."""
    return str(WORDS.get(code, code))
