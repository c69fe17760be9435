"""Tests of crm.imports."""
