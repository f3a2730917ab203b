"""The whole register in a folder of plain HTML, in every language, with the tables and their checksums beside it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from catalog.territories import words_of
from register import selectors
from register.formats.copy import STYLE, CopiedEntry, Page, contents_html, languages_html, page_html
from register.formats.rows import RegisterRow, TrackRow, as_csv, checksums
from register.models import Entry

ENTRIES_PER_PAGE: Final = 500
TITLES_EACH: Final = 20


def write_copy(*, folder: Path, now: datetime) -> int:
    """This will write the register into an empty or new folder; returns how many entries it has.

    The pages go from the oldest entry to the newest, so an old page stays as it is when the register grows.
    """
    languages = [code for code, _name in settings.LANGUAGES]
    for code in languages:
        (folder / code).mkdir(parents=True, exist_ok=True)
    (folder / "style.css").write_text(STYLE)
    count, contents = 0, {code: list[tuple[str, str]]() for code in languages}
    for number, (chunk, is_last) in enumerate(_with_last(_pages()), 1):
        count += len(chunk)
        for code in languages:
            with translation.override(code):
                page = Page(
                    language=code,
                    name=_file(number),
                    before=_file(number - 1) if number > 1 else "",
                    after="" if is_last else _file(number + 1),
                    entries=_entries(chunk),
                )
                (folder / code / page.name).write_text(page_html(page, _said(now)), encoding="utf-8")
                contents[code].append((page.name, f"{number}: {_day(chunk[0].at)} – {_day(chunk[-1].at)}"))
    for code in languages:
        with translation.override(code):
            (folder / code / "index.html").write_text(contents_html(code, contents[code], _said(now)), encoding="utf-8")
    (folder / "index.html").write_text(
        languages_html([(code, LANG_INFO[code]["name_local"]) for code in languages]), encoding="utf-8"
    )
    _write_tables(folder)
    return count


def zip_copy(*, folder: Path, target: Path, now: datetime) -> None:
    """This will pack a written copy into one file; the same copy always makes the same file."""
    at = (now.year, now.month, now.day, 0, 0, 0)
    with ZipFile(target, "w", ZIP_DEFLATED) as packed:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            told = ZipInfo(f"roms-register/{path.relative_to(folder).as_posix()}", date_time=at)
            told.compress_type = ZIP_DEFLATED
            told.external_attr = 0o644 << 16
            with path.open("rb") as source, packed.open(told, "w") as entry:
                while block := source.read(1 << 20):
                    entry.write(block)


def _write_tables(folder: Path) -> None:
    sums = []
    for name, lines in (
        ("register.csv", as_csv(RegisterRow, selectors.register_rows())),
        ("tracks.csv", as_csv(TrackRow, selectors.track_rows())),
    ):
        digest = sha256()
        with (folder / name).open("wb") as file:
            for line in lines:
                digest.update(line.encode())
                file.write(line.encode())
        sums.append((digest.hexdigest(), name))
    (folder / "SHA256SUMS").write_text(checksums(sums))


def _pages() -> Iterator[list[Entry]]:
    for chunk in selectors.all_entries():
        for start in range(0, len(chunk), ENTRIES_PER_PAGE):
            yield chunk[start : start + ENTRIES_PER_PAGE]


def _with_last(pages: Iterator[list[Entry]]) -> Iterator[tuple[list[Entry], bool]]:
    """Tell of each page whether it is the last one."""
    page = next(pages, None)
    while page is not None:
        following = next(pages, None)
        yield page, following is None
        page = following


def _entries(chunk: Sequence[Entry]) -> list[CopiedEntry]:
    titles = selectors.titles(chunk, shown=TITLES_EACH)
    stores = {store.pk: store.name for store in selectors.stores()}
    return [
        CopiedEntry(
            entry=entry.public_id,
            heading=f"{entry.get_kind_display()} {entry.number}: {selectors.state_words(entry)}",
            facts=_facts(entry, stores),
            titles=titles.get(entry.opt_out_id, []) if entry.track_count else [],
        )
        for entry in chunk
    ]


def _facts(entry: Entry, stores: dict[int, str]) -> list[tuple[str, str]]:
    case = entry.opt_out
    about = [entry.licensee_id] if entry.licensee_id else entry.store_ids
    return [
        (_("Number in the register"), entry.public_id),
        (_("Day"), _day(entry.at)),
        (_("Opt-out"), case.public_id),
        (_("Stores"), ", ".join(stores[store] for store in about) or _("Every store")),
        (_("Countries"), words_of(case.territories.label)),
        (_("Ground of the opt-out"), case.get_basis_display()),
        (_("Holder"), case.holder.name if case.is_name_public else ""),
        (_("Tracks"), str(entry.track_count) if entry.track_count else ""),
    ]


def _said(now: datetime) -> dict[str, str]:
    return {
        "register": _("Register of opt-outs"),
        "contents": _("Contents"),
        "older": _("Older"),
        "newer": _("Newer"),
        "empty": _("Nothing in the register yet"),
        "about": _("The register of ROMS as of %(moment)s. All tracks that left are in tracks.csv beside it.")
        % {"moment": f"{now:%Y-%m-%d %H:%M} UTC"},
        "tracks": _("The first tracks:"),
    }


def _day(moment: datetime) -> str:
    return date_format(moment, "Y-m-d")


def _file(number: int) -> str:
    return f"{number:05}.html"
