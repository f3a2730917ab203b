"""What PERFORMANCE.md promises, measured: `make bench`."""
