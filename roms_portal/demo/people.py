"""Who logs in to the demo: the same cast as in the tests, one known password, a few words on what each can try."""

from allauth.account.models import EmailAddress

from accounts.models import User

PASSWORD = "six cents a song"
CAST = {
    "alice": ("", "artist, owner of the small label Severny Veter: has money, files claims"),
    "bob": ("", "her colleague: sees everything of the label, changes nothing"),
    "charlie": ("", "label staff of Red Pier Music: a rival claim, an opt-out waiting"),
    "rita": (User.Role.REVIEWER, "reviewer: the queue of claims, opt-outs and holders"),
    "frank": (User.Role.FINANCE, "finance: amounts due, payments, every balance, drafts payouts"),
    "fiona": (User.Role.FINANCE, "finance too: the second person, who approves what Frank drafts"),
    "sofia": (User.Role.SUPERVISOR, "supervisor: confirms what Rita decides about larger sums"),
    "store": ("", "AllofMP3: sends reports, answers notices"),
}
"""Log-in name -> (staff role, what to try)."""


def people() -> dict[str, User]:
    """This will make the cast, or find it as it is."""
    found = {}
    for name, (role, _about) in CAST.items():
        email = f"{name}@example.org"
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email, PASSWORD, display_name=name.title(), role=role)
        EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
        found[name] = user
    return found


def logins() -> str:
    """This will say who can log in, for a terminal."""
    lines = [f"    {name}@example.org".ljust(26) + about for name, (_role, about) in CAST.items()]
    return "\n".join([f"  Demo log-ins, password “{PASSWORD}”:", *lines])
