"""The codes an authenticator app would show for a person of the cast."""

import time

SECRET = "JBSWY3DPEHPK3PXP"


def give_second_factor(user):
    """This will set up a second factor with a known secret, and recovery codes."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)


def code(secret=SECRET):
    """This will give the code of this half minute."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))
