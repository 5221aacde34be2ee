"""Marking answers by hand: points, a comment, and what follows for the attempt's result."""
