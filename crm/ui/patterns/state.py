"""The keys of the patterns page's inputs; Streamlit itself remembers what is chosen."""

from crm.ui import session


class Key(session.Keys):
    GRID = "patterns_grid"
    CLASSES = "patterns_classes"
    SINCE = "patterns_since"
    MOVES = "patterns_moves"
    CLOCK = "patterns_clock"
    COHORTS = "patterns_cohorts"
    METRIC = "patterns_metric"
    ROWS = "patterns_rows"
    EVERY = "patterns_every"
    KIND = "patterns_kind"
    CYCLE = "patterns_cycle"
    FIRSTS = "patterns_firsts"
    AFFINITY = "patterns_affinity"
    WITHIN = "patterns_within"
    MAKE = "patterns_make"
