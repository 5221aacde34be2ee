"""Layouts of printed documents: shipped or uploaded, versioned, tried out, chosen."""
