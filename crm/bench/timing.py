"""Milliseconds of a piece of work."""

import time
from collections.abc import Callable
from statistics import median
from typing import Any


def once(work: Callable[[], Any]) -> float:
    """Milliseconds of one run."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def typical(work: Callable[[], Any], times: int = 9) -> float:
    """Median milliseconds of several runs after a first one that does not count."""
    work()
    return median(once(work) for _ in range(times))
