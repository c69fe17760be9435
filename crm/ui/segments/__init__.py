"""The ladder page."""
