"""The schema's history: one numbered verb phrase a file."""
