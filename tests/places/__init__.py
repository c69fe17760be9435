"""Tests of crm.places."""
