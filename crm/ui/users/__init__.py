"""The users page."""
