"""The wheel, as a shop gets it: built, installed in an environment of its own outside the checkout, and started there."""

import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import httpx
import pytest

import crm
from crm.bench.visitor import Visitor
from tests.conftest import ROOT, launched
from tests.imports.given import write_items, write_orders

PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
BUNDLED = ("app.py", "pages", ".streamlit/config.toml", "data/reference", "CHANGELOG.md", "CHANGELOG.zh_CN.md")
"""What stands beside the package in a checkout and goes into it in the wheel."""
ELSEWHERE = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "CRM_"))}
"""The surroundings of somebody who has no checkout."""


def run(*command: str | Path, home: Path = ROOT) -> str:
    """What it prints; it has to succeed."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd=home, env=ELSEWHERE, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built by what the tests' environment has: nothing is fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    run(*PIP, "wheel", ROOT, "--no-deps", "--no-build-isolation", "--wheel-dir", folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def programs(wheel: Path) -> Path:
    """Where a fresh environment has its programs. What Huitou needs is taken from the tests' environment, Huitou itself is not."""
    fresh = wheel.parent / "fresh"
    venv.create(fresh, symlinks=os.name != "nt")
    result = fresh / ("Scripts" if os.name == "nt" else "bin")
    run(*PIP, "--python", result / "python", "install", "--no-deps", "--no-index", wheel)
    packages = run(result / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    shared = "\n".join({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    Path(packages, "shared.pth").write_text(shared, encoding="utf-8")  # a folder named here is searched last, its own .pth files not at all
    return result


@pytest.fixture(scope="module")
def imported(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Two orders and what was in one of them, taken in by the wheel's own terminal into `shop` of this folder; what it printed."""
    home = tmp_path_factory.mktemp("home")
    orders = write_orders(home / "orders.csv", {}, {"订单编号": "1002"})
    items = write_items(home / "items.csv", ("1002", "炒锅", "99.00", "1", "交易成功"))
    return home, run(programs / "crm", "import", orders, items, "--data", home / "shop", "--json", home=home)


def test_it_holds_all_that_is_the_product_and_nothing_else(wheel: Path) -> None:
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "crm", *BUNDLED]
    listed = subprocess.run(asked, capture_output=True, text=True, cwd=ROOT, check=True).stdout.split("\0")
    wanted = {name if name.startswith("crm/") else f"crm/bundle/{name}" for name in listed if (ROOT / name).is_file()}
    with zipfile.ZipFile(wheel) as held:
        names = {name for name in held.namelist() if ".dist-info/" not in name}
    assert (wanted - names, names - wanted) == (set(), set())
    assert wheel.name.startswith(f"huitou-{crm.__version__}-")


def test_the_terminal_works_without_a_checkout(programs: Path, imported: tuple[Path, str]) -> None:
    home, printed = imported
    where = run(programs / "python", "-c", "import crm; print(crm.__file__)", home=home)
    assert Path(where.strip()).is_relative_to(programs.parent)
    assert "import" in run(programs / "crm", "--help", home=home)
    assert run(programs / "crm", "--version", home=home) == f"Huitou {crm.__version__}\n"
    taken = json.loads(printed)
    assert [(file["orders_new"], file["lines"], file["rejected"]) for file in taken["files"]] == [(2, 0, 0), (0, 1, 0)]
    assert json.loads(run(programs / "crm", "kpi", "--data", home / "shop", "--json", home=home))["orders"] == 2


def test_the_server_works_without_a_checkout(programs: Path, imported: tuple[Path, str]) -> None:
    home, _ = imported
    server = launched([str(programs / "crm")], home / "shop", home=home, env=ELSEWHERE)
    try:
        page = httpx.get(f"{server.url}/customers")
        assert (page.status_code, "Huitou" in page.text) == (200, True)
        script = re.findall(r'src="\.?/?([^"]+\.js)"', page.text)[0]
        assert "javascript" in httpx.get(f"{server.url}/{script}").headers["content-type"]
        for name in sorted(path.stem for path in (ROOT / "pages").glob("*.py")):
            with Visitor(server.url, name) as person:
                person.open()
        assert server.stop() == 0
    finally:
        if server.process.poll() is None:
            server.kill()
    assert "Traceback" not in server.log.read_text()
