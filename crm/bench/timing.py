"""Milliseconds and megabytes of a piece of work."""

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

Steps = dict[str, float]
_RESET, _STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")


@dataclass(frozen=True)
class Measured:
    """Milliseconds per step, ours and the reference's; `more` are further keys of `crm bench`, such as `peak_mb_of`."""

    ours: Steps
    reference: Steps
    more: dict[str, Any] = field(default_factory=dict)


def once(work: Callable[[], Any]) -> float:
    """Milliseconds of one run."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def typical(work: Callable[[], Any], times: int = 9) -> float:
    """Median milliseconds of several runs after a first one that does not count."""
    work()
    return median(once(work) for _ in range(times))


def watched(work: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds of one run, and the most memory this process held during it (where the system cannot tell: ever), in megabytes."""
    try:
        _RESET.write_text("5")  # Linux: forget the peak so far
        took = once(work)
        line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return took, int(line.split()[1]) / 1024
    except OSError:
        return once(work), peak_mb()


def peak_mb() -> float:
    """The most memory this process ever held, in megabytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def rounded(steps: Steps) -> Steps:
    """The same with one digit."""
    return {step: round(number, 1) for step, number in steps.items()}


def ratios(ours: Steps, reference: Steps) -> Steps:
    """How many times the reference, for the steps that both have."""
    return {step: round(ours[step] / reference[step], 2) for step in ours if reference.get(step)}
