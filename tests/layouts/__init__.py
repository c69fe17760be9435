"""Tests of crm.layouts."""
