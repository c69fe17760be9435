"""Tests of crm.products."""
