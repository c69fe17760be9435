"""The SQL of looking up what a person pasted."""

from pathlib import Path

from crm.database.statements import Statements

SQL = Statements(Path(__file__).parent)
