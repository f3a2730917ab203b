"""What a store types against a notice, and another holder against an opt-out; nothing is written here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder
from claims.models import CounterNotice, EvidenceDocument

Ground = CounterNotice.Ground
STORE_GROUNDS = (Ground.NOT_THIS_TRACK, Ground.DIRECT_LICENCE, Ground.OTHER)
WORDS = forms.Textarea(attrs={"rows": 4})


class CounterForm(forms.Form):
    """A store's objection to rows; the fields of 17 USC 512(g)(3) only where the sender chose that law."""

    ground = forms.ChoiceField(label=_("Why do you object?"), widget=forms.RadioSelect)
    text = forms.CharField(label=_("In your words"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))
    file = forms.FileField(
        label=_("Document"),
        required=False,
        max_length=200,
        help_text=_("Needed for a direct licence. Sealed; only reviewers and your colleagues see it."),
    )
    sworn_name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        required=False,
        help_text=_("This and what follows: only for a counter-notice under 17 USC 512(g)."),
    )
    sworn_address = forms.CharField(label=_("Postal address"), max_length=500, required=False)
    sworn_phone = forms.CharField(label=_("Phone"), max_length=50, required=False)
    good_faith = forms.BooleanField(
        label=_(
            "Under penalty of perjury: I believe in good faith that the tracks were removed by mistake or"
            " misidentification."
        ),
        required=False,
    )
    jurisdiction = forms.BooleanField(
        label=_(
            "I accept the jurisdiction of the federal district court for my address, or, outside the United States,"
            " of any in which the society may be found, and service of process from who sent the notice."
        ),
        required=False,
    )
    sworn_signature = forms.CharField(label=_("Your full name, as your signature"), max_length=200, required=False)
    SWORN = ("sworn_name", "sworn_address", "sworn_phone", "good_faith", "jurisdiction", "sworn_signature")

    def __init__(self, *args: Any, is_512: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grounds = [*STORE_GROUNDS, *([Ground.USC_512] if is_512 else [])]
        self.fields["ground"].choices = [(one.value, one.label) for one in grounds]  # type: ignore[attr-defined]
        for name in self.SWORN if not is_512 else ():
            del self.fields[name]

    def sworn(self) -> dict[str, str]:
        """This will give what was sworn by its plain names."""
        names = ("name", "address", "phone", "signature")
        return {name: self.cleaned_data.get(f"sworn_{name}", "") for name in names}

    def confirmed(self) -> list[str]:
        """This will give the statements that were ticked."""
        return [name for name in ("good_faith", "jurisdiction") if self.cleaned_data.get(name)]


class ContestForm(forms.Form):
    """For whom somebody contests an opt-out, why, and a document where no share is recorded."""

    holder = forms.ModelChoiceField(label=_("Whose rights are they?"), queryset=RightsHolder.objects.none())
    text = forms.CharField(label=_("Why may it not be taken out?"), max_length=5000, widget=WORDS)
    kind = forms.ChoiceField(label=_("What is it?"), choices=EvidenceDocument.Kind, required=False)
    file = forms.FileField(
        label=_("Document"),
        required=False,
        max_length=200,
        help_text=_("Needed unless a share in this right is recorded for you. Only we and your colleagues see it."),
    )

    def __init__(self, *args: Any, holders: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].queryset = holders  # type: ignore[attr-defined]
        only = list(holders[:2])
        if len(only) == 1:
            self.fields["holder"].initial = only[0]
