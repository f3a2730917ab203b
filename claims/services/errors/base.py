"""What every refusal is: a stable code, its words (claims/reasons.py) and a status for programs."""

from claims.reasons import words


class Refused(Exception):
    """A service would not do something; nothing was changed."""

    code = ""
    status = 422

    def __init__(self) -> None:
        super().__init__(words(self.code))
