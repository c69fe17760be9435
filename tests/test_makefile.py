"""`make` on machines with several Pythons: the newest that works is taken, and none of the others is heard."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

NOISE = "#!/bin/sh\necho 'this version is not chosen here'\necho 'it exists in: 3.13.1, 3.12.7' >&2\nexit 127\n"
WORKS = "#!/bin/sh\nexit 0\n"
OLD = "#!/bin/sh\nexit 1\n"


@pytest.mark.parametrize(
    ("here", "taken"),
    [
        ({"python3.13": NOISE, "python3.12": NOISE, "python3.11": WORKS, "python3": WORKS}, "python3.11"),
        ({"python3.13": NOISE, "python3.12": WORKS, "python3.11": NOISE, "python3": NOISE}, "python3.12"),
        ({"python3.13": NOISE, "python3.12": OLD, "python3.11": NOISE, "python3": WORKS}, "python3"),
        ({"python3": WORKS}, "python3"),
        ({"python3": OLD}, ""),
    ],
)
def test_only_the_chosen_python_is_heard(tmp_path: Path, here: dict[str, str], taken: str) -> None:
    for name, script in here.items():
        (tmp_path / name).write_text(script)
        (tmp_path / name).chmod(0o755)
    for name in ("make", "sh"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).touch()
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHON", "MAKEFLAGS")} | {"PATH": str(tmp_path)}
    done = subprocess.run(["make", "-n", "run"], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.stderr == ""
    assert f'test -n "{taken}"' in done.stdout
    assert not taken or f"{taken} -m venv .venv\n" in done.stdout
    assert "chosen here" not in done.stdout
