"""How often the tests of this folder kill: a few times in every run, as often as the variable KILLS says in `make crash`."""

import os


def kills(usual: int) -> int:
    """So many times for one kind of work."""
    return int(os.environ.get("KILLS") or usual)
