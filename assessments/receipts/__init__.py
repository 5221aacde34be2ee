"""Receipts: a sealed document about a submitted attempt, and the page that validates it later."""
