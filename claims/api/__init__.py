"""JSON doors of the cases."""
