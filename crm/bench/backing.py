"""Clicks on a running server while a backup of the shop is made, beside the same clicks without one."""

import time
from pathlib import Path
from typing import Any

from crm.bench.crowd import CLICKS, Heard, server, typical
from crm.bench.importing import filled
from crm.bench.timing import ratios, rounded

WANTED, MOST = 60, 20
"""Clicks on each side, and backups at most until so many were made during one."""
BUTTON = "settings_backup_now"


def backup(paths: list[Path], folder: Path) -> dict[str, Any]:
    """One person clicks on the customers page; then does so while backups are made, one after the other."""
    from crm.bench.visitor import Visitor  # loads half of Streamlit: no other measurement waits for it

    filled(paths, folder).close()
    copies, alone, beside, made = folder / "shop" / "backups", Heard(), Heard(), 0
    with server(folder) as (url, _), Visitor(url, "customers") as person, Visitor(url, "settings") as owner:
        person.open()
        _clicks(person, Heard(), 5)  # the first ones after a start are nobody's
        _clicks(person, alone, WANTED // 2)
        began = time.monotonic()
        while len(beside.clicked) < WANTED and made < MOST:
            owner.open()
            before = _seen(copies)  # before it is asked for: that of a small shop is made at once
            owner.press(BUTTON)
            made += _while_one_is_made(person, beside, copies, before)
        took = time.monotonic() - began
        _clicks(person, alone, WANTED // 2)  # half of them afterwards: what else the machine does changes slowly
    ours, reference = typical(beside), typical(alone)
    return {
        "ours": rounded(ours),
        "reference": rounded(reference),
        "ratio": ratios(ours, reference),
        "clicks": len(beside.clicked),
        "backups": made,
        "seconds_each": round(took / max(made, 1), 1),
        "database_mb": round((folder / "shop" / "shop.duckdb").stat().st_size / 1_000_000, 1),
    }


def _while_one_is_made(person: Any, beside: Heard, copies: Path, before: set[tuple[str, int]]) -> int:
    """Click until there is one copy more; clicks before it has begun do not count. Whether there was one."""
    patience = time.monotonic() + 60
    while _seen(copies) == before and time.monotonic() < patience:
        running = (copies / "shop.part").exists()
        _click(person, beside if running else Heard())
    return int(_seen(copies) != before)


def _clicks(person: Any, heard: Heard, number: int) -> None:
    for _ in range(number):
        _click(person, heard)


def _seen(copies: Path) -> set[tuple[str, int]]:
    """The copies that are there; a second one within the same second bears the same name, and is another file."""
    return {(path.name, path.stat().st_ino) for path in copies.glob("shop-*.duckdb")}


def _click(person: Any, heard: Heard) -> None:
    chart, name = CLICKS[len(heard.clicked) % len(CLICKS)]
    heard.clicked.append(person.click(chart, name))
