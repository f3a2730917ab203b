"""One row of a list of repertoire, whatever it was read from."""

from typing import NamedTuple


class ListedRow(NamedTuple):
    """One row: what it says of a track; `fault` where a cell could not be used."""

    row_no: int
    typed: str
    title: str = ""
    artist: str = ""
    isrcs: tuple[str, ...] = ()
    track_ref: str = ""
    address: str = ""
    store_key: str = ""
    seconds: int | None = None
    label: str = ""
    release: str = ""
    fault: str = ""
    fault_column: str = ""
    mends: int = 0
    """The number of the row this one replaces, in a file that comes back mended."""

    @property
    def is_empty(self) -> bool:
        """Tell whether the row says nothing that a track could be found by."""
        return not (self.title or self.isrcs or self.track_ref or self.address or self.store_key)
