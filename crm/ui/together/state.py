"""The keys of the inputs of the page that compares segments."""

from crm.ui import session


class Key(session.Keys):
    CHOSEN = "together_chosen"
    UPSET = "together_upset"
    PART = "together_part"
    EVERY = "together_every"
    ANY = "together_any"
    ALL = "together_all"
    WITHOUT = "together_without"
    A = "together_a"
    B = "together_b"
    SHOWN = "together_shown"
    PAIRS = "together_pairs"
    TABLE = "together_table"
    OF = "together_of"
    BY = "together_by"
    WEEKS = "together_weeks"
