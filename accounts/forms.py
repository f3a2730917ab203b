"""What a person types about themselves and their keys."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiToken, User

DAYS = [(30, _("30 days")), (90, _("90 days")), (365, _("a year"))]


class TokenForm(forms.Form):
    """What a new key is for, what it may do, and for how long."""

    name = forms.CharField(label=_("What it is for"), max_length=100)
    scopes = forms.MultipleChoiceField(
        label=_("It may"), choices=ApiToken.Scope, initial=["read"], widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(label=_("It ends after"), choices=DAYS, coerce=int, initial=90)


class ProfileForm(forms.ModelForm[User]):
    """How the portal names a person and in which language it writes to them."""

    class Meta:
        model = User
        fields = ["display_name", "language"]
