"""Exports that nobody here wrote: a generator of whole unknown tables with a known truth, a judge, and inputs written by hand.

`python -m tests.unknown --tables 2000` reads so many of them and says how many are right at once, asked for, or wrong.
"""
