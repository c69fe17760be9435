"""What each role may do, page by page, route by route, verb by verb; `python -m tests.rights` writes it into docs/rights.md."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import typer

import crm
from crm import cli, works
from crm.accounts import acting
from crm.accounts.acting import ROLES, Right, Role
from tests.conftest import ROOT

DOCS = ROOT / "docs" / "rights.md"
ROUTES = {
    "`/login` · `/login/elsewhere/…` · `/invite/…` · `/u/…` · `/hooks/sendgrid` (signed) · `/healthz` · `/readyz`": "everybody",
    "`/logout` · `/_stcore/…` (websocket, media) · `/preview/…` · `/upload/…`": "signed in",
}
HEAD = "| | right | " + " | ".join(Role) + " |\n|---|---|" + "---|" * len(Role) + "\n"


def acts() -> dict[str, Right]:
    """Every function that acts, of all modules, with the right it wants."""
    for module in pkgutil.walk_packages(crm.__path__, "crm."):
        if not module.name.startswith(("crm.ui.frame", "crm.bundle", "crm.cli.__main__")):
            importlib.import_module(module.name)
    return dict(sorted(acting.NEEDS.items()))


def verbs() -> dict[str, Right]:
    """Every verb of the terminal with the right it asks for."""
    app = typer.Typer()
    for area in cli.AREAS:
        importlib.import_module(f"crm.cli.{area}").register(app)
    return dict(sorted(_verbs(app, "crm")))


def _verbs(app: typer.Typer, prefix: str) -> Iterator[tuple[str, Right]]:
    for command in app.registered_commands:
        yield f"{prefix} {command.name}", command.callback.right  # type: ignore[union-attr]
    for group in app.registered_groups:
        if group.typer_instance:
            yield from _verbs(group.typer_instance, f"{prefix} {group.name}")


def pages() -> dict[str, Right | None]:
    """Every page with the right it asks for in its first line."""
    found: dict[str, Right | None] = {}
    for file in sorted((ROOT / "pages").glob("*.py")):
        name = re.search(r"^require_role\((?:Right\.(\w+)|None)\)", file.read_text(encoding="utf-8"), re.MULTILINE)
        assert name, file.name
        found[file.stem] = Right[name[1]] if name[1] else None
    return found


def rows() -> list[str]:
    """The table, without its head."""
    lines = [_row(f"page `{name}`", right) for name, right in pages().items()]
    lines += [f"| {name} | {who} | " + " | ".join("✓" for _ in Role) + " |" for name, who in ROUTES.items()]
    lines += [_row(f"job `{kind}`", Right(args.right)) for kind, args in sorted(works.KINDS.items())]
    lines += [_row(f"`{verb}`", right) for verb, right in verbs().items()]
    return lines + [_row(f"`{name.removeprefix('crm.')}`", right) for name, right in acts().items()]


def _row(what: str, right: Right | None) -> str:
    may = ["✓" if right is None or right in ROLES[role] else "" for role in Role]
    return f"| {what} | {right or 'signed in'} | " + " | ".join(may) + " |"


def written() -> list[str]:
    """The same as it stands in the docs."""
    return DOCS.read_text(encoding="utf-8").partition(HEAD)[2].partition("\n\n")[0].splitlines()


if __name__ == "__main__":
    before, _, rest = DOCS.read_text(encoding="utf-8").partition(HEAD)
    DOCS.write_text((before + HEAD + "\n".join(rows()) + "\n\n" + rest.partition("\n\n")[2]).rstrip("\n") + "\n", encoding="utf-8")
