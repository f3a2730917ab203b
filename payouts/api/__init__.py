"""JSON doors of the money office."""
