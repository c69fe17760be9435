"""How many examples a property test tries: a share in every run, all of them where the variable THOROUGH is set (`make thorough`)."""

import os


def examples(whole: int) -> int:
    """So many of them: a third in every run, but three at least where there are so many."""
    return whole if os.environ.get("THOROUGH") else min(whole, max(3, whole // 3))
