"""What tests share: an empty database, the corpus beside the checkout, a running server, a real browser. In CI nothing may be skipped."""

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, settings
from typer.testing import CliRunner

from crm import database
from crm.accounts import acting
from crm.cli import whole

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
CI = os.environ.get("CI") == "true"

# A slow machine is no bug: properties have no deadline.
settings.register_profile("huitou", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("huitou")


WITHOUT = ("docker", "nginx", "caddy")
"""Programs of the system that no package brings: what needs them is the only thing that may be skipped in CI."""


def program(name: str) -> str:
    """Where a program of the system is; the test is skipped where it is not."""
    assert name in WITHOUT
    return shutil.which(name) or pytest.skip(f"{name} is not on this machine")


def _skipped(reporter: Any) -> list[Any]:
    """What was skipped without leave."""
    allowed = tuple(f"Skipped: {name} is not on this machine" for name in WITHOUT)
    return [one for one in reporter.stats.get("skipped", []) if not str(one.longrepr[2]).startswith(allowed)]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say loudly what was skipped in CI, before pytest's own last line."""
    if CI and _skipped(terminalreporter):
        terminalreporter.write_line("skipped tests are failures in CI", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failed run, unless a program of the system is not there."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if CI and reporter is not None and _skipped(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True)
def whoever_acts() -> Iterator[None]:
    """Who acted in a test acts no more in the next."""
    acting._current.set(None)
    mask = os.umask(0o077)  # as the product sets it at its start
    yield
    os.umask(mask)
    acting._current.set(None)


@pytest.fixture
def store() -> Iterator[database.Store]:
    """An empty database in memory, with all migrations."""
    opened = database.memory()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of test material beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("../shared (test material) is not beside this checkout")
    return SHARED


def terminal(*words: str | Path, data: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the terminal command on a data folder, in this process: nothing has to be loaded again. What breaks is raised."""
    command = [*map(str, words), "--data", str(data)]
    done = CliRunner().invoke(whole(), command)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert not check or done.exit_code == 0, done.stderr
    return subprocess.CompletedProcess(command, done.exit_code, done.stdout, done.stderr)


def crm(*words: str | Path, data: Path, check: bool = True, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own, as a shop runs it: where it meets a running server, or the process itself is looked at."""
    command = [sys.executable, "-m", "crm.cli", *map(str, words), "--data", str(data)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env={**os.environ, **(env or {})}, timeout=300)
    assert not check or done.returncode == 0, done.stderr
    return done


def free_port() -> int:
    """A port nobody listens on, and that no test process beside this one is given."""
    first = 20_000 + 500 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    for port in random.sample(range(first, first + 500), 500):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


@dataclass
class Server:
    """A server of its own process on its own data."""

    process: subprocess.Popen[str]
    url: str
    data: Path
    log: Path

    def kill(self) -> None:
        """kill -9, the whole group."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


def start_server(data: Path, *words: str, **env: str) -> Server:
    """`crm serve` on a free port, returned when it answers."""
    return launched([sys.executable, "-m", "crm.cli"], data, *words, home=ROOT, env={**os.environ, **env})


def launched(program: list[str], data: Path, *words: str, home: Path, env: dict[str, str]) -> Server:
    """The same of any `crm`, started in any folder."""
    port = free_port()
    data.mkdir(parents=True, exist_ok=True)
    log = data / "server.log"
    command = [*program, "serve", "--data", str(data), "--port", str(port), *words]
    surroundings = {"CRM_PUBLIC_URL": f"http://127.0.0.1:{port}", **env}
    with log.open("a") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, text=True, cwd=home, env=surroundings, start_new_session=True)
    server = Server(process, f"http://127.0.0.1:{port}", data, log)
    wait_for(lambda: _answers(server), 60, lambda: log.read_text())
    return server


def _answers(server: Server) -> bool:
    assert server.process.poll() is None, server.log.read_text()
    try:
        return httpx.get(f"{server.url}/_stcore/health", timeout=2).status_code == 200
    except httpx.TransportError:
        return False


def wait_for(ready: Callable[[], bool], seconds: float, explain: Callable[[], str] = lambda: "") -> None:
    """Ask again and again until it is so."""
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, f"not ready after {seconds} s: {explain()[-2000:]}"
        time.sleep(0.1)


@contextmanager
def serving(data: Path, *words: str, **env: str) -> Iterator[Server]:
    """A server for the length of a with block."""
    server = start_server(data, *words, **env)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.kill()


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo shop, loaded once; copy it before you change it."""
    folder = tmp_path_factory.mktemp("demo")
    crm("demo", "--customers", "3000", "--orders", "8000", data=folder)
    return folder


@pytest.fixture
def demo_copy(demo_data: Path, tmp_path: Path) -> Path:
    """A demo shop of one's own."""
    return Path(shutil.copytree(demo_data, tmp_path / "shop"))
