"""Printing: from HTML with its files to a PDF that is PDF/A-3a and PDF/UA-1 at once."""
