"""Mending a question after it was answered: every attempt is scored anew, nothing that was is lost."""
