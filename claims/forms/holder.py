"""What people type about holders: who they are, who acts for them, whether we believe it."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog import territories
from catalog.models import HolderIdentifier, HolderMember, RightsHolder
from claims.reasons import IDENTITY
from core.widgets import DayInput


class HolderForm(forms.Form):
    """Who the rights belong to."""

    kind = forms.ChoiceField(label=_("Who owns the rights?"), choices=RightsHolder.Kind, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Name"), max_length=300, help_text=_("The legal name, in any script. Other names can be added later.")
    )
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = territories.names(get_language() or "en")
        current = sorted((name, code) for code, name in names.items() if len(code) == 2)
        self.fields["country"].choices = [("", "–"), *((code, name) for name, code in current)]  # type: ignore[attr-defined]


class OtherNameForm(forms.Form):
    """Another name of a holder."""

    text = forms.CharField(
        label=_("Another name"), max_length=300, help_text=_("Stage name, former name, spelling in another script.")
    )


class NumberForm(forms.Form):
    """A number others know the holder by."""

    scheme = forms.ChoiceField(label=_("Kind of number"), choices=HolderIdentifier.Scheme)
    value = forms.CharField(
        label=_("Number"), max_length=60, help_text=_("As it is printed; its check digit is tested.")
    )


class SocietyForm(forms.Form):
    """Of which other society the holder is a member, since when, and where it can be seen."""

    society = forms.CharField(
        label=_("Society"), max_length=300, help_text=_("For example PRS for Music, SACEM, GEMA.")
    )
    start = forms.DateField(
        label=_("Member since"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    end = forms.DateField(
        label=_("Until, if you have left"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The first day on which you were no longer a member."),
    )
    source = forms.CharField(
        label=_("Where it can be seen"),
        max_length=300,
        help_text=_("A contract, a yearly statement, your entry in the IPI system."),
    )


class InviteForm(forms.Form):
    """Who shall act for the holder, and how far."""

    email = forms.EmailField(label=_("Email address"))
    role = forms.ChoiceField(label=_("Role"), choices=HolderMember.Role, initial=HolderMember.Role.READER)


class RoleForm(forms.Form):
    """Another role for somebody who acts for the holder already."""

    email = forms.EmailField(widget=forms.HiddenInput)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=HolderMember.Role,
        widget=forms.Select(attrs={"class": "form-select form-select-sm w-auto"}),
    )


class HolderReviewForm(forms.Form):
    """A reviewer's word about who a holder is."""

    reason = forms.ChoiceField(label=_("Reason"), choices=list(IDENTITY.items()), initial="identity_in_order")
    text = forms.CharField(
        label=_("In your words"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The holder reads this."),
    )
    again_on = forms.DateField(
        label=_("Look again on"),
        required=False,
        widget=DayInput(),
        help_text=_("For example when the document runs out. The queue reminds you; nothing else happens that day."),
    )
