"""Why a whole file cannot be used. Codes, not words: `sales.messages` says them to people."""


class BadFile(Exception):
    """The file as a whole is refused: `code` names the fault, `params` where and what was found."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(f"{code} {params}" if params else code)
        self.code, self.params = code, params
