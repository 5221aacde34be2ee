"""The institution's key and its seal."""
