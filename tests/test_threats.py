"""The threat model: every threat that the project promises to hold has its row, and the test of every row is there."""

import ast
import re

from tests.conftest import ROOT

MODEL = ROOT / "docs" / "threats.md"
PROMISED = """
login bypass by deep link; websocket without cookie; session fixation; stolen cookie; CSRF; open redirect;
path traversal in uploads; zip slip; somebody else's upload; script in a nickname; Markdown in what a person named;
script in e-mail previews; header injection in the subject; header injection in the sender; template bombs;
formula injection; oversized bodies; slow bodies; replayed hooks; forged hooks; guessing unsubscribe tokens;
above her right, on pages; above her right, in functions; above her right, in the terminal; timing of wrong user names
"""


def rows() -> list[list[str]]:
    """The cells of each row."""
    lines = [line for line in MODEL.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_every_promised_threat_has_its_row() -> None:
    threats = [row[0] for row in rows()]
    assert [threat.strip() for threat in PROMISED.split(";") if " ".join(threat.split()) not in threats] == []
    assert len(threats) == len(set(threats))
    assert all(len(row) == 5 and all(row) for row in rows())


def test_the_test_of_every_row_is_there() -> None:
    missing = []
    for row in rows():
        place = re.fullmatch(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", row[4])
        assert place, row
        file, name = ROOT / place.group(1), place.group(2)
        functions = {node.name for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)}
        if name and name not in functions:
            missing.append(row[4])
    assert missing == []
