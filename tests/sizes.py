"""How large files and functions are beside their budgets; `python -m tests.sizes` prints it, and fails where one is too large."""

import ast
import statistics
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = [ROOT / "app.py", *(file for part in ("crm", "pages", "tests") for file in sorted((ROOT / part).rglob("*.py")))]
PRODUCT = [file for file in PYTHON if file.relative_to(ROOT).parts[0] != "tests"]
FILE, PAGE, FUNCTION, MEDIAN = 250, 90, 40, 10
"""Lines: of a file, of a page, of a function, and of every second function of the product."""
SHOWN = 5


@cache
def tree(file: Path) -> ast.Module:
    """A file as Python reads it."""
    return ast.parse(file.read_text(encoding="utf-8"))


def files(pages: bool) -> dict[str, int]:
    """Lines of each page, or of each other file."""
    chosen = [file for file in PYTHON if (file.parent == ROOT / "pages") is pages]
    return {str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines()) for file in chosen}


def functions(among: list[Path]) -> dict[str, int]:
    """Lines of each function."""
    nodes = [(file, node) for file in among for node in ast.walk(tree(file)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {f"{file.relative_to(ROOT)}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1 for file, node in nodes}


def groups() -> Iterator[tuple[str, Mapping[str, int], int]]:
    """What is measured, how large each is, and how large one may be."""
    yield "files", files(pages=False), FILE
    yield "pages", files(pages=True), PAGE
    yield "functions", functions(PYTHON), FUNCTION


def too_large() -> list[str]:
    """What is over its budget, with its size."""
    found = [f"{name}: {size} lines of {most}" for _, sizes, most in groups() for name, size in sizes.items() if size > most]
    median = statistics.median(functions(PRODUCT).values())
    return found + ([f"the functions of the product: {median} lines in the median, of {MEDIAN}"] if median > MEDIAN else [])


def report() -> Iterator[str]:
    """A line for each group, and its largest."""
    for title, sizes, most in groups():
        largest = sorted(sizes.items(), key=lambda one: -one[1])[:SHOWN]
        yield f"{len(sizes):,} {title}, {statistics.median(sizes.values()):.0f} lines in the median; the largest, of {most} at most:"
        yield from (f"{size:>6}  {name}" for name, size in largest)


if __name__ == "__main__":
    sys.stdout.write("\n".join([*report(), *(f"too large: {one}" for one in too_large()), ""]))
    sys.exit(bool(too_large()))
