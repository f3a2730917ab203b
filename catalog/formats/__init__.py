"""Catalogue files of others: text in, dataclasses out. Knows no framework."""

from catalog.formats.flat import COLUMNS, read_flat
from catalog.formats.recognise import FORMATS, read_catalogue
from catalog.formats.rows import Catalogue, CatalogueRow, DeclaredParty, Message, Offer, ReleaseSaid, WorkRow
from catalog.formats.tables import CannotRead, RowFault
