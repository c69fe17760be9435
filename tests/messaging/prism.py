"""SendGrid's own description of its API, served on loopback by Prism (an npm package, pinned, fetched once into tests/.prism)."""

import importlib.util
import json
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT, free_port, wait_for

PACKAGE = "@stoplight/prism-cli@5.16.0"
FOLDER = ROOT / "tests" / ".prism"
PROGRAM = FOLDER / "node_modules" / ".bin" / "prism"


def install() -> None:
    """Fetch the pinned package without running any of its scripts; nothing when it is there."""
    if PROGRAM.exists():
        return
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm (Node.js) is not installed, so SendGrid's contract cannot be served")
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / ".gitignore").write_text("*\n")
    (FOLDER / "package.json").write_text("{}")
    command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", PACKAGE]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]


@contextmanager
def serving(contract: Path, tmp: Path) -> Iterator[str]:
    """The tightened contract on a free port; the address. First of all `{}` must be refused: a schema that is broken accepts everything."""
    install()
    spec, port = _tightened(contract, tmp), free_port()
    with (tmp / "prism.log").open("w") as log:
        process = subprocess.Popen([PROGRAM, "mock", "-h", "127.0.0.1", "-p", str(port), spec], stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(lambda: _status(url) is not None, 60, lambda: (tmp / "prism.log").read_text())
        assert _status(url) in (400, 422)
        yield url
    finally:
        process.kill()
        process.wait(10)


def _tightened(contract: Path, tmp: Path) -> str:
    module = importlib.util.spec_from_file_location("tighten", contract / "tighten.py")
    assert module is not None and module.loader is not None
    loaded = importlib.util.module_from_spec(module)
    module.loader.exec_module(loaded)
    strict = loaded.tighten(json.loads((contract / "sendgrid_mail_v3.json").read_text()))
    _with_id(strict)
    target = tmp / "strict.json"
    target.write_text(json.dumps(strict))
    return str(target)


def _with_id(spec: dict[str, object]) -> None:
    """The real service names each accepted request; the description leaves that out."""
    accepted = spec["paths"]["/v3/mail/send"]["post"]["responses"]["202"]  # type: ignore[index]
    accepted["headers"] = {"X-Message-Id": {"required": True, "schema": {"type": "string", "example": "abc"}}}


def _status(url: str) -> int | None:
    headers = {"Content-Type": "application/json", "Authorization": "Bearer x"}
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{url}/v3/mail/send", b"{}", headers), timeout=5) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        return int(refusal.code)
    except OSError:
        return None
