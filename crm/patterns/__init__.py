"""Patterns: when customers come back, after what, and who is due. Ibis expressions counted once per state of the data.

Everything here is per customer, so it is about identified purchases only; people without identity are in none of it.
"""
