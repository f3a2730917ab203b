"""Reads a small XML document of a stranger into a tree: no DTD, no entities, bounded size and depth, lines kept."""

from typing import BinaryIO, Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from catalog.formats.tables import CannotRead

BYTES_MAX: Final = 64 << 20
DEPTH_MAX: Final = 60
LINE: Final = "line of the file"
_BLOCK: Final = 1 << 16


class _Tree(TreeBuilder):
    """Notes at every element the line it begins on, and refuses what is nested too deeply."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.parser: DefusedXMLParser | None = None

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        """This will open an element."""
        self.depth += 1
        if self.depth > DEPTH_MAX:
            raise CannotRead("xml_too_deep")
        assert self.parser is not None
        line = self.parser.parser.CurrentLineNumber
        return super().start(tag, attrs | {LINE: str(line)})

    def end(self, tag: str) -> Element:
        """This will close an element."""
        self.depth -= 1
        return super().end(tag)


def read_tree(file: BinaryIO) -> Element:
    """This will read the whole document. Raises: CannotRead."""
    tree = _Tree()
    parser = tree.parser = DefusedXMLParser(target=tree, forbid_dtd=True)
    size = 0
    file.seek(0)
    try:
        while block := file.read(_BLOCK):
            size += len(block)
            if size > BYTES_MAX:
                raise CannotRead("xml_too_large")
            parser.feed(block)
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise CannotRead("xml_unsafe", str(error)) from error
    except (ParseError, UnicodeError, ValueError) as error:
        raise CannotRead("broken_xml", str(error)) from error
    return root


def line_of(element: Element) -> int:
    """This will say on which line of the file an element begins."""
    return int(element.get(LINE, "0"))


def text_of(element: Element | None, *paths: str) -> str:
    """This will return the text of the first of the paths that has one; blanks are squeezed."""
    if element is not None:
        for path in paths:
            if found := " ".join((element.findtext(path) or "").split()):
                return found
    return ""


def texts_of(element: Element, *paths: str) -> list[str]:
    """This will return the texts at all the paths, in order, without empty ones and repeats."""
    found = [" ".join((node.text or "").split()) for path in paths for node in element.iterfind(path)]
    return list(dict.fromkeys(text for text in found if text))
