"""Tests of `crm.doctor`."""
