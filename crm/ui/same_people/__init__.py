"""The same-person page."""
