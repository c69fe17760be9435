"""The SQL that makes what uploads tell of customers."""

from pathlib import Path

from crm.database.statements import Statements

SQL = Statements(Path(__file__).parent)
