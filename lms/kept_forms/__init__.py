"""Texts that outlive an expired sign-in or form."""
