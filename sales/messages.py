"""What every code of sales intake means to a person: what is wrong, and what to do about it.

Texts name the place (file, line, cell) through the parameters that came with the code; a text that lacks one of them
is shown without it rather than not at all.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _


class Message(NamedTuple):
    """What is wrong, and the remedy."""

    fault: str
    remedy: str


Text = Promise | str

SEND_SALES = _(
    "Send the sales of recordings in one of these profiles: BasicAudioProfile, BasicAudioProfileSRB, UGCProfile,"
    " RoyaltyReportingProfile, FinancialReportingToRecordCompaniesProfileSRB."
)

FILES: Mapping[str, tuple[Text, Text]] = {
    "empty_file": (_("The file has no content."), _("Export the report again and send that file.")),
    "upload_too_large": (
        _("The file is larger than one upload may be."),
        _("Send it packed (.gz, .zst), or in parts."),
    ),
    "cut_short": (_("The packed file ends too early."), _("The transfer broke off: send the file again.")),
    "damaged": (_("The packed file is damaged (%(packing)s)."), _("Pack the report again and send it again.")),
    "unpacks_too_large": (
        _("The packed file unpacks to far more than a report has."),
        _("Send the report itself, packed once with gzip or zstd."),
    ),
    "not_text": (
        _("This is no text file: it holds zero bytes where characters should be."),
        _("Export the report as DSR, TSV, CSV or XLSX."),
    ),
    "wrong_encoding": (
        _("From line %(line)s on the characters are in no encoding we can tell."),
        _("Export the report as UTF-8."),
    ),
    "line_too_long": (
        _("Line %(line)s has no end within a million characters."),
        _("Records end with a line feed: export the report again."),
    ),
    "old_excel": (_("This is an old Excel workbook (.xls)."), _("Save it as .xlsx or .csv and send that.")),
    "zip_is_no_workbook": (
        _("This is a ZIP archive, and no Excel workbook."),
        _("Send the report itself, or packed with gzip or zstd."),
    ),
    "xml_doctype": (
        _("The workbook declares a document type (%(part)s), which no spreadsheet program writes."),
        _("Save it with a spreadsheet program and send that."),
    ),
    "unknown_format": (
        _("Line %(line)s is neither a DSR header nor the column names of our template. It begins: %(found)s"),
        _("Send a DDEX DSR or the flat template with its column names in the first line."),
    ),
    "columns_missing": (_("Line %(line)s lacks the columns %(columns)s."), _("Add them and send the file again.")),
    "column_twice": (_("Line %(line)s names the column %(cell)s twice."), _("Leave one of them out.")),
    "profile_of_films": (
        _("Line %(line)s, cell %(cell)s: the profile %(profile)s reports films and videos, no sales of recordings."),
        SEND_SALES,
    ),
    "profile_of_broadcasts": (
        _("Line %(line)s, cell %(cell)s: the profile %(profile)s reports what was broadcast, no sales of recordings."),
        SEND_SALES,
    ),
    "profile_of_lists": (
        _("Line %(line)s, cell %(cell)s: the profile %(profile)s lists what a store offers, no sales."),
        SEND_SALES,
    ),
    "profile_unknown": (_("Line %(line)s, cell %(cell)s: %(profile)s is no DSR profile."), SEND_SALES),
    "profile_version_not_supported": (
        _("Line %(line)s, cell %(cell)s: version %(version)s of %(profile)s is not read here."),
        _("Versions 1.0 to 1.5 are."),
    ),
    "head_twice": (
        _("Line %(line)s begins another report (HEAD): the file holds more than one."),
        _("Send every report, and every part of one, as a file of its own."),
    ),
    "files_missing": (
        _("Not all files of the report are here. Missing: %(missing)s of %(all)s."),
        _("Send them in any order; the report is counted when all are in."),
    ),
    "part_contradicts": (
        _("This file belongs to report %(other)s, but its %(cell)s is %(found)s and theirs is %(stated)s."),
        _("All files of a report have the same profile, period and number of files: send the right file."),
    ),
    "part_twice": (
        _("File %(number)s of report %(other)s is here already, with other content."),
        _("Send a corrected report under a message number of its own, with all its files."),
    ),
    "head_cell_empty": (_("Line %(line)s (HEAD) lacks %(cell)s."), _("Fill the cell and send the file again.")),
    "head_cell_wrong": (
        _("Line %(line)s (HEAD), cell %(cell)s: “%(found)s” cannot be right."),
        _("Correct the cell and send the file again."),
    ),
    "no_line_accepted": (
        _("None of the %(lines)s sales lines could be taken."),
        _("The faults below say why; correct them and send the file again."),
    ),
    "same_report_other_content": (
        _("Report %(other)s has the same sender and number (or period) and other content."),
        _("Say whether this one takes its place, is one more, or is a mistake."),
    ),
    "same_content": (
        _("Its lines come to exactly what report %(other)s already says, under another name or number."),
        _("Nothing was counted. Say whether it is one more report, or the same one sent again."),
    ),
    "confirm_difference": (
        _("Report %(other)s was read again, and something would change."),
        _("Look at the difference; it is posted when somebody of finance says so."),
    ),
    "terms_changed": (
        _("The terms of this store changed within the time of report %(other)s, so it was read again."),
        _("Look at the difference; it is posted when somebody of finance says so."),
    ),
    "supplement_unknown": (
        _("The file mends lines of report %(report)s, which this store never sent."),
        _("Send it under the store whose report it was."),
    ),
    "supplement_outdated": (
        _("The file mends lines of report %(report)s, which report %(other)s has replaced."),
        _("Get the correction file of that report and mend its lines."),
    ),
    "supplement_under_way": (
        _("Lines of report %(report)s are just being mended by report %(other)s."),
        _("Wait until it is posted, then mend what is left there."),
    ),
    "supplement_other_layout": (
        _("The file mends lines of report %(report)s, but its columns stand in other places."),
        _("Leave the columns as they are in the correction file and send it again."),
    ),
    "supplement_stray_line": (
        _("Line %(line)s does not say which line of report %(report)s it mends, so it could be counted twice."),
        _("Take it out, or send it in a report of its own."),
    ),
    "supplement_empty": (_("The file mends no line of report %(report)s."), _("Leave the mended lines in it.")),
    "supplement_line_twice": (
        _("Line %(place)s of report %(report)s is mended twice."),
        _("Leave one of the two lines and send the file again."),
    ),
    "supplement_line_not_rejected": (
        _("Line %(place)s of report %(report)s was not rejected, or is mended already."),
        _("Take the line out and send the file again; accepted lines are counted."),
    ),
    "needs_mapping": (
        _("This is a table with columns of its own, and nobody has said yet what they mean."),
        _("Map its columns once; files like it are then read by themselves."),
    ),
    "mapping_misfit": (
        _("The columns are those of the template %(template)s, but what stands in them does not fit."),
        _("Look at the first rows: correct the template, or give this layout another name."),
    ),
    "mapping_unclear": (
        _("Several templates read these columns: %(templates)s."),
        _("Say which one is meant, and retire the other."),
    ),
    "needs_period": (
        _("The template %(template)s reads the file, but nothing in it says which period it is about."),
        _("Say the period."),
    ),
    "sheet_missing": (_("The workbook has no sheet “%(sheet)s”."), _("Choose another sheet in the template.")),
    "nothing_changed": (_("Report %(other)s was read again; nothing would change."), ""),
    "no_tariff": (
        _("No tariff of this store was in force on %(start)s."),
        _("Enter the tariff, then let the report go on."),
    ),
    "bad_tariff": (
        _(
            "The tariff from %(start)s is not complete: its split over the rights does not come to 100 %%, or nothing"
            " is left after its deductions."
        ),
        _("Mend the tariff, then let the report go on."),
    ),
    "list_without_columns": (
        _("No line of column names says which column is your own number, the ISRC or the title."),
        _("Put the names of the columns in the first line: TrackId, ISRC, Title, Artist, Url."),
    ),
    "month_closed": (
        _("The books of %(month)s are closed."),
        _("Finance takes it into the open month as late, or opens the month again, with a reason."),
    ),
    "superseded": (_("Report %(by)s took its place."), ""),
    "rejected_by_person": (_("A person rejected it."), ""),
}
"""Why a whole file or report was refused or is held."""

CELLS: Mapping[str, tuple[Text, Text]] = {
    "nul_byte": (_("The line holds zero bytes."), _("Export the line again as plain text.")),
    "not_utf8": (_("The line is not UTF-8."), _("Export the report as UTF-8.")),
    "record_unknown": (
        _("This type of record reports no sales in the profile that HEAD names."),
        _("Give sales in the records of the profile, or name in HEAD the profile the records are of."),
    ),
    "reference_empty": (_("The line says neither which resource nor which release was sold."), _("Fill one of both.")),
    "reference_unknown": (_("No resource or release of the block has this reference."), _("Correct the reference.")),
    "summary_unknown": (_("No summary has this number."), _("Give the number of an SY record of this report.")),
    "summary_assumed": (
        _("No summary has this number; the line was taken under the only one there is."),
        _("Give the number of an SY record of this report."),
    ),
    "summary_twice": (_("Two summaries have this number."), _("Number every SY record differently.")),
    "summary_contradicts": (
        _("Another file of the report gives this summary other figures; what differs was not used."),
        _("All files of a report carry the same summaries: correct the one that is wrong."),
    ),
    "resource_not_described": (
        _("No resource of the block has this number; the line was taken under the number alone."),
        _("Describe every resource in a record of the block (AS01, AS02)."),
    ),
    "counted_already": (
        _("The same use is in a line before, for another rights controller; it was counted once."),
        _("Nothing, if it is one use. Else give every use a transaction number of its own."),
    ),
    "transaction_twice": (
        _("A line before has the same transaction number; both were counted."),
        _("Number every sale differently, and send a correction if one of them was sent twice."),
    ),
    "usages_rounded": (
        _("Units are counted whole: half a unit and more count as one, less as none."),
        _("Nothing, where the line has its own revenue. Else report whole units."),
    ),
    "cell_empty": (_("The cell is empty."), _("Fill it.")),
    "currency_unknown": (_("This is no currency code."), _("Give three letters as in ISO 4217: USD, RUB.")),
    "date_wrong": (_("This is no date or period we can read."), _("Write 2006-10-31, or the period 2006-10.")),
    "negative": (_("The number is below zero."), _("Report returned units in Returns, not as negative sales.")),
    "not_a_number": (
        _("This is no number."),
        _("Write digits with a decimal point, no currency sign and no separators: 1234.50"),
    ),
    "too_many_decimals": (_("The amount has more than eight decimals."), _("Round it to eight decimals.")),
    "number_style": (
        _("This is no number as the template writes them."),
        _("Correct the cell, or the decimal sign and the separator of thousands in the template."),
    ),
    "currency_differs": (
        _("The currency sign in the cell is not that of the line's currency."),
        _("Correct the currency or the sign."),
    ),
    "not_exact": (
        _("The quotient does not come out at eight decimals, so it would be rounded."),
        _("Map the total as NetRevenue instead of computing a price."),
    ),
    "computed_incomplete": (_("One of the cells it is computed from is empty."), _("Fill it.")),
    "sign_differs": (
        _("Units are given back on this line, but the amount is above zero."),
        _("Give the amount of returned units below zero, or choose another convention in the template."),
    ),
    "date_style": (
        _("This is no date in the order the template says."),
        _("Correct the cell, or the order of day and month in the template."),
    ),
    "too_long": (_("The text is longer than 200 characters."), _("Give the store's own number of the track.")),
    "no_identity": (
        _("Nothing says what was sold."),
        _("Give the store's own number, the ISRC, or title and artist."),
    ),
    "isrc_wrong": (
        _("This is no ISRC; the line was taken without it."),
        _("An ISRC has 12 characters: two letters, three letters or digits, seven digits."),
    ),
    "territory_unknown": (
        _("This is no territory; the line was taken as one without territory."),
        _("Give the two letters of ISO 3166-1: RU, US."),
    ),
    "not_a_count": (_("This is no count."), _("Write digits only.")),
}
"""What was wrong with one line."""

DIFFERENCES: Mapping[str, Text] = {
    "footer_missing": _("The file has no footer, so nobody can tell whether lines are missing at its end."),
    "footer_differs": _("%(cell)s: the footer states %(stated)s, there are %(counted)s."),
    "name_differs": _("The file's name says it is file %(stated)s, its HEAD says %(counted)s; HEAD counts."),
    "records_passed_over": _("%(counted)s lines are of types we do not know and were passed over: %(cell)s."),
    "transactions_twice": _("%(counted)s lines have a transaction number that a line before has."),
    "blocks_repeated": _("%(counted)s blocks stand in more than one file: %(cell)s."),
    "columns_new": _("The file has columns its template did not know: %(cell)s. They are kept and not used."),
    "totals_skipped": _("Line %(cell)s was left out as a total: it begins with “%(found)s”."),
    "total_differs": _("%(cell)s: the total line states %(stated)s, the accepted lines come to %(counted)s."),
    "usages_differ": _("Summary %(cell)s states %(stated)s usages, its accepted lines have %(counted)s."),
}
"""Where the sender's own counts differ from ours; the accepted lines accrue all the same."""


