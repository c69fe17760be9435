"""The products page."""
