"""Docs that keep up: each verb, field, operator, dimension, setting, warning and kind has its row in its table, and the other way round."""

import importlib
import re
from pathlib import Path

import typer

from crm import __version__, cli
from crm.customers import attributes, dimensions
from crm.imports import file_warnings
from crm.layouts import asking, mapping
from crm.segments.ops import OPS
from crm.settings import Environment, Shop
from crm.uploads import KINDS
from crm.web.routes import ROUTES
from tests import doc_tables, refusals
from tests.conftest import ROOT

DOCS = ROOT / "docs"


def text(*names: str) -> str:
    return "\n".join((DOCS / name).read_text(encoding="utf-8") for name in names)


def verbs(app: typer.Typer, prefix: str = "crm") -> set[str]:
    own = {f"{prefix} {command.name}" for command in app.registered_commands}
    return own.union(*(verbs(group.typer_instance, f"{prefix} {group.name}") for group in app.registered_groups if group.typer_instance))


def test_every_verb_is_described() -> None:
    app = typer.Typer()
    for area in cli.AREAS:
        importlib.import_module(f"crm.cli.{area}").register(app)
    listed = re.findall(r"^\| `(crm [^`]*)` \|", text("terminal.md"), re.MULTILINE)
    assert sorted(verb for verb in verbs(app) if not any(f"{one} ".startswith(f"{verb} ") for one in listed)) == []


def section(page: str, title: str) -> str:
    """What stands under a heading."""
    return text(page).split(f"## {title}\n")[1].split("\n## ")[0]


def rows(page: str, title: str, head: str) -> set[str]:
    """The names in the first column of the table that has this head, under a heading: each has a row, or shares one with its like."""
    body = section(page, title).split(f"\n| {head} |")[1].split("\n\n")[0]
    return {name for line in body.splitlines()[1:] for name in re.findall(r"`([\w.]+)`", line.split("|")[1])}


def test_every_field_operator_and_dimension_has_its_row_and_every_row_is_one() -> None:
    assert rows("segments.md", "Fields", "field") == set(attributes.every())
    assert rows("segments.md", "Operators", "op") == set(OPS)
    assert rows("segments.md", "Dimensions of the distribution page", "dimension") == set(dimensions.every())


def test_tables_made_from_lists_are_up_to_date() -> None:
    assert doc_tables.missing() == [], "run `make docs`"


def test_every_doubt_every_question_and_every_key_of_a_map_file_has_its_row() -> None:
    assert rows("import.md", "The map file", "code") == set(file_warnings.SENTENCES)
    assert rows("import.md", "The map file", "key") == set(mapping.KEYS)
    asked = section("import.md", "What is asked 需要你说明的").split("\n| asked |")[1].split("\n\n")[0].splitlines()[2:]
    assert len(asked) == len(asking.CHOICE)


def test_every_kind_of_file_is_described_with_its_columns() -> None:
    title = "Customer dossiers, consents, reviews and inquiries"
    kinds = {name: kind for name, kind in KINDS.items() if name not in ("products", "rates")}  # these have a page, a section of their own
    assert rows("import.md", title, "kind") == set(kinds)
    named = set(re.findall(r"`(\w+)`", section("import.md", title)))
    assert {name: sorted(set(kind.columns) - named) for name, kind in kinds.items() if set(kind.columns) - named} == {}
    formats = re.findall(r"--format ([\w|]+)", text("import.md", "products.md"))
    assert set(KINDS) <= {name for listed in formats for name in listed.split("|")}


def test_every_setting_has_its_row() -> None:
    machine = re.findall(r"^\| `CRM_(\w+)` \|", text("how-to/server.md"), re.MULTILINE)
    assert {name.lower() for name in machine} == set(Environment.model_fields)
    assert rows("terminal.md", "Settings of the shop", "setting") == set(Shop.model_fields)


def test_every_refusal_is_described() -> None:
    """`python -m tests.refusals` writes both tables."""
    for wanted, written in zip(refusals.tables(), refusals.written(), strict=True):
        assert sorted(set(wanted) ^ set(written)) == []
        assert written == wanted


def test_every_route_is_described() -> None:
    result = text("sending.md", "architecture.md", "how-to/server.md")
    assert [route.path for route in ROUTES if "/" + route.path.split("/")[1] not in result] == []


def test_the_glossary_is_in_both_languages() -> None:
    rows = [line.split("|")[1:4] for line in text("glossary.md").splitlines() if line.startswith("| ") and "---" not in line][1:]
    assert len(rows) > 40
    for english, chinese, meaning in rows:
        assert english.strip() and re.search("[\u4e00-\u9fff]|ROI", chinese) and meaning.strip(), english


def test_links_between_docs_lead_somewhere() -> None:
    for file in [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]:
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", file.read_text(encoding="utf-8")):
            assert (file.parent / Path(link)).exists(), f"{file.name} links to {link}"


def test_what_is_named_for_newcomers_is_there() -> None:
    words = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md"))
    named = {path.rstrip(".") for path in re.findall(r"(?<![\w/.])(?:crm|tests|docs|pages)/[\w./-]+", words) if "NNNN" not in path}
    assert len(named) > 30
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


def test_the_changelog_begins_with_this_version() -> None:
    heads = re.findall("^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    released = heads[heads[:1] == ["Unreleased"] :]
    assert [head for head in released if not re.fullmatch(r"\d+\.\d+\.\d+ – \d{4}-\d\d-\d\d", head)] == []
    assert released[0].split(" – ")[0] == __version__


def test_the_readme_stays_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 120
