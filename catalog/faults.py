"""What can be wrong with a catalogue file, by code: what it is, and what the sender can do."""

from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Explanation(NamedTuple):
    """Two sentences for a person."""

    problem: Promise | str
    remedy: Promise | str


FAULTS: Final[dict[str, Explanation]] = {
    # The whole file
    "empty_file": Explanation(_("The file is empty."), _("Send a file with a line of headers and at least one row.")),
    "binary": Explanation(
        _("The file is neither text nor a spreadsheet."), _("Save the table as CSV (UTF-8) or as .xlsx.")
    ),
    "not_a_table": Explanation(_("The file is a document, not a table."), _("Save it as CSV (UTF-8) or as .xlsx.")),
    "packed": Explanation(_("The file is packed."), _("Unpack it and send the table inside.")),
    "old_spreadsheet": Explanation(
        _("The file is a spreadsheet in the format before 2007, or locked with a password."),
        _("Save it as .xlsx without a password, or as CSV."),
    ),
    "broken_spreadsheet": Explanation(
        _("The spreadsheet is damaged."), _("Open it, save it again as .xlsx and send that.")
    ),
    "too_large_unpacked": Explanation(
        _("Unpacked, the spreadsheet would be too large."), _("Send the rows as CSV, or in several files.")
    ),
    "line_too_long": Explanation(
        _("A line is longer than a million characters."), _("Check that the file is a table with line ends.")
    ),
    "column_missing": Explanation(
        _("A column is missing."), _("Name it in the first line as the template does; case does not matter.")
    ),
    "column_twice": Explanation(_("A column is there twice."), _("Keep one of them.")),
    # One row
    "broken_line": Explanation(_("The line cannot be split into cells."), _("Check its quotation marks.")),
    "too_few_cells": Explanation(_("The line has too few cells."), _("Fill it to the last column, or remove it.")),
    "cell_missing": Explanation(_("A needed cell is empty."), _("Every row needs a title and an artist.")),
    "cell_too_long": Explanation(
        _("The text is too long."), _("Shorten it to 500 characters; labels and names to 300.")
    ),
    "text_broken": Explanation(
        _("The letters were destroyed on the way."),
        _("Export the table again as UTF-8; the letters cannot be had back from this file."),
    ),
    "bad_isrc": Explanation(
        _("This is no ISRC."),
        _("Write twelve characters, e.g. RUA120600001; O and 0, I and 1 are often confused. Several: with semicolons."),
    ),
    "bad_icpn": Explanation(
        _("This is no UPC or EAN: a digit is wrong or missing."), _("Keep the column as text, so that zeros stay.")
    ),
    "bad_iswc": Explanation(_("This is no ISWC: a digit is wrong or missing."), _("Write it as T0345246801.")),
    "bad_duration": Explanation(_("This is no playing time."), _("Write 3:45, PT3M45S, or seconds: 225.")),
    "bad_date": Explanation(_("This is no date."), _("Write 2006-01-31.")),
    "bad_track_number": Explanation(_("This is no track number."), _("Write a number from 1 to 10000, or nothing.")),
    "bad_language": Explanation(_("This is no language tag."), _("Write e.g. ru, en or ru-Latn.")),
    "ambiguous_track": Explanation(
        _("Several tracks in the catalogue have this name and artist."), _("Add the ISRC or the playing time.")
    ),
    "works_full": Explanation(
        _("The track already plays other works in full."), _("Ask the staff to correct the works of the track.")
    ),
    # Remarks: the row was taken
    "unknown_column": Explanation(
        _("Nobody knows this column; it was left alone."), _("See the template for the names.")
    ),
    "isrc_elsewhere": Explanation(
        _("The ISRC is also on a track with another name; both were kept."), _("Check which of the two carries it.")
    ),
    "place_taken": Explanation(
        _("Another track has this number on the release; the place was left as it was."), _("Check the track number.")
    ),
}

UNKNOWN: Final = Explanation(_("Something is wrong here."), _("Ask the staff."))


def explain(code: str) -> Explanation:
    """This will return what a code means and what to do about it."""
    return FAULTS.get(code, UNKNOWN)
