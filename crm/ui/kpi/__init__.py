"""The boss's page."""
