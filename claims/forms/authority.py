"""What people type about agents: how far one may go, for whom one acts, when it ends, what a reviewer says of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import Authority, RightsHolder
from claims.forms.reach import DATE, ReachForm
from claims.reasons import AUTHORITY
from core.ids import BadPublicId, normalise_public_id


class ScopeForm(ReachForm):
    """How far an agent may go."""

    purposes = forms.MultipleChoiceField(
        label=_("What may the agent do?"), choices=Authority.Purpose, widget=forms.CheckboxSelectMultiple
    )
    is_exclusive = forms.BooleanField(
        label=_("No other agent may do the same"),
        required=False,
        help_text=_("An agent that is the only one also collects what the owner claimed itself."),
    )


class GiveForm(ScopeForm):
    """The owner of rights, or an agent that may pass it on, names an agent."""

    agent = forms.CharField(
        label=_("Number of the agent"), max_length=20, help_text=_("The agent finds it on its own page: HLD-...")
    )
    may_delegate = forms.BooleanField(label=_("The agent may pass a part of it on to others"), required=False)
    file = forms.FileField(label=_("The agreement, if you want to keep it here"), required=False, max_length=200)
    field_order = ("agent", "purposes", "rights")

    def clean_agent(self) -> RightsHolder:
        return holder_named(self.cleaned_data["agent"])


class AskForm(ScopeForm):
    """An agent shows the letter of whom it acts for."""

    principal = forms.CharField(
        label=_("Number of the owner of the rights"),
        max_length=20,
        required=False,
        help_text=_("HLD-..., if it is registered here. Else give name, kind and country."),
    )
    name = forms.CharField(label=_("Name of the owner of the rights"), max_length=300, required=False)
    kind = forms.ChoiceField(label=_("What is it?"), choices=RightsHolder.Kind, required=False)
    country = forms.CharField(label=_("Country (two letters)"), max_length=2, required=False)
    file = forms.FileField(
        label=_("The letter of the owner of the rights"),
        max_length=200,
        help_text=_("PDF, PNG, JPEG, TXT, DOCX (no macros) or XLSX, at most 20 MB. A reviewer reads it."),
    )
    field_order = ("principal", "name", "kind", "country", "file", "purposes", "rights")

    def clean_principal(self) -> RightsHolder | None:
        typed = self.cleaned_data["principal"]
        return holder_named(typed) if typed else None

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "principal" in data and not data["principal"] and not data.get("name"):
            self.add_error("name", _("Say for whom you act: a number, or a name."))
        return data


class EndForm(forms.Form):
    """When an authority ends."""

    end = forms.DateField(label=_("First day on which it no longer holds"), **DATE)
    text = forms.CharField(label=_("Why"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class LetterForm(forms.Form):
    """A reviewer's word about a letter."""

    reason = forms.ChoiceField(label=_("Reason"), choices=list(AUTHORITY.items()), initial="letter_in_order")
    text = forms.CharField(
        label=_("In your words"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Both sides read this."),
    )


def holder_named(typed: str) -> RightsHolder:
    try:
        return RightsHolder.objects.get(public_id=normalise_public_id(typed, "HLD"))
    except (BadPublicId, RightsHolder.DoesNotExist) as error:
        raise forms.ValidationError(_("No holder has this number."), code="unknown") from error
