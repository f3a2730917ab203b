"""The register as plain HTML that opens from a disk: no script, no address outside the folder, nothing to install."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

STYLE = """body { font: 1rem/1.5 Georgia, serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1d1f; }
section { border-top: 1px solid #b9b2a3; padding: .5rem 0 1rem; }
h2 { font-size: 1.1rem; margin: .5rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: 0; }
dt { color: #4d5257; }
dd { margin: 0; }
code { font-size: .9em; }
nav a { margin-right: 1rem; }
:target { background: #f4f1ea; }
"""


@dataclass(frozen=True, slots=True)
class CopiedEntry:
    """One entry in one language: heading, pairs of name and value, titles.

    Not what people wrote: it can be withheld later, and a copy that somebody has cannot.
    """

    entry: str
    heading: str
    facts: Sequence[tuple[str, str]]
    titles: Sequence[str]


@dataclass(frozen=True, slots=True)
class Page:
    """One file of the copy: its entries, and the files before and after it."""

    language: str
    name: str
    before: str
    after: str
    entries: Sequence[CopiedEntry]


def page_html(page: Page, said: Mapping[str, str]) -> str:
    """This will write one page. `said`: the words register, older, newer, contents, tracks in its language."""
    links = [f'<a href="index.html">{escape(said["contents"])}</a>']
    if page.before:
        links.append(f'<a href="{page.before}" rel="prev">{escape(said["older"])}</a>')
    if page.after:
        links.append(f'<a href="{page.after}" rel="next">{escape(said["newer"])}</a>')
    body = "\n".join(_entry(entry, said["tracks"]) for entry in page.entries)
    return _html(page.language, said["register"], f"<nav>{''.join(links)}</nav>\n{body}")


def contents_html(language: str, pages: Sequence[tuple[str, str]], said: Mapping[str, str]) -> str:
    """This will write the contents: what the copy is, and a link with its days per page."""
    items = "\n".join(f'<li><a href="{name}">{escape(label)}</a></li>' for name, label in pages)
    listed = f"<ol>\n{items}\n</ol>" if pages else f"<p>{escape(said['empty'])}</p>"
    return _html(language, said["register"], f"<p>{escape(said['about'])}</p>\n{listed}")


def languages_html(languages: Sequence[tuple[str, str]]) -> str:
    """This will write the first page, which leads to the languages."""
    items = "".join(
        f'<li><a href="{code}/index.html" lang="{code}">{escape(name)}</a></li>' for code, name in languages
    )
    return _html("en", "ROMS", f"<ul>{items}</ul>", style="style.css")


def _entry(entry: CopiedEntry, tracks: str) -> str:
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in entry.facts if value)
    titles = "".join(f"<li>{escape(title)}</li>" for title in entry.titles)
    listed = f"<p>{escape(tracks)}</p><ul>{titles}</ul>" if titles else ""
    return f'<section id="{entry.entry}"><h2>{escape(entry.heading)}</h2><dl>{facts}</dl>{listed}</section>'


def _html(language: str, title: str, body: str, style: str = "../style.css") -> str:
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="{style}"></head>\n'
        f"<body><h1>{escape(title)}</h1>\n{body}\n</body></html>\n"
    )
