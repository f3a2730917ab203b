"""The files of a report put together: what they say beside their sales lines, against each other and our counts."""

import re
from collections.abc import Mapping, Sequence

from sales.formats import dsr
from sales.models import ReportFile, SalesReport
from sales.pipeline import facts, lines, parse, reading

Difference = dict[str, str | int]
_X_OF_Y = re.compile(r"_(\d{1,4})of(\d{1,4})(?=[_.]|$)")


def merged(structures: Sequence[dsr.Structure]) -> dsr.Structure:
    """This will put the summaries of all files together: every file has to carry the same ones (Part 1, 6.3).

    Where one contradicts an earlier file, only what both say is used, and the later file gets a fault that says so.
    """
    found = dsr.Structure()
    for structure in structures:
        for key, summary in structure.summaries.items():
            known = found.summaries.setdefault(key, summary)
            if known is not summary and not dsr.agree(known, summary):
                fault = dsr.Fault(summary.line_no, "SummaryRecordId", "summary_contradicts", key[:200])
                structure.faults.append(fault)
    return found


def contexts(report: SalesReport, structure: dsr.Structure) -> list[lines.Context]:
    """This will number the summaries of a report in the order of their keys, each with its period."""
    found = []
    for number, key in enumerate(sorted(structure.summaries), 1):
        summary = structure.summaries[key]
        start, end = summary.start or report.usage_start, summary.end or report.usage_end
        assert start is not None
        assert end is not None
        if end <= start:
            start, end = report.usage_start or start, report.usage_end or end
        found.append(lines.Context(number, summary, start, end))
    return found


def own_counts(
    received: Sequence[ReportFile], archived: Sequence[parse.Parsed], counts: Mapping[int, dict[str, int]]
) -> dict[int, dict[str, int]]:
    """This will say, per file that has a footer to compare with, what we counted; mended lines come without one.

    The last file of a report states the totals of all.
    """
    whole = {
        file.number: parsed for file, parsed in zip(received, archived, strict=True) if "mends" not in file.reading
    }
    found = {
        number: {**counts[number], "NumberOfLinesInFile": parsed.lines}
        for number, parsed in whole.items()
        if number in counts
    }
    if found and max(found) == max(whole):
        last = found[max(found)]
        last["NumberOfLinesInReport"] = sum(ours["NumberOfLinesInFile"] for ours in found.values())
        last["NumberOfBlocksInReport"] = sum(ours["NumberOfBlocksInFile"] for ours in found.values())
    return found


def footers(
    received: Sequence[ReportFile], archived: Sequence[parse.Parsed], ours: Mapping[int, dict[str, int]]
) -> list[Difference]:
    """This will put what each footer states beside what we counted."""
    return [
        {"file": file.name, "cell": cell, "stated": stated, "counted": ours[file.number][cell]}
        for file, parsed in zip(received, archived, strict=True)
        for cell, stated in parsed.structure.footer.items()
        if cell in ours.get(file.number, {})
    ]


def differences(
    received: Sequence[ReportFile],
    archived: Sequence[parse.Parsed],
    ours: Mapping[int, dict[str, int]],
    stated: Sequence[lines.Context],
    counted: facts.Counted,
) -> list[Difference]:
    """This will list where the sender's own counts differ from ours: names, footers, usages of summaries."""
    found: list[Difference] = []
    for file, parsed in zip(received, archived, strict=True):
        if file.number in ours:
            place: Difference = {"file": file.name, "line": parsed.structure.footer_line}
            found += [place | row for row in dsr.footer_differences(parsed.structure.footer, ours[file.number])]
            found += _name_differs(file)
    for context in stated:
        usages, ours_used = context.summary.usages, counted.usages.get(context.number, 0)
        if usages is not None and usages != ours_used:
            found.append({"code": "usages_differ", "cell": context.summary.key, "stated": usages, "counted": ours_used})
    return found


def _name_differs(file: ReportFile) -> list[Difference]:
    """This will compare the `xofy` of the file's name with HEAD, which is what counts."""
    named = _X_OF_Y.search(file.name)
    head = reading.from_json(file.reading).head
    if named is None or head is None or (int(named[1]), int(named[2])) == (head.number, head.files):
        return []
    stated, ours = f"{int(named[1])}of{int(named[2])}", f"{head.number}of{head.files}"
    return [{"code": "name_differs", "stated": stated, "counted": ours, "file": file.name}]
