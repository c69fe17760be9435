"""The house rules as checks: sizes, first lines, settings that are read, words in both languages."""

import ast
import builtins
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from crm import database, words
from crm.database import tables
from crm.imports import results
from crm.settings import Environment, Shop
from tests import refusals, sizes
from tests.conftest import ROOT
from tests.sizes import PRODUCT, PYTHON, tree

UNFORMATTED = re.compile("fmt: (skip|off)")


def test_nothing_is_too_large() -> None:
    assert sizes.too_large() == []


def test_the_formatter_lays_out_everything() -> None:
    """What it lays out badly is said otherwise: words as a text, tables in TOML, a value with a name of its own."""
    assert [str(file.relative_to(ROOT)) for file in PYTHON if UNFORMATTED.search(file.read_text(encoding="utf-8"))] == []


def test_every_file_says_what_it_is_for() -> None:
    assert [str(file.relative_to(ROOT)) for file in PYTHON if file.stat().st_size and not ast.get_docstring(tree(file))] == []


def test_no_module_is_named_like_one_of_pythons_own() -> None:
    taken = sys.stdlib_module_names | set(dir(builtins))
    names = {file.parent.name if file.name == "__init__.py" else file.stem for file in PYTHON}
    assert sorted(taken & names) == []


def test_pages_are_scripts_behind_the_frame() -> None:
    for page in sorted((ROOT / "pages").glob("*.py")):
        body = tree(page).body
        assert not [node for node in ast.walk(tree(page)) if isinstance(node, ast.FunctionDef | ast.Lambda)], (
            f"{page.name} defines functions"
        )
        first = next(node for node in body if not isinstance(node, ast.Import | ast.ImportFrom) and not _is_docstring(node))
        assert "require_role(" in ast.unparse(first), f"{page.name} must call require_role() first"
        assert not re.search(r"on_(click|change)=(?!\"(rerun|ignore)\")", page.read_text(encoding="utf-8")), f"{page.name} has a callback"


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def test_ibis_tables_are_the_sql_tables(store: database.Store) -> None:
    for table in tables.ALL:
        real = [
            row["column_name"] for row in store.rows("SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [table.get_name()])
        ]
        assert list(table.columns) == real
        assert list(store.read(table.limit(0)).columns) == real


def test_every_setting_is_read_where_something_follows_from_it() -> None:
    """What checks and shows settings does not count: an input that changes nothing is a promise that is not kept."""
    forms = {ROOT / "crm" / "settings.py", ROOT / "crm/customers/deciding.py", *(ROOT / "crm/ui/settings").glob("*.py")}
    nodes = [node for file in PRODUCT if file not in forms for node in ast.walk(tree(file)) if isinstance(node, ast.Attribute)]
    read = {(ast.unparse(node.value).rsplit(".", 1)[-1].partition("(")[0].strip("_"), node.attr) for node in nodes}
    assert sorted(name for name in Shop.model_fields if not {("shop", name), ("load_shop", name)} & read) == []
    holders = ("env", "environment", "Environment")
    assert sorted(name for name in Environment.model_fields if not {(holder, name) for holder in holders} & read) == []


def steps() -> set[str]:
    """What a long work says it is doing: `report("Keeping it", 1, 2)`."""
    calls = [node for file in PRODUCT for node in ast.walk(tree(file)) if isinstance(node, ast.Call) and node.args]
    items = [node.args[0] for node in calls if ast.unparse(node.func).rsplit(".", 1)[-1] == "report"]
    return {one.value for one in items if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def sentences() -> set[str]:
    """Every English sentence that a person may read."""
    values = {sentence for _, _, sentence in refusals.refusals()} | set((results.REASONS | results.UPLOAD_REASONS).values()) | steps()
    for folder in ("crm", "pages"):
        for _, _, message, _, _ in extract_from_dir(str(ROOT / folder), method_map=[("**.py", "python")], keywords={"_": None}):
            values.add(message if isinstance(message, str) else message[0])
    return values


def test_every_refusal_has_a_code_of_its_own() -> None:
    """A code means one sentence and a sentence has one code, wherever it is raised."""
    result = refusals.refusals()
    assert [f"{place} {code}" for place, code, _ in result if not re.fullmatch(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*", code)] == []
    meanings, codes = {code: sentence for _, code, sentence in result}, {sentence: code for _, code, sentence in result}
    assert [(place, code) for place, code, sentence in result if meanings[code] != sentence or codes[sentence] != code] == []
    assert len(codes) > 100
    assert len(results.CODES) == len(results.REASONS | results.UPLOAD_REASONS) == len(results.REASONS) + len(results.UPLOAD_REASONS)


def test_every_sentence_is_translated() -> None:
    known = words.catalogue("zh_CN")
    assert sorted(sentence for sentence in sentences() if sentence not in known) == []


def test_translations_keep_their_placeholders() -> None:
    for english, chinese in words.catalogue("zh_CN").items():
        assert set(re.findall(r"{(\w+)", english)) == set(re.findall(r"{(\w+)", chinese)), english


def test_apostrophes_are_straight() -> None:
    """The curly one is drawn as wide as a character by Chinese fonts."""
    texts = [*PRODUCT, *words.LOCALE.rglob("*.po"), ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    assert [str(file.relative_to(ROOT)) for file in texts if "\u2019" in file.read_text(encoding="utf-8")] == []


def test_no_sentence_is_translated_twice_differently() -> None:
    seen: dict[str, tuple[str, str]] = {}
    for file in sorted((words.LOCALE / "zh_CN").glob("*.po")):
        with file.open("rb") as lines:
            for message in words.read_po(lines):
                if message.id and message.id in seen and seen[message.id][1] != message.string:
                    pytest.fail(f"“{message.id}” differs between {seen[message.id][0]} and {file.name}")
                seen[message.id] = (file.name, message.string)


def test_what_a_page_remembers_is_one_typed_object() -> None:
    """Only `crm.ui.session` touches the session; it keeps each page's object under the name of its class, so no two have the same."""
    texts = {file: file.read_text(encoding="utf-8") for file in PRODUCT}
    assert [str(file.relative_to(ROOT)) for file, text in texts.items() if "session" + "_state" in text] == ["crm/ui/session.py"]
    asked = {name for text in texts.values() for name in re.findall(r"session\.state\((?:\w+\.)*(\w+)\)", text)}
    made = [name for text in texts.values() for name in re.findall(r"@dataclass\nclass (\w+)", text) if name in asked]
    assert sorted(made) == sorted(asked)


def test_keys_of_inputs_are_declared_once_and_used() -> None:
    """A key is a member of a `Key`, never a text where the input is drawn."""
    screens = [file for file in PRODUCT if file.is_relative_to(ROOT / "crm/ui") or file.parent.name == "pages"]
    calls = [(file, node) for file in screens for node in ast.walk(tree(file)) if isinstance(node, ast.Call)]
    given = [(file, word.value) for file, call in calls for word in call.keywords if word.arg == "key"]
    given += [(file, call.args[0]) for file, call in calls if ast.unparse(call.func) == "st.form"]
    assert [f"{file.relative_to(ROOT)}: {ast.unparse(value)}" for file, value in given if _begins_with_a_text(value)] == []
    values: list[str] = []
    for file in screens:
        members = dict(re.findall(r'^    ([A-Z_]+) = "(\w+)"$', file.read_text(encoding="utf-8").partition("(session.Keys):")[2], re.M))
        module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        users = [text for text in map(Path.read_text, screens) if f"from {module} import" in text] + [file.read_text(encoding="utf-8")]
        assert sorted(set(members) - {name for text in users for name in re.findall(r"\bKey\.(\w+)", text)}) == [], module
        values += members.values()
    assert len(values) > 100
    assert sorted(values) == sorted(set(values))


def _begins_with_a_text(value: ast.expr) -> bool:
    if isinstance(value, ast.JoinedStr):
        return bool(value.values) and _begins_with_a_text(value.values[0])
    return _begins_with_a_text(value.left) if isinstance(value, ast.BinOp) else isinstance(value, ast.Constant)


def test_no_secret_paths_or_registries_in_the_project() -> None:
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=True).stdout.split("\n")
    banned = re.compile("/wor" + "k/|registry" + r"\.npmjs|pypi" + r"\.org|python" + "hosted")
    texts = [
        ROOT / name for name in listed if name.endswith((".py", ".md", ".toml", ".txt", ".po", ".json", ".sql", ".sh")) or "." not in name
    ]
    assert [str(file.relative_to(ROOT)) for file in texts if file.is_file() and banned.search(file.read_text(encoding="utf-8"))] == []
