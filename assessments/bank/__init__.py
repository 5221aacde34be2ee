"""The item bank of a course for those in charge: search, preview, history, retirement."""
