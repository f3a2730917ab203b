"""Words for codes on the money pages."""
