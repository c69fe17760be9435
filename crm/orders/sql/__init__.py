"""The SQL from source records to orders, order lines and customers, and the macros that all SQL of the project shares."""

from pathlib import Path

from crm.database.statements import Statements

SQL = Statements(Path(__file__).parent)
