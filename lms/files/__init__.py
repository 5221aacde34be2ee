"""Files, kept in the database under their SHA-256."""
