"""The website with its worker and scheduler under one parent."""
