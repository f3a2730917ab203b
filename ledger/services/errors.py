"""What can be wrong with an entry, each with the key or account at fault."""


class LedgerError(Exception):
    """The ledger refuses."""


class BadEntry(LedgerError):
    """An entry is out of balance, too small, too large, too fine or has a line without exactly one side."""

    def __init__(self, key: str, fault: str) -> None:
        super().__init__(f"{key}: {fault}")
        self.key, self.fault = key, fault


class IdempotencyConflict(LedgerError):
    """The key was already used for an entry with other content."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key}: posted before with other content")
        self.key = key


class LogChanged(LedgerError):
    """The log no longer comes to a root that was signed: something before that point was changed."""

    def __init__(self, size: int) -> None:
        super().__init__(f"the first {size} entries of the log are not what their signed checkpoint says")
        self.size = size


class AccountMismatch(LedgerError):
    """An address is known with another place, owner or item, or was given with two."""

    def __init__(self, address: str, currency: str) -> None:
        super().__init__(f"{address} {currency}: described in two ways")
        self.address, self.currency = address, currency
