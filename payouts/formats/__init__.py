"""File shapes of the money office."""
