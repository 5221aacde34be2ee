"""Districts and municipalities of Brandenburg, by their official keys."""
