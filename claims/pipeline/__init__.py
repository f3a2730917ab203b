"""Whole lists at once: a million rows are written, looked up and turned into cases by statements, not one by one."""
