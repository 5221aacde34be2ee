"""The formats: each module has ``parse`` and, where it is written as well, ``write`` (see registry.py)."""
