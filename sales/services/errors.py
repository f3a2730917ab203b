"""What the services of this app refuse, each with a code that `sales.messages` puts into words."""


class SalesError(Exception):
    """A rule of sales intake refuses."""

    code = "sales_error"

    def __init__(self, message: str = "", **params: object) -> None:
        super().__init__(message or self.code)
        self.params = params


class UploadTooLarge(SalesError):
    """The file has more bytes than one upload may have; nothing of it was kept."""

    code = "upload_too_large"


class UploadMisplaced(SalesError):
    """A part does not begin where the last one ended; `offset` says where that is."""

    code = "upload_misplaced"
    status = 409


class UploadNotOpen(SalesError):
    """The upload was completed, or has expired: nothing can be added to it."""

    code = "upload_not_open"
    status = 409


class NoSpace(SalesError):
    """The disk is full. Nothing of the step was kept; it is done again when there is space."""

    code = "no_space"
    status = 507


class DayToCome(SalesError):
    """A list of a catalogue is about a day that is over or today."""

    code = "day_to_come"


class ReportNotHeld(SalesError):
    """Only a report that is held can take over from another or be rejected by a person."""

    code = "report_not_held"
    status = 409


class SupplementRefused(SalesError):
    """A file of mended lines does not fit the report it names: `code` says why, nothing of it was kept."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, **params)
        self.code = code


class MonthNotOver(SalesError):
    """Only a month that is over can be closed."""

    code = "month_not_over"


class ReportNotInForce(SalesError):
    """Only a posted report that nothing has replaced can be read again or mended."""

    code = "report_not_in_force"
    status = 409


class KeyAlreadyMatched(SalesError):
    """The store's key has a track (or release) already; correcting a match is another act."""

    code = "key_already_matched"


class NotAReleaseKey(SalesError):
    """A key of a track was to become a release's."""

    code = "not_a_release_key"


class NotATrackKey(SalesError):
    """The key names a release; a release's key is matched to a release."""

    code = "not_a_track_key"


class AlreadyProposed(SalesError):
    """The holder has proposed this match already, and it waits."""

    code = "already_proposed"


class NotOnesProposal(SalesError):
    """A proposal is taken back by the holder who made it."""

    code = "not_ones_proposal"


class BadPattern(SalesError):
    """A rule's pattern has fewer than three letters or digits: it would fit nearly everything."""

    code = "bad_pattern"


class RuleExists(SalesError):
    """The store has a rule of this pattern."""

    code = "rule_exists"


class LeaseLost(SalesError):
    """Another worker took the report over; what this one was about to write was not written."""

    code = "lease_lost"
