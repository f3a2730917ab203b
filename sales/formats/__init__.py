"""Shapes of what stores send: bytes and text in, plain data out. No Django, no money rules, no tariffs."""
