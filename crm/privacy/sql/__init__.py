"""The SQL that finds everything about a person."""

from pathlib import Path

from crm.database.statements import Statements

SQL = Statements(Path(__file__).parent)
