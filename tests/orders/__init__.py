"""Tests of crm.orders."""
