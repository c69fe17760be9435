"""The distribution page."""
