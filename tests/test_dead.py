"""Nothing is there for nobody: what the product defines is used by the product, and every SQL file is run."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.conftest import ROOT
from tests.sizes import PRODUCT, tree

USED_ELSEWHERE = {
    "app.py app",  # the server
    "crm/database/store.py memory",  # tests
    "crm/database/store.py checkpoint",
    "crm/demo/past.py truth",  # what the demo's campaigns truly earned: measured results are held against it
}
CALLED_BY_NAME = {"register", "CHANNEL", "forget", "handle_starttag", "handle_endtag", "unknown_decl"}
"""The areas of the terminal, the channels, the owners of what a demo put in, and what html.parser calls."""


@cache
def outside() -> tuple[set[tuple[str, str]], set[str]]:
    """(module or package, name) of all that is imported, or reached through a module; and each name that is read after a dot."""
    reached: set[tuple[str, str]] = set()
    for file in PRODUCT:
        nodes = list(ast.walk(tree(file)))
        imports = [(node, one) for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for one in node.names]
        known_as = {one.asname: one.name.rsplit(".", 1)[-1] for _, one in imports if one.asname}
        for node, one in imports:
            handed_on = file.name == "__init__.py" and one.name not in read(tree(file))
            if isinstance(node, ast.ImportFrom) and not handed_on:
                reached.add(((node.module or "").rsplit(".", 1)[-1], one.name))
        for node in nodes:
            if isinstance(node, ast.Attribute):
                holder = ast.unparse(node.value).rsplit(".", 1)[-1]
                reached.add((known_as.get(holder, holder), node.attr))
    return reached, {name for _, name in reached}


def defined(body: list[ast.stmt]) -> Iterator[tuple[str, ast.stmt]]:
    """What the statements of a module or class give a name to; what has a decorator is used by that."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if not node.decorator_list or isinstance(node, ast.ClassDef):
                yield node.name, node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                yield from ((part.id, node) for part in ast.walk(target) if isinstance(part, ast.Name))


def read(node: ast.AST) -> list[str]:
    return [part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)]


def unused(file: Path) -> Iterator[str]:
    """Names of a module that neither it nor another reads, and methods and fields that nobody does."""
    place = file.relative_to(ROOT)
    through, dotted = outside()
    own, homes = read(tree(file)), {place.stem, *place.parts[:-1]}
    for name, node in defined(tree(file).body):
        if own.count(name) == read(node).count(name) and not any((home, name) in through for home in homes):
            yield f"{place} {name}"
        for part, inner in defined(node.body) if isinstance(node, ast.ClassDef) else ():
            if part not in dotted and part not in own and part not in texts() and not isinstance(inner, ast.ClassDef | ast.Assign):
                yield f"{place} {part}"  # a plain assignment says something to the base class


@cache
def texts() -> set[str]:
    """What SQL binds by name, and arguments and short texts of the code: a field can be given or asked for by its name."""
    names = {name for file in (ROOT / "crm").rglob("*.sql") for name in re.findall(r"\$(\w+)", file.read_text(encoding="utf-8"))}
    for node in (part for file in PRODUCT for part in ast.walk(tree(file))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            names.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            names |= {str(part.value) for part in node.values if isinstance(part, ast.Constant)}
    return names


def test_what_is_defined_is_used() -> None:
    items = [one for file in PRODUCT for one in unused(file) if not one.rpartition(" ")[2].startswith("__")]
    assert sorted(one for one in items if one.rpartition(" ")[2] not in CALLED_BY_NAME and one not in USED_ELSEWHERE) == []
    assert sorted(USED_ELSEWHERE - set(items)) == [], "these are used by the product, too"


def test_every_sql_file_is_run() -> None:
    """By its name, or by a name that ends like it (`f"{what}_stored"`)."""
    files = [file for file in (ROOT / "crm").rglob("*.sql") if file.parent.name == "sql"]
    assert len(files) > 50
    endings = [text for text in texts() if re.fullmatch(r"_[a-z]+", text)]
    assert [file.name for file in files if file.stem not in texts() and not any(file.stem.endswith(text) for text in endings)] == []
