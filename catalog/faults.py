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
    "other_format": Explanation(
        _("The file is of another kind than was asked for."), _("Leave the format out; files are recognised.")
    ),
    "broken_xml": Explanation(_("The XML is broken off or not well formed."), _("Have the message made again.")),
    "xml_unsafe": Explanation(
        _("The XML declares a document type or entities; such files are refused."), _("Send the message without DTD.")
    ),
    "xml_too_deep": Explanation(_("The XML is nested too deeply."), _("Have the message made again.")),
    "xml_too_large": Explanation(_("The message is larger than 64 megabytes."), _("Send it in several messages.")),
    "xml_unknown": Explanation(
        _("This XML is no catalogue message."), _("Send a DDEX NewReleaseMessage or PurgeReleaseMessage.")
    ),
    "ern_version": Explanation(_("This version of ERN is not known."), _("Send ERN 3.2 to 4.3.")),
    "header_missing": Explanation(
        _("The message lacks a part without which nobody can say what it is."), _("Have the message made again.")
    ),
    "test_message": Explanation(
        _("Its sender marked the message as a test."), _("Send it as LiveMessage when it is meant.")
    ),
    "broken_json": Explanation(_("This is no JSON."), _("Send the answer as it came, or one document per line.")),
    "json_unknown": Explanation(
        _("The JSON holds no releases or recordings."), _("Send MusicBrainz releases or recordings.")
    ),
    "cwr_version": Explanation(_("This version of CWR is not read."), _("Send CWR 2.1 or 2.2.")),
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
    "not_a_registration": Explanation(
        _("This transaction registers no work."), _("Send NWR or REV transactions; acknowledgements are not needed.")
    ),
    # Remarks: the row was taken
    "bad_ipi": Explanation(_("This is no IPI: a digit is wrong or missing."), _("Check the number with the society.")),
    "bad_share": Explanation(_("This is no share between 0 and 100 %."), _("Write five digits: 05000 is 50 %.")),
    "bad_territory": Explanation(_("Nobody knows this territory code."), _("Use ISO 3166-1 letters or TIS numbers.")),
    "count_differs": Explanation(
        _("The trailer counts something else than the file holds."), _("Check that the file is whole.")
    ),
    "older_message": Explanation(
        _("The sender has said something newer about this release; that stays in force."),
        _("Send the newest message again if this one is meant."),
    ),
    "purge_by_other": Explanation(
        _("The sender never offered this release, so its purge is only kept."),
        _("Ask the sender who holds the release."),
    ),
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