MAPPING: Mapping[str, Text] = {
    "column_gone": _("The file has no column “%(where)s”."),
    "field_missing": _("No column gives %(where)s."),
    "field_twice": _("%(where)s is given twice: by a column, a computation or one value for all lines."),
    "say_date_order": _("Say the order of day, month and year: it is never guessed."),
    "say_period": _("Say which period the file is about, for example 2006-10: no column does."),
    "say_decimal": _("Say whether amounts have a decimal point or a decimal comma."),
    "say_returns_column": _("Say which column marks returned units, and by which words."),
    "say_name": _("Give the template a name."),
    "separators_same": _("The decimal sign cannot separate thousands as well."),
    "currency_unknown": _("“%(where)s” is no currency code: three letters as in ISO 4217."),
    "choice_unknown": _("There is no such choice: %(where)s."),
    "computed_incomplete": _("Say which columns %(where)s is worked out of."),
    "columns_taken": _("The template “%(where)s” reads these columns: give this one its name, or retire it."),
    "nothing_accepted": _("Not one of the first lines could be taken; their faults are shown."),
}
"""What is left to be said before a mapping template can read a file."""


def of_mapping(code: str, where: str) -> str:
    """Return in words what is left to be said about a template."""
    return _filled(MAPPING.get(code, code), {"where": where})


