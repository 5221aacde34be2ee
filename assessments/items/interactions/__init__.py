"""The question types: one module a type, all of one shape (see registry.py)."""
