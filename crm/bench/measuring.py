"""Running a measurement in processes of its own, so that the memory of one is not counted to the other."""

import multiprocessing
import os
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from crm import demo
from crm.bench import backing, crowd, exploring, importing, opening, patterns, predicting, segmenting, together, workbooks
from crm.bench.timing import Measured, peak_mb, ratios, rounded
from crm.errors import BadInputError

AS_OF = date(2026, 11, 21)
WORKS: dict[str, Callable[[list[Path], Path, date], Measured]] = {
    "import": importing.files,
    "xlsx": workbooks.workbook,
    "facts": importing.facts,
    "explore": exploring.click,
    "ladder": exploring.ladder,
    "segment": segmenting.ladders,
    "together": together.five,
    "patterns": patterns.views,
    "predict": predicting.models,
}
NAMES = (*WORKS, "growth", "open", "crowd", "backup")
TIMES = 10
"""How many times as much the large import of `growth` is as the small one."""


def run(name: str, customers: int, orders: int, people: int = 50, period: float = 5.0, seconds: float = 60.0) -> dict[str, Any]:
    """Measure one thing on invented data of that size: the keys of `crm bench` (milliseconds per step, megabytes).

    `people` click every `period` seconds for `seconds`, where it is the crowd that is measured.
    """
    if name not in NAMES:
        raise BadInputError(
            "measurement.unknown", "There is no measurement called “{name}”. Known are: {known}.", name=name, known=", ".join(NAMES)
        )
    if name == "growth":
        return _growth(customers, orders)
    with tempfile.TemporaryDirectory(prefix="huitou-bench-") as folder:
        if name == "open":
            return _figures(name, customers, orders, *apart(_opened, Path(folder), customers, orders))
        paths = apart(demo.write_files, Path(folder) / "files", customers, AS_OF, orders)
        if name == "xlsx":
            paths = [apart(workbooks.write, paths[0])]
        if name == "crowd":
            result = crowd.crowd(paths, Path(folder), people, period, seconds)
            return {"name": name, "customers": customers, "orders": orders, **result}
        if name == "backup":
            return {"name": name, "customers": customers, "orders": orders, **backing.backup(paths, Path(folder))}
        os.sync()  # writing the invented files to disk is not part of what is measured
        return _figures(name, customers, orders, *apart(_measured, name, paths, Path(folder)))


def _figures(name: str, customers: int, orders: int, measured: Measured, peak: float) -> dict[str, Any]:
    return {
        "name": name,
        "customers": customers,
        "orders": orders,
        "ours": rounded(measured.ours),
        "reference": rounded(measured.reference),
        "ratio": ratios(measured.ours, measured.reference),
        "peak_mb": round(peak, 1),
        **measured.more,
    }


def _growth(customers: int, orders: int) -> dict[str, Any]:
    """The import of a tenth as the reference of the import of it all."""
    small, large = run("import", max(customers // TIMES, 100), max(orders // TIMES, 100)), run("import", customers, orders)
    return large | {
        "name": "growth",
        "reference": small["ours"],
        "ratio": ratios(large["ours"], small["ours"]),
        "reference_orders": small["orders"],
        "reference_peak_mb": small["peak_mb"],
        "reference_peak_mb_of": small["peak_mb_of"],
    }


def apart(work: Callable[..., Any], *args: Any) -> Any:
    """The answer of `work`, done in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, args)


def _measured(name: str, paths: list[Path], folder: Path) -> tuple[Measured, float]:
    return WORKS[name](paths, folder, AS_OF), peak_mb()


def _opened(folder: Path, customers: int, orders: int) -> tuple[Measured, float]:
    return opening.pages(folder, customers, orders, AS_OF), peak_mb()
