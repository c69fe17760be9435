"""Tests of crm/privacy."""
