"""Many people at once on a running server: how long a page takes to open and a click to be answered, beside one person alone."""

import os
import random
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from crm.bench.importing import filled
from crm.bench.timing import Steps, ratios, rounded

PAGE = "customers"
CLICKS = (("_province", "广东省"), ("_province", "浙江省"), ("_frequency", "2"), ("_city_tier", "新一线"), ("_category", "锅具"))
ALONE = 30
"""Clicks of the one person that the crowd is compared with."""


@dataclass
class Heard:
    """Milliseconds of every page opened and every click answered, and what went wrong instead."""

    opened: list[float] = field(default_factory=list)
    clicked: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def crowd(paths: list[Path], folder: Path, people: int, period: float, seconds: float) -> dict[str, Any]:
    """`people` open the customers page at the same time, then each clicks on a chart every `period` seconds, for `seconds`."""
    filled(paths, folder).close()
    with server(folder) as (url, process):
        _visit(url, Heard(), 1, 0.0)  # the first look after a start is nobody's
        alone, together = Heard(), Heard()
        _visit(url, alone, ALONE, 0.0)
        before = _memory(process)
        with ThreadPoolExecutor(people) as crew:
            done = time.monotonic() + seconds
            for _ in range(people):
                crew.submit(_visit, url, together, 0, period, done)
        after = _memory(process)
    ours, reference = typical(together), typical(alone)
    return {
        "ours": rounded(ours),
        "reference": rounded(reference),
        "ratio": ratios(ours, reference),
        "people": people,
        "period_s": period,
        "seconds": seconds,
        "clicks": len(together.clicked),
        "errors": [*alone.errors, *together.errors][:5],
        "memory_mb": [before, after],
    }


def typical(heard: Heard) -> Steps:
    """Median and 95th percentile of what happened; what did not happen is not there."""
    steps: Steps = {}
    for name, times in (("open", heard.opened), ("click", heard.clicked)):
        if times:
            steps |= {name: median(times), f"{name}_p95": quantiles(times, n=20)[-1] if len(times) > 1 else times[0]}
    return steps


def _visit(url: str, heard: Heard, clicks: int, period: float, done: float | None = None) -> None:
    """One person: opens the page, then clicks that often, or until `done`, each somewhere else and at their own moment."""
    from crm.bench.visitor import Visitor  # loads half of Streamlit: no other measurement waits for it

    dice = random.Random(threading.get_ident())
    try:
        with Visitor(url, PAGE) as person:
            heard.opened.append(person.open())
            left = clicks
            time.sleep(dice.random() * period)
            while left > 0 or (done is not None and time.monotonic() < done):
                began = time.monotonic()
                chart, name = dice.choice(CLICKS)
                heard.clicked.append(person.click(chart, name))
                left -= 1
                time.sleep(max(0.0, period - (time.monotonic() - began)))
    except Exception as error:  # told in the figures: what breaks for one must not end the measurement
        heard.errors.append(f"{type(error).__name__}: {error}"[:200])


@contextmanager
def server(folder: Path) -> Iterator[tuple[str, int]]:
    """The dashboard on a free port over the shop in `folder`: its address and process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "crm.cli", "serve", "--port", str(port)]
    settings = {**os.environ, "CRM_DATA": str(folder / "shop")}
    running = subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 (our own)
    try:
        url = f"http://127.0.0.1:{port}"
        _await(f"{url}/_stcore/health")
        yield url, running.pid
    finally:
        running.terminate()
        running.wait(30)


def _await(address: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 (our own)
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(address)


def _memory(process: int) -> float | None:
    """Megabytes that a process holds; None where the system does not tell."""
    try:
        line = next(line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmRSS"))
        return round(int(line.split()[1]) / 1024, 1)
    except (OSError, StopIteration):
        return None
