"""The page of all numbers."""
