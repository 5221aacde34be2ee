"""People, their roles and their accounts."""
