"""Catalogue files of others: text in, dataclasses out. Knows no framework."""

from catalog.formats.flat import COLUMNS, CatalogueRow, read_catalogue
from catalog.formats.tables import CannotRead, RowFault

__all__ = ["COLUMNS", "CannotRead", "CatalogueRow", "RowFault", "read_catalogue"]
