"""Every refusal of the code with its code and its sentence; `python -m tests.refusals` writes them into docs/terminal.md."""

import ast
import importlib
from functools import cache
from pathlib import Path
from typing import Any

from crm import errors
from crm.imports.results import REASONS, UPLOAD_REASONS
from tests.conftest import ROOT

KINDS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and kind.__module__ == errors.__name__}
"""The kinds of refusals, and `Sentence`, which declares a code and a sentence once for several places."""
DOCS = ROOT / "docs" / "terminal.md"
HEADS = ("| code | sentence |\n|---|---|\n", "| code | why a row is rejected |\n|---|---|\n")


@cache
def refusals() -> list[tuple[str, str, str]]:
    """Place, code and sentence of each call that makes one; what is handed on (`*HUGE`) is listed where its Sentence is declared."""
    return [one for file in sorted((ROOT / "crm").rglob("*.py")) for one in _of(file)]


def _of(file: Path) -> list[tuple[str, str, str]]:
    calls = [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    made = [node for node in calls if (getattr(node.func, "id", "") or getattr(node.func, "attr", "")) in KINDS]
    named = [node for node in made if not isinstance(node.args[0], ast.Starred)]
    return [(f"{file.relative_to(ROOT)}:{node.lineno}", _value(file, node.args[0]), _value(file, node.args[1])) for node in named]


def _value(file: Path, part: ast.expr) -> Any:
    """A literal, or one joined with constants of its module; anything else cannot be known before it is raised, and fails."""
    module = importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
    return eval(compile(ast.Expression(part), str(file), "eval"), vars(module))  # noqa: S307 (our own source)


def tables() -> list[list[str]]:
    """The rows of both tables as they are to stand in the docs: refusals, and rejected rows."""
    refused = sorted({(code, sentence) for _, code, sentence in refusals()})
    return [[f"| `{code}` | {sentence} |" for code, sentence in table] for table in (refused, sorted((REASONS | UPLOAD_REASONS).items()))]


def written() -> list[list[str]]:
    """The same as they stand there."""
    text = DOCS.read_text(encoding="utf-8")
    return [text.partition(head)[2].partition("\n\n")[0].splitlines() for head in HEADS]


if __name__ == "__main__":
    for head, rows in zip(HEADS, tables(), strict=True):
        before, _, rest = DOCS.read_text(encoding="utf-8").partition(head)
        DOCS.write_text(before + head + "\n".join(rows) + "\n\n" + rest.partition("\n\n")[2], encoding="utf-8")
    DOCS.write_text(DOCS.read_text(encoding="utf-8").rstrip("\n") + "\n", encoding="utf-8")