def of_report(code: str, params: Mapping[str, object]) -> Message:
    """Return in words why a report is rejected or held."""
    fault, remedy = FILES.get(code, (code, ""))
    place = f"{params['file']}: " if params.get("file") else ""
    return Message(place + _filled(fault, params), _filled(remedy, params))


def of_line(code: str) -> Message:
    """Return in words what was wrong with a line."""
    fault, remedy = CELLS.get(code, (code, ""))
    return Message(str(fault), str(remedy))


def of_fault(code: str, cell: str, found: str) -> str:
    """Return in one text what was wrong with a line, where, and what to do."""
    fault, remedy = of_line(code)
    place = ": ".join(part for part in (cell, found) if part)
    return " ".join(part for part in (f"{place}." if place else "", fault, remedy) if part)


def of_difference(difference: Mapping[str, object]) -> str:
    """Return in words where the sender's count differs from ours."""
    place = str(difference.get("file", ""))
    if place and difference.get("line"):
        place = of_place(place, int(str(difference["line"])), "")
    place = f"{place}: " if place else ""
    return place + _filled(DIFFERENCES.get(str(difference["code"]), str(difference["code"])), difference)


def of_place(file: str, line_no: int, cell: str) -> str:
    """Return where something stands: file, line, cell."""
    if cell:
        return translated("%(file)s, line %(line)s, cell %(cell)s") % {"file": file, "line": line_no, "cell": cell}
    return translated("%(file)s, line %(line)s") % {"file": file, "line": line_no}


def _filled(text: Text, params: Mapping[str, object]) -> str:
    return str(text) % defaultdict(lambda: "?", params)
