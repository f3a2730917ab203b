"""Shapes of what is given away: rows of the register, tracks that left, the copy that opens from disk."""
