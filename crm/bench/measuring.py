"""Running a measurement in processes of its own, so that the memory of one is not counted to the other."""

import multiprocessing
import os
import resource
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from crm import demo
from crm.bench import exploring, importing
from crm.errors import BadInputError

AS_OF = date(2026, 11, 21)
NAMES: dict[str, Callable[[list[Path], Path, date], tuple[dict[str, float], dict[str, float]]]] = {
    "import": importing.files,
    "facts": importing.facts,
    "explore": exploring.click,
    "ladder": exploring.ladder,
}


def run(name: str, customers: int, orders: int) -> dict[str, Any]:
    """Measure one thing on invented data of that size: the keys of `crm bench` (milliseconds per step, megabytes)."""
    if name not in NAMES:
        raise BadInputError("There is no measurement called “{name}”. Known are: {known}.", name=name, known=", ".join(NAMES))
    with tempfile.TemporaryDirectory(prefix="huitou-bench-") as folder:
        paths = apart(demo.write_files, Path(folder) / "files", customers, AS_OF, orders)
        os.sync()  # writing the invented files to disk is not part of what is measured
        ours, reference, peak = apart(_measured, name, paths, Path(folder))
    ratio = {step: round(ours[step] / reference[step], 2) for step in ours if reference.get(step)}
    return {
        "name": name, "customers": customers, "orders": orders, "ours": _rounded(ours), "reference": _rounded(reference),
        "ratio": ratio, "peak_mb": round(peak, 1),
    }  # fmt: skip


def apart(work: Callable[..., Any], *args: Any) -> Any:
    """The answer of `work`, done in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, args)


def _measured(name: str, paths: list[Path], folder: Path) -> tuple[dict[str, float], dict[str, float], float]:
    ours, reference = NAMES[name](paths, folder, AS_OF)
    return ours, reference, peak_mb()


def peak_mb() -> float:
    """The most memory this process ever held, in megabytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _rounded(steps: dict[str, float]) -> dict[str, float]:
    return {step: round(milliseconds, 1) for step, milliseconds in steps.items()}
