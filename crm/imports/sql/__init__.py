"""The SQL of an import, from staged text to source records, and of what is said about it."""

from pathlib import Path

from crm.database.statements import Statements

SQL = Statements(Path(__file__).parent)
