"""Benchmarks: ``make bench``. Never part of the tests; figures go into CONTRIBUTING.md."""
