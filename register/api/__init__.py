"""The public register as JSON: the same filters, the same words left out and the same caching as its pages."""
