"""Helpful pages for every error."""
