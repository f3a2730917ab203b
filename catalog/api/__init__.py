"""The catalogue over JSON: the same selectors and services as the pages."""
