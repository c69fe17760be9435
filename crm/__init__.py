"""Huitou 回头: the dashboard with which a shop keeps its customers. See docs/architecture.md for the map."""

__version__ = "0.2.0"
