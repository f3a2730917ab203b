"""What is refused of names, lists, matches and corrections of the catalogue."""

from claims.services.errors.base import Refused


class NoSuchName(Refused):
    """A name has no letter or digit, so nothing can be found under it."""

    code = "no_such_name"


class NotByName(Refused):
    """The list is no choice by a name: nothing comes under it later."""

    code = "not_by_name"


class NoTrackFound(Refused):
    """No row of an opt-out is one certain track."""

    code = "no_track_found"


class NoRows(Refused):
    """An opt-out's list is empty."""

    code = "no_rows"


class ListTooLong(Refused):
    """An opt-out's list has more rows than one case takes."""

    code = "list_too_long"


class NothingToCorrect(Refused):
    """Nothing would be other than it is."""

    code = "nothing_to_correct"


class NoSuchTrack(Refused):
    """What was given is no track's id or ISRC."""

    code = "no_such_track"


class NoSuchRelease(Refused):
    """What was given is no release's id."""

    code = "no_such_release"


class SeveralTracks(Refused):
    """Several tracks have the ISRC that was given."""

    code = "several_tracks"


class BadUnits(Refused):
    """A store says it sold more after its time than in all, or less than nothing."""

    code = "bad_units"


class FileTooLarge(Refused):
    """A list's file is larger than one list takes; nothing was kept."""

    code = "list_file_too_large"
    status = 413


class ListBusy(Refused):
    """A list is being looked up, or was used, so it is not chosen from now."""

    code = "list_busy"
    status = 409


class NothingChosen(Refused):
    """No row of a list is chosen, so no case can be made of it."""

    code = "nothing_chosen"
