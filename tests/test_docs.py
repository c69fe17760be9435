"""Docs that keep up: every verb, field, operator, dimension, setting and route is written down, every key term is in the glossary."""

import importlib
import re
from pathlib import Path

import typer

from crm import __version__, cli
from crm.customers.dimensions import DIMENSIONS
from crm.segments.fields import FIELDS
from crm.segments.ops import OPS
from crm.settings import Environment
from crm.web.routes import ROUTES
from tests import refusals
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
    told = text("terminal.md")
    assert sorted(verb for verb in verbs(app) if f"`{verb} " not in told and f"`{verb}`" not in told) == []


def test_every_field_operator_and_dimension_is_described() -> None:
    told = text("segments.md")
    assert sorted(name for name in [*FIELDS, *OPS, *DIMENSIONS] if f"`{name}`" not in told) == []


def test_every_described_field_exists() -> None:
    table = text("segments.md").split("## Fields")[1].split("##")[0]
    assert set(re.findall(r"`(\w+)`", table)) == set(FIELDS)


def test_every_setting_of_the_machine_is_described() -> None:
    told = text("how-to/server.md")
    assert [name for name in Environment.model_fields if f"`CRM_{name.upper()}`" not in told] == []


def test_every_refusal_is_described() -> None:
    """`python -m tests.refusals` writes both tables."""
    for wanted, written in zip(refusals.tables(), refusals.written(), strict=True):
        assert sorted(set(wanted) ^ set(written)) == []
        assert written == wanted


def test_every_route_is_described() -> None:
    told = text("sending.md", "architecture.md", "how-to/server.md")
    assert [route.path for route in ROUTES if "/" + route.path.split("/")[1] not in told] == []


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
    told = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md"))
    named = {path.rstrip(".") for path in re.findall(r"(?<![\w/.])(?:crm|tests|docs|pages)/[\w./-]+", told) if "NNNN" not in path}
    assert len(named) > 30
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


def test_the_changelog_begins_with_this_version() -> None:
    heads = re.findall("^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    released = heads[heads[:1] == ["Unreleased"] :]
    assert [head for head in released if not re.fullmatch(r"\d+\.\d+\.\d+ – \d{4}-\d\d-\d\d", head)] == []
    assert released[0].split(" – ")[0] == __version__


def test_the_readme_stays_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 120
