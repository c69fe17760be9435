"""Tests of crm.reading."""
